//! The pages, which are part of the program. In: a path. Out: a file, with its headers.
//!
//! Next: `page/page.js` is an event source in a browser, `page/ten.js` is ten.

use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderValue, Response};
use http_body_util::Full;

/// Everything comes from here, and nothing is written into the page itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// A file that is part of the program.
pub(crate) struct File {
    path: &'static str,
    content_type: &'static str,
    text: &'static str,
}

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// What `demo` has.
pub(crate) const DEMO: &[File] = &[
    File::new("/", HTML, include_str!("page/demo.html")),
    File::new("/ten", HTML, include_str!("page/ten.html")),
    STYLE,
    ICON,
    PAGE,
    RESUMPTION,
    TOKEN,
    File::new("/ten.css", CSS, include_str!("page/ten.css")),
    File::new("/ten.js", SCRIPT, include_str!("page/ten.js")),
];

/// What `serve` has.
pub(crate) const SERVE: &[File] = &[
    File::new("/", HTML, include_str!("page/serve.html")),
    STYLE,
    ICON,
    PAGE,
    RESUMPTION,
    TOKEN,
    File::new("/token.css", CSS, include_str!("page/token.css")),
];

const STYLE: File = File::new("/page.css", CSS, include_str!("page/page.css"));
const ICON: File = File::new("/icon.svg", "image/svg+xml", include_str!("page/icon.svg"));
const PAGE: File = File::new("/page.js", SCRIPT, include_str!("page/page.js"));
const TOKEN: File = File::new("/token.js", SCRIPT, include_str!("page/token.js"));
const RESUMPTION: File = File::new("/resumption.js", SCRIPT, include_str!("page/resumption.js"));

impl File {
    const fn new(path: &'static str, content_type: &'static str, text: &'static str) -> Self {
        Self {
            path,
            content_type,
            text,
        }
    }
}

/// The file at this path.
pub(crate) fn find(files: &[File], path: &str) -> Option<Response<Full<Bytes>>> {
    let file = files.iter().find(|file| file.path == path)?;
    let mut response = Response::new(Full::new(Bytes::from_static(file.text.as_bytes())));
    let headers = response.headers_mut();
    let fixed = HeaderValue::from_static;
    headers.insert(CONTENT_TYPE, fixed(file.content_type));
    headers.insert(CACHE_CONTROL, fixed("no-cache"));
    headers.insert(CONTENT_SECURITY_POLICY, fixed(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, fixed("nosniff"));
    headers.insert(REFERRER_POLICY, fixed("no-referrer"));
    Some(response)
}
