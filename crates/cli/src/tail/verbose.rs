//! Requests and responses, shown. In: a transport. Out: the same, and on standard error a line for
//! each line of a head, credentials left out.
//!
//! Next: back to `../tail.rs`.

use std::borrow::Cow;

use futures_core::future::BoxFuture;
use http::header::{AUTHORIZATION, COOKIE, LOCATION, PROXY_AUTHORIZATION, SET_COOKIE};
use http::{HeaderMap, HeaderName, Request, Response};
use hyper::body::Body as _;
use url::Url;
use wellspring::transport::{Body, Transport, TransportError};

use crate::output::note;
use crate::reach;
use crate::text::visible;

/// Whose values are nobody's business.
const SECRET: [HeaderName; 4] = [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION, SET_COOKIE];

/// Shows every hop of the transport it wraps.
pub(super) struct Verbose<T> {
    transport: T,
}

impl<T: Transport> Verbose<T> {
    pub(super) fn new(transport: T) -> Self {
        Self { transport }
    }
}

impl<T: Transport> Transport for Verbose<T> {
    fn send(
        &self,
        request: Request<Body>,
    ) -> BoxFuture<'static, Result<Response<Body>, TransportError>> {
        let head = request_head(&request);
        let sent = self.transport.send(request);
        Box::pin(async move {
            note(&head);
            let answered = sent.await;
            match &answered {
                Ok(response) => note(&response_head(response)),
                Err(error) => note(&visible(&format!("* {error}"))),
            }
            answered
        })
    }

    fn follows_via(&self) -> bool {
        self.transport.follows_via()
    }
}

/// The version is not known before there is a connection.
fn request_head(request: &Request<Body>) -> String {
    let uri = request.uri();
    let target = uri.path_and_query().map_or("/", |path| path.as_str());
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let mut head = format!("> {} {target}\n> host: {authority}", request.method());
    push_headers(&mut head, '>', request.headers());
    head.push_str("\n>");
    if let Some(length) = request
        .body()
        .size_hint()
        .exact()
        .filter(|&length| length > 0)
    {
        head.push_str(&format!("\n* a body of {length} bytes"));
    }
    head
}

fn response_head(response: &Response<Body>) -> String {
    let mut head = format!("< {:?} {}", response.version(), response.status());
    push_headers(&mut head, '<', response.headers());
    head.push_str("\n<");
    head
}

fn push_headers(head: &mut String, side: char, headers: &HeaderMap) {
    for (name, value) in headers {
        let text = String::from_utf8_lossy(value.as_bytes());
        let value = if value.is_sensitive() || SECRET.contains(name) {
            "[left out]".into()
        } else {
            without_userinfo(name, text)
        };
        head.push_str(&format!("\n{side} {name}: {}", visible(&value)));
    }
}

/// A redirect may lead to a URL with a name and password in it.
fn without_userinfo<'a>(name: &HeaderName, text: Cow<'a, str>) -> Cow<'a, str> {
    match Url::parse(&text) {
        Ok(url)
            if *name == LOCATION && (!url.username().is_empty() || url.password().is_some()) =>
        {
            reach::shown(&url).into()
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests;
