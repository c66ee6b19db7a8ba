//! How the server is asked. In: the arguments. Out: requests, as of a program and as of a page, and
//! connections made with them.
//!
//! Next: `watch.rs`.

use std::sync::Arc;

use http::Method;
use http::header::{ACCEPT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue, ORIGIN};
use tokio::time::Instant;
use url::Url;
use wellspring::fetch::{FetchError, FetchRequest};
use wellspring::transport::{Transport, TransportOptions};

use super::watch::Watch;
use crate::args;
use crate::exit::Ending;
use crate::{body, reach};

/// How the server is asked, each time.
pub(super) struct Asking {
    pub(super) url: Url,
    pub(super) method: Method,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Vec<u8>,
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
        let proxy = args.reach.proxy.as_ref().map(ToString::to_string);
        Self::of(
            args,
            args.through.as_ref().unwrap_or(&args.url),
            options,
            proxy,
        )
    }

    /// The server itself, where `--through` names the way through what stands before it.
    pub(super) fn direct(args: &args::Check) -> Result<Self, Ending> {
        let options = reach::options(&args.reach)?.no_proxy();
        Self::of(args, &args.url, options, None)
    }

    fn of(
        args: &args::Check,
        url: &str,
        options: TransportOptions,
        proxy: Option<String>,
    ) -> Result<Self, Ending> {
        let origin = HeaderValue::try_from(&args.origin);
        let mut headers = reach::headers(&args.reach)?;
        let mut body = Vec::new();
        if let Some(data) = &args.data {
            body = body::read(data)?;
            let content_type = body::content_type(&body, &args.reach.headers);
            let content_type = content_type.map(HeaderValue::from_static);
            headers.extend(content_type.map(|value| (CONTENT_TYPE, value)));
        }
        Ok(Self {
            url: reach::url(&args.reach, url)?,
            method: method(args)?,
            headers,
            body,
            transport: Arc::new(reach::transport(&args.reach, options.clone())?),
            options,
            proxy,
            origin: origin.map_err(|_| Ending::usage("--origin: not a header's value"))?,
        })
    }

    /// As a program asks.
    pub(super) fn request(&self) -> FetchRequest {
        let mut request = FetchRequest::new(self.url.clone());
        request.method = self.method.clone();
        request.body = self.body.clone().into();
        // When compressed bytes come is what counts, whatever this build could decode.
        request.keeps_content_coding = true;
        for (name, value) in &self.headers {
            request.headers.append(name, value.clone());
        }
        // A page's request asks for compression; this one is to be read.
        let identity = HeaderValue::from_static("identity");
        request.headers.insert(ACCEPT_ENCODING, identity);
        request
    }

    /// Whether a request is not safe to repeat, so that it is sent once only.
    pub(super) fn is_once(&self) -> bool {
        !self.method.is_safe()
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

fn method(args: &args::Check) -> Result<Method, Ending> {
    match &args.method {
        None if args.data.is_some() => Ok(Method::POST),
        None => Ok(Method::GET),
        Some(name) => {
            let illegal = |_| Ending::usage(format_args!("-X {name}: not a method"));
            Method::from_bytes(name.as_bytes()).map_err(illegal)
        }
    }
}
