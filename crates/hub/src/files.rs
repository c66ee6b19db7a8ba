//! Files that are part of a program, such as a page. In: a path. Out: the file, with headers that keep it to
//! itself.
//!
//! Next: `service.rs` asks after everything else.

use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderValue, Response};

/// Everything comes from here, and nothing is written into a page itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// Holds a file that is served as it is.
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// Where it is, such as `/page.css`.
    pub path: &'static str,
    /// What it is, such as `text/css; charset=utf-8`.
    pub content_type: &'static str,
    /// Its bytes.
    pub bytes: &'static [u8],
}

/// The file at this path.
pub(crate) fn find(files: &[File], path: &str) -> Option<Response<Bytes>> {
    let file = files.iter().find(|file| file.path == path)?;
    let mut response = Response::new(Bytes::from_static(file.bytes));
    let headers = response.headers_mut();
    let fixed = HeaderValue::from_static;
    headers.insert(CONTENT_TYPE, fixed(file.content_type));
    headers.insert(CACHE_CONTROL, fixed("no-cache"));
    headers.insert(CONTENT_SECURITY_POLICY, fixed(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, fixed("nosniff"));
    headers.insert(REFERRER_POLICY, fixed("no-referrer"));
    Some(response)
}
