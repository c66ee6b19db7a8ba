//! A request as HTTP/1.1 wants it. In: one whose URI is absolute. Out: the same for an origin, or for a proxy.
//!
//! Next: `gate.rs`.

use http::header::{HOST, PROXY_AUTHORIZATION};
use http::uri::PathAndQuery;
use http::{HeaderValue, Request, Uri, Version};

use crate::transport::connect::Endpoint;
use crate::transport::proxy::Scheme;
use crate::transport::{Body, Proxy, Route, TransportError, TransportErrorKind};

/// For the server, or the proxy, that gets it.
pub(super) fn formed(
    request: Request<Body>,
    endpoint: &Endpoint,
    place: &str,
) -> Result<Request<Body>, TransportError> {
    match forwarding_proxy(endpoint) {
        Some(proxy) => absolute_form(request, proxy, place),
        None => origin_form(request, place),
    }
}

/// The HTTP proxy that gets the request itself: one without TLS (RFC 9112, 3.2.2).
fn forwarding_proxy(endpoint: &Endpoint) -> Option<&Proxy> {
    match &endpoint.route {
        Route::Proxy(proxy) if !endpoint.tls => {
            matches!(proxy.scheme(), Scheme::Http | Scheme::Https).then_some(proxy)
        }
        _ => None,
    }
}

/// The proxy wants to know the whole URL, and who asks.
fn absolute_form(
    mut request: Request<Body>,
    proxy: &Proxy,
    place: &str,
) -> Result<Request<Body>, TransportError> {
    add_host(&mut request, place)?;
    if let Some(value) = proxy.authorization() {
        request.headers_mut().insert(PROXY_AUTHORIZATION, value);
    }
    *request.version_mut() = Version::HTTP_11;
    Ok(request)
}

fn add_host(request: &mut Request<Body>, place: &str) -> Result<(), TransportError> {
    if !request.headers().contains_key(HOST) {
        let authority = request.uri().authority();
        let authority = authority.map_or("", |authority| authority.as_str());
        let host = HeaderValue::from_str(authority).map_err(|error| {
            TransportError::caused_by(TransportErrorKind::InvalidRequest, place, error)
        })?;
        request.headers_mut().insert(HOST, host);
    }
    Ok(())
}

/// HTTP/1.1 wants the path alone in its first line and the authority in `Host`.
fn origin_form(mut request: Request<Body>, place: &str) -> Result<Request<Body>, TransportError> {
    add_host(&mut request, place)?;
    let path = request
        .uri()
        .path_and_query()
        .cloned()
        .unwrap_or(PathAndQuery::from_static("/"));
    *request.uri_mut() = Uri::from(path);
    *request.version_mut() = Version::HTTP_11;
    Ok(request)
}
