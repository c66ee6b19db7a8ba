//! Which versions of HTTP are spoken. In: the head of the first connection, and of one that was asked
//! for with another version. Out: findings.
//!
//! Next: `report.rs`.

use std::sync::Arc;
use std::time::Duration;

use http::Version;
use tokio::time::Instant;
use wellspring::transport::HttpTransport;

use super::asking::Asking;
use super::finding::Finding;
use super::watch::{Head, Watch};

const CHECK: &str = "http";

/// Servers that do not know a version may not answer at all.
const PATIENCE: Duration = Duration::from_secs(5);

/// What becomes of a request with the other version: HTTP/1.1 where TLS may negotiate HTTP/2, HTTP/2
/// where there is no TLS.
/// A redirect may have led from one to the other: what counts is how the first request was answered.
pub(super) async fn other(asking: &Asking, https: bool, deadline: Instant) -> Option<Head> {
    let options = asking.options.clone();
    let options = match https {
        true => options.http2(false),
        false => options.http2_prior_knowledge(true),
    };
    let transport = Arc::new(HttpTransport::new(options).ok()?);
    let deadline = deadline.min(Instant::now() + PATIENCE);
    let watch = Watch::begin(transport, asking.request(), deadline).await;
    watch.ok().map(|watch| watch.head)
}

pub(super) fn judge(first: &Head, other: Option<&Head>) -> Vec<Finding> {
    let advice = "browsers open no more than six streams to one server over HTTP/1.1, all pages together: \
                  offer HTTP/2, which takes TLS";
    // Whatever it answers: a server may allow no second stream. These two say that it is not spoken.
    let answers = other.is_some_and(|head| !matches!(head.status.as_u16(), 426 | 505));
    let finding = match (first.version, first.https) {
        (Version::HTTP_2, true) if answers => Finding::ok(CHECK, "HTTP/2, and HTTP/1.1"),
        (Version::HTTP_2, true) => Finding::note(
            CHECK,
            "HTTP/2; a request with HTTP/1.1 was not answered",
            "if HTTP/1.1 is turned off: older proxies and clients cannot read it",
        ),
        (Version::HTTP_11, true) => Finding::warning(CHECK, "HTTP/1.1 only", advice),
        (Version::HTTP_2, false) => Finding::note(CHECK, "HTTP/2 without TLS", advice),
        (Version::HTTP_11, false) if answers => {
            let what = "HTTP/1.1, and HTTP/2 with prior knowledge; no TLS";
            Finding::note(CHECK, what, advice)
        }
        (Version::HTTP_11, false) => Finding::note(CHECK, "HTTP/1.1, no TLS", advice),
        (version, _) => Finding::warning(CHECK, format!("{version:?}"), advice),
    };
    let http3 = first.header("alt-svc").filter(|value| value.contains("h3"));
    let http3 = http3.map(|value| Finding::ok("http3", format!("offered: Alt-Svc: {value}")));
    std::iter::once(finding).chain(http3).collect()
}
