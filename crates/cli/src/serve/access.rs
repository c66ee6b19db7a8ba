//! Who may do what. In: requests and tokens. Out: yes or no, and the answer to who may not.
//!
//! Next: `site.rs` asks; `cors.rs` is about pages of other origins.

use bytes::Bytes;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::Full;
use url::form_urlencoded;

use crate::args::Token;
use crate::web::reply;

/// Whether the request brings the token as `Authorization: Bearer`.
pub(super) fn has_bearer<B>(request: &Request<B>, token: &Token) -> bool {
    const SCHEME: &[u8] = b"bearer ";
    let brought = request.headers().get_all(AUTHORIZATION).iter();
    let mut tokens = brought.filter_map(|value| {
        let (scheme, token) = value.as_bytes().split_at_checked(SCHEME.len())?;
        scheme.eq_ignore_ascii_case(SCHEME).then_some(token)
    });
    tokens.any(|brought| token.is(brought.trim_ascii()))
}

/// The same, or as the query parameter `token`: an event source in a browser sends no header of its
/// own.
pub(super) fn has_token<B>(request: &Request<B>, token: &Token) -> bool {
    let query = request.uri().query().unwrap_or_default();
    let mut parameters = form_urlencoded::parse(query.as_bytes());
    has_bearer(request, token)
        || parameters.any(|(name, value)| name == "token" && token.is(value.as_bytes()))
}

/// The answer to who does not have it.
pub(super) fn unauthorized(how: &'static str) -> Response<Full<Bytes>> {
    let mut response = reply::text(StatusCode::UNAUTHORIZED, how);
    let bearer = HeaderValue::from_static("Bearer realm=\"wellspring\"");
    response.headers_mut().insert(WWW_AUTHENTICATE, bearer);
    response
}
