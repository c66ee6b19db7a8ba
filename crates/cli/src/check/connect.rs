//! No response at all. In: the error, if there is one, and what a request for the head alone brought.
//! Out: a finding.
//!
//! Next: `between.rs`.

use std::time::Duration;

use http::Method;
use http::header::CONTENT_TYPE;
use tokio::time::Instant;
use wellspring::fetch::FetchError;
use wellspring::transport::Body;

use super::asking::Asking;
use super::between::Between;
use super::finding::Finding;
use super::watch::Head;
use crate::text::seconds;
use crate::words;

const CHECK: &str = "connect";

/// A request for the head alone is answered soon or not at all.
const PATIENCE: Duration = Duration::from_secs(2);

/// Without an error there was no time for a response.
pub(super) async fn judge(
    asking: &Asking,
    error: Option<FetchError>,
    budget: Duration,
) -> Vec<Finding> {
    if let Some(error) = error {
        return vec![Finding::error(
            CHECK,
            words::of(&error),
            &words::of(error.help().unwrap_or_default()),
        )];
    }
    let mut finding = late(asking, CHECK).await;
    finding.what = format!("no response within {}", seconds(budget));
    vec![finding]
}

/// No response came in time: what a request for the head alone brings says more.
pub(super) async fn late(asking: &Asking, check: &'static str) -> Finding {
    let head = head_alone(asking).await;
    let between = Between::of(head.as_ref(), asking.proxy.clone());
    let remedy = between
        .held_back()
        .after("send the head at once, and not together with the first event");
    let rests_on = match &head {
        Some(head) => format!(
            "a HEAD request was answered with {} at once ({})",
            head.status,
            between.rests_on()
        ),
        None => format!(
            "a HEAD request was not answered either ({})",
            between.rests_on()
        ),
    };
    let finding = Finding::error(check, "no response", &remedy.advice).on(remedy.basis);
    finding.because(rests_on)
}

/// What a proxy that collects bodies answers, its name in it.
async fn head_alone(asking: &Asking) -> Option<Head> {
    let mut request = asking.request();
    request.method = Method::HEAD;
    request.body = Body::empty();
    request.headers.remove(CONTENT_TYPE);
    let watch = asking.watch(request, Instant::now() + PATIENCE).await;
    watch.ok().map(|watch| watch.head)
}
