//! What a request is sent with, besides what the program may change. In: an attempt. Out: its response.
//!
//! Next: `../../fetch.rs`, which sends it.

use std::sync::Arc;

use http::Method;
use url::Url;

use crate::driver::connection::SentRequest;
use crate::fetch::{
    FetchError, FetchRequest, FetchResponse, LastEventIdHeader, Page, Taint, fetch,
    remove_body_headers,
};
use crate::policy::attempt::{Attempt, BeforeAttempt};
use crate::transport::{Body, ConnectOptions, Transport};

pub(super) struct RequestContext {
    pub(super) hook: Option<BeforeAttempt>,
    /// The source's own URL, whose origin the credentials are for.
    pub(super) home: Url,
    pub(super) page: Option<Page>,
    /// What redirects have left, if the attempt starts where the last one ended.
    pub(super) taint: Taint,
    pub(super) max_expansion: Option<u32>,
    #[cfg(feature = "cookies")]
    pub(super) cookie_jar: Option<crate::CookieJar>,
    pub(super) connect_options: ConnectOptions,
}

impl RequestContext {
    /// Lets the program change the attempt, then sends it. `sent` is set right before that.
    pub(super) async fn send(
        mut self,
        attempt: Attempt,
        transport: Arc<dyn Transport>,
        sent: Arc<SentRequest>,
    ) -> Result<FetchResponse, FetchError> {
        let url = attempt.url.clone();
        let attempt = match &self.hook {
            Some(hook) => hook
                .ask(attempt)
                .await
                .map_err(|error| FetchError::of_hook(&url, error.0))?,
            None => attempt,
        };
        if attempt.url != url {
            self.taint = Taint::default();
        }
        // They are set here alone.
        let _ = sent.method.set(attempt.method.clone());
        let header = LastEventIdHeader::of(&attempt.last_event_id);
        if let Some(reason) = header.reason_not_sent() {
            let _ = sent.last_event_id_not_sent.set(reason);
        }
        fetch(transport, self.request(attempt)).await
    }

    fn request(self, attempt: Attempt) -> FetchRequest {
        let mut request = FetchRequest::new(attempt.url);
        request.credentials_url = Some(self.home);
        request.page = self.page;
        request.taint = self.taint;
        request.max_expansion = self.max_expansion;
        #[cfg(feature = "cookies")]
        {
            request.cookie_jar = self.cookie_jar;
        }
        request.connect_options = self.connect_options;
        request.headers = attempt.headers;
        request.last_event_id = attempt.last_event_id;
        if !matches!(attempt.method, Method::GET | Method::HEAD) {
            request.body = Body::from(attempt.body);
        } else if !attempt.body.is_empty() {
            remove_body_headers(&mut request.headers);
        }
        request.method = attempt.method;
        request
    }
}
