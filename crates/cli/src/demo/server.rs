//! How the demo answers. In: requests. Out: the pages and the event stream.
//!
//! Next: `../web/page.rs`, and `news.rs` for the stream.

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{Either, Full};
use wellspring_server::{EventStream, RequestBody};

use crate::web::{Site, page, reply};

use super::news::News;

/// The path of the event stream.
pub(super) const STREAM: &str = "/api/v1/sse";

pub(super) struct NewsSite {
    news: News,
}

impl NewsSite {
    pub(super) fn new(news: News) -> Self {
        Self { news }
    }
}

impl Site for NewsSite {
    async fn answer(
        &self,
        request: Request<RequestBody>,
    ) -> Response<Either<Full<Bytes>, EventStream>> {
        let path = request.uri().path();
        if request.method() != Method::GET && request.method() != Method::HEAD {
            return reply::only("GET, HEAD").map(Either::Left);
        }
        if path == STREAM {
            return self.news.subscribe(&request).map(Either::Right);
        }
        let found = page::find(page::DEMO, path);
        let nothing = || reply::text(StatusCode::NOT_FOUND, "Nothing here. Try /\n");
        found.unwrap_or_else(nothing).map(Either::Left)
    }
}
