//! How the server is asked. In: the arguments. Out: requests, as of a program and as of a page, and
//! connections made with them.
//!
//! Next: `watch.rs`.

use std::sync::Arc;

use http::header::{ACCEPT_ENCODING, HeaderName, HeaderValue, ORIGIN};
use tokio::time::Instant;
use url::Url;
use wellspring::fetch::{FetchError, FetchRequest};
use wellspring::transport::{Transport, TransportOptions};

use super::watch::Watch;
use crate::args;
use crate::exit::Ending;
use crate::reach;

/// How the server is asked, each time.
pub(super) struct Asking {
    pub(super) url: Url,
    headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) options: TransportOptions,
    transport: Arc<dyn Transport>,
    /// Of the page as which it is asked once.
    pub(super) origin: HeaderValue,
    /// The one of `--proxy`, without its password.
    pub(super) proxy: Option<String>,
}

impl Asking {
    pub(super) fn new(args: &args::Check) -> Result<Self, Ending> {
        let options = reach::options(&args.reach)?;
        let origin = HeaderValue::try_from(&args.origin);
        Ok(Self {
            url: reach::url(&args.reach, &args.url)?,
            headers: reach::headers(&args.reach)?,
            transport: Arc::new(reach::transport(&args.reach, options.clone())?),
            options,
            proxy: args.reach.proxy.as_ref().map(ToString::to_string),
            origin: origin.map_err(|_| Ending::usage("--origin: not a header's value"))?,
        })
    }

    /// As a program asks.
    pub(super) fn request(&self) -> FetchRequest {
        let mut request = FetchRequest::new(self.url.clone());
        for (name, value) in &self.headers {
            request.headers.append(name, value.clone());
        }
        request
    }

    /// The first request.
    pub(super) fn request_once(&self) -> FetchRequest {
        self.request()
    }

    /// Whether it may be sent once only.
    pub(super) fn is_once(&self) -> bool {
        false
    }

    pub(super) fn method(&self) -> &'static str {
        "GET"
    }

    /// As a page in a browser asks.
    pub(super) fn request_of_page(&self) -> FetchRequest {
        let mut request = self.request();
        let codings = HeaderValue::from_static("gzip, deflate, br, zstd");
        request.headers.insert(ACCEPT_ENCODING, codings);
        request.headers.insert(ORIGIN, self.origin.clone());
        request
    }

    /// Waits for the head of the answer; the error is `None` when there is no time left.
    pub(super) async fn watch(
        &self,
        request: FetchRequest,
        deadline: Instant,
    ) -> Result<Watch, Option<FetchError>> {
        Watch::begin(Arc::clone(&self.transport), request, deadline).await
    }
}
