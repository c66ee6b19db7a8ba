//! The stream as a page in a browser gets it. In: how the server is asked. Out: what came of a request
//! like a browser's, watched beside the first connection; and, where it is not answered, whether the
//! same request without compression is.
//!
//! Next: `compression.rs`, `cors.rs`.

use std::cell::Cell;
use std::pin::pin;
use std::time::Duration;

use http::header::ACCEPT_ENCODING;
use tokio::time::{Instant, sleep};
use wellspring::fetch::FetchError;

use super::asking::Asking;
use super::watch::{Head, Watch};

/// A head that has not come after this time is asked for without compression.
const LATE: Duration = Duration::from_secs(3);

/// For how long the page is waited for when all else is done.
const PATIENCE: Duration = Duration::from_secs(6);

/// After its head, so long for the first byte.
const FIRST_BYTE: Duration = Duration::from_secs(1);

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

    /// Watches until the deadline, or until `done` is set and enough was seen.
    pub(super) async fn watch(&mut self, asking: &Asking, deadline: Instant, done: &Cell<bool>) {
        let mut watch = match self.begin(asking, deadline, done).await {
            Ok(watch) => watch,
            Err(error) => {
                self.error = error;
                return;
            }
        };
        let late = Instant::now() + FIRST_BYTE;
        watch
            .watch_until(deadline, |seen, now| {
                done.get() && (seen.first_byte.is_some() || now >= late)
            })
            .await;
        self.watch = Some(watch);
    }

    /// Waits for the head.
    async fn begin(
        &mut self,
        asking: &Asking,
        deadline: Instant,
        done: &Cell<bool>,
    ) -> Result<Watch, Option<FetchError>> {
        let asked = Instant::now();
        let late = LATE.min((deadline - asked) / 4);
        let mut watch = pin!(asking.watch(asking.request_of_page(), deadline));
        let mut uncompressed = pin!(async {
            sleep(late).await;
            let mut request = asking.request_of_page();
            request.headers.remove(ACCEPT_ENCODING);
            let deadline = deadline.min(Instant::now() + LATE);
            asking.watch(request, deadline).await.ok()
        });
        let mut is_asking = true;
        let over = || done.get() && asked.elapsed() > PATIENCE;
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
