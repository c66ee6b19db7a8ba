//! Requests and responses, shown. In: a transport. Out: the same, and on standard error a line for
//! each line of a head, secrets masked.
//!
//! Next: back to `../tail.rs`.

use futures_core::future::BoxFuture;
use http::{HeaderMap, Request, Response};
use http_body::Body as _;
use wellspring::transport::{Body, Transport, TransportError};

use crate::note::note;
use crate::plain::visible;
use crate::secrets::{MASK, is_secret_header, masked};
use crate::words;

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
                Err(error) => note(&format!("* {}", words::of(error))),
            }
            answered
        })
    }

    fn honors_route(&self) -> bool {
        self.transport.honors_route()
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
        let is_secret = value.is_sensitive() || is_secret_header(name);
        let value = if is_secret {
            MASK.into()
        } else {
            masked(&text)
        };
        head.push_str(&format!("\n{side} {name}: {}", visible(&value)));
    }
}

#[cfg(test)]
mod tests;
