//! The stream as a page in a browser gets it. In: how the server is asked. Out: what came of a request
//! like a browser's, watched beside the first connection; and, where it is not answered, whether the
//! same request without compression is.
//!
//! Next: `compression.rs`, `cors.rs`.

use std::cell::Cell;
use std::pin::pin;
use std::time::Duration;

use http::header::{ACCEPT_ENCODING, HeaderValue};
use tokio::time::{Instant, sleep};
use wellspring::fetch::FetchError;

use super::asking::Asking;
use super::coding;
use super::watch::{Head, Watch};

/// A head that has not come after this time is asked for without compression.
const LATE: Duration = Duration::from_secs(3);

/// For how long the page is waited for when all else is done.
const PATIENCE: Duration = Duration::from_secs(6);

/// After its head, so long for the first byte.
const FIRST_BYTE: Duration = Duration::from_secs(1);

/// A compressed stream that is quiet for so long may have stalled.
const QUIET: Duration = Duration::from_secs(1);

/// What those who watch at the same time tell each other.
#[derive(Default)]
pub(super) struct Pace {
    /// All else is done.
    pub(super) is_done: Cell<bool>,
    /// The page's stream is quiet, and compressed or without a byte: only time tells whether it has stalled.
    pub(super) may_be_stalled: Cell<bool>,
}

#[derive(Default)]
pub(super) struct Page {
    pub(super) watch: Option<Watch>,
    /// Why there is none, if it is not for lack of time.
    pub(super) error: Option<FetchError>,
    /// The answer to the same request with `Accept-Encoding: identity`.
    pub(super) uncompressed: Option<Head>,
}

impl Page {
    pub(super) fn head(&self) -> Option<&Head> {
        let watched = self.watch.as_ref().map(|watch| &watch.head);
        watched.or(self.uncompressed.as_ref())
    }

    /// Watches until the deadline, or until all else is done and enough was seen.
    pub(super) async fn watch(&mut self, asking: &Asking, deadline: Instant, pace: &Pace) {
        let mut watch = match self.begin(asking, deadline, pace).await {
            Ok(watch) => watch,
            Err(error) => {
                self.error = error;
                return;
            }
        };
        let started = watch.started;
        let is_compressed = coding::compressed(&watch.head.headers).is_some();
        watch
            .watch_until(deadline, |seen, now| {
                let last = seen.arrivals.last().copied().unwrap_or(started);
                let is_quiet = now.saturating_duration_since(last) > QUIET;
                let may_stall = is_compressed || seen.first_byte.is_none();
                pace.may_be_stalled.set(may_stall && is_quiet);
                let is_late = now >= started + FIRST_BYTE;
                pace.is_done.get() && (seen.first_byte.is_some() || is_late)
            })
            .await;
        self.watch = Some(watch);
    }

    /// Waits for the head.
    async fn begin(
        &mut self,
        asking: &Asking,
        deadline: Instant,
        pace: &Pace,
    ) -> Result<Watch, Option<FetchError>> {
        let asked = Instant::now();
        let late = LATE.min((deadline - asked) / 4);
        let mut watch = pin!(asking.watch(asking.request_of_page(), deadline));
        let mut uncompressed = pin!(async {
            sleep(late).await;
            let mut request = asking.request_of_page();
            let identity = HeaderValue::from_static("identity");
            request.headers.insert(ACCEPT_ENCODING, identity);
            let deadline = deadline.min(Instant::now() + LATE);
            asking.watch(request, deadline).await.ok()
        });
        let mut is_asking = true;
        let over = || pace.is_done.get() && asked.elapsed() > PATIENCE;
        while !over() {
            tokio::select! {
                biased;
                watch = &mut watch => return watch,
                watch = &mut uncompressed, if is_asking => {
                    is_asking = false;
                    self.uncompressed = watch.map(|watch| watch.head);
                }
                () = sleep(FIRST_BYTE / 10) => {}
            }
        }
        Err(None)
    }
}
