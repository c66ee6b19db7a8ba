//! Which requests are answered. In: a request. Out: the same for the site, its path without the prefix
//! of a proxy; or a refusal.
//!
//! Next: `hosts.rs` judges the host.

use bytes::Bytes;
use http::header::LOCATION;
use http::uri::PathAndQuery;
use http::{HeaderValue, Request, Response, StatusCode, Uri};
use http_body_util::{Either, Full};
use wellspring_server::{EventStream, RequestBody};

use crate::args::{Front, ListenHost};

use super::connections::Site;
use super::hosts::Hosts;
use super::reply;

/// A site that is answered for only under its own names.
#[derive(Debug)]
pub(crate) struct Gate<S> {
    hosts: Hosts,
    base: Option<String>,
    site: S,
}

impl<S> Gate<S> {
    /// Any host is good, unless the site is `private`, or hosts were named. The one it listens on, whose
    /// name the printed URLs have, always is.
    pub(crate) fn new(front: &Front, listens_on: &ListenHost, private: bool, site: S) -> Self {
        let mut named = front.allow_host.clone();
        let is_limited = private || !named.is_empty();
        if let ListenHost::Name(name) = listens_on {
            named.push(name.trim_end_matches('.').to_owned());
        }
        let hosts = match is_limited {
            true => Hosts::only(named),
            false => Hosts::any(),
        };
        let base = front.base_path.clone();
        Self { hosts, base, site }
    }
}

impl<S: Site> Site for Gate<S> {
    async fn answer(
        &self,
        mut request: Request<RequestBody>,
    ) -> Response<Either<Full<Bytes>, EventStream>> {
        if let Some(refusal) = self.hosts.refuse(&request) {
            return refusal.map(Either::Left);
        }
        if let Some(base) = &self.base {
            match below(base, request.uri()) {
                Below::Elsewhere => {}
                Below::Root => return to_folder(base, request.uri()).map(Either::Left),
                Below::Path(path) => *request.uri_mut() = Uri::from(path),
            }
        }
        self.site.answer(request).await
    }
}

/// Where a path is, seen from the base.
enum Below {
    Elsewhere,
    /// The base itself, without a slash.
    Root,
    Path(PathAndQuery),
}

fn below(base: &str, uri: &Uri) -> Below {
    let whole = uri.path_and_query().map_or("", PathAndQuery::as_str);
    let Some(rest) = whole.strip_prefix(base) else {
        return Below::Elsewhere;
    };
    match rest.as_bytes().first() {
        None | Some(b'?') => Below::Root,
        Some(b'/') => PathAndQuery::try_from(rest).map_or(Below::Elsewhere, Below::Path),
        Some(_) => Below::Elsewhere,
    }
}

/// The links of a page are relative, so its address must end with a slash.
fn to_folder(base: &str, uri: &Uri) -> Response<Full<Bytes>> {
    let name = base.rsplit('/').next().unwrap_or_default();
    let query = uri.query().map(|query| format!("?{query}"));
    let location = format!("{name}/{}", query.unwrap_or_default());
    let mut response = reply::text(
        StatusCode::PERMANENT_REDIRECT,
        "The page is one / further.\n",
    );
    if let Ok(location) = HeaderValue::try_from(location) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

#[cfg(test)]
mod tests;
