//! Following the stream. In: the number of the last record that is known. Out: what comes behind it, at
//! least one item every 2 s.
//!
//! A consumer of the server can fall silent, jump, or go on in another stream of the same name, and nobody
//! is told. So each message is held against the one before it, and the stream is looked at once a second.
//!
//! Next: `consumer.rs`, `reconcile.rs`.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use futures_core::future::BoxFuture;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until};
use wellspring_broker::{EngineError, StoredRecord, TailItem};

use crate::consumer::{Consumer, Delivered, Item};
use crate::frame;
use crate::opening::create;
use crate::reconcile::{Place, Verdict};
use crate::shared::Shared;
use crate::stream::NoView;
use crate::view::View;

/// Batches that wait to be taken.
const WAITING: usize = 2;

/// How many messages are on their way from the server.
const AT_ONCE: u64 = 512;

/// How many records come as one item, and how many bytes of them.
const BATCH: (usize, usize) = (256, 1 << 20);

/// Between two looks at the stream.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How long a look may take: with the pause, less than the 2 s in which an item has to come.
const LOOK_DEADLINE: Duration = Duration::from_millis(1_400);

/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(300);

/// How long a consumer may be silent; it owes a sign of life every second.
const SILENCE: Duration = Duration::from_millis(2_500);

/// How often the stream has to be seen to be gone before it is made anew.
const GONE: u32 = 6;

/// What comes of following.
pub(crate) struct Items {
    items: mpsc::Receiver<TailItem>,
    task: JoinHandle<()>,
}

impl Stream for Items {
    type Item = TailItem;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<TailItem>> {
        self.items.poll_recv(cx)
    }
}

impl Drop for Items {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Follows the stream behind this record, on a task of its own.
pub(crate) fn follow(shared: Arc<Shared>, after: u64) -> Items {
    let (out, items) = mpsc::channel(WAITING);
    let place = Place {
        epoch: shared.view().epoch(),
        after,
        doubts: 0,
    };
    let strays = shared.strays.subscribe();
    let follower = Follower {
        shared,
        out,
        place,
        strays,
        gone: 0,
    };
    Items {
        items,
        task: tokio::spawn(follower.run()),
    }
}

struct Follower {
    shared: Arc<Shared>,
    out: mpsc::Sender<TailItem>,
    place: Place,
    strays: watch::Receiver<u64>,
    /// How often in a row the stream was seen to be gone.
    gone: u32,
}

/// What was there at the look before.
struct Before {
    view: Arc<View>,
    after: u64,
}

impl Before {
    fn new(view: &Arc<View>, after: u64) -> Self {
        let view = Arc::clone(view);
        Self { view, after }
    }
}

/// A look at the stream that has begun.
struct Looking {
    /// The newest record that it has to find.
    expected: u64,
    view: BoxFuture<'static, Result<Arc<View>, NoView>>,
}

impl Looking {
    fn begin(shared: &Arc<Shared>, place: &Place) -> Self {
        let looking = Arc::clone(shared);
        Self {
            expected: shared.expected(place),
            view: Box::pin(async move { looking.look(LOOK_DEADLINE).await }),
        }
    }
}

/// Why one consumer is not followed any further.
enum Stop {
    /// Nobody takes items any more.
    NotWanted,
    Trouble(String),
}

impl<E: std::fmt::Display> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Trouble(error.to_string())
    }
}

impl Follower {
    async fn run(mut self) {
        loop {
            let stopped = match self.attach().await {
                Ok(()) => continue,
                Err(Stop::NotWanted) => return,
                Err(Stop::Trouble(reason)) => self.tell(TailItem::Stalled(reason)).await,
            };
            if stopped.is_err() {
                return;
            }
            sleep(PAUSE).await;
        }
    }

    async fn tell(&self, item: TailItem) -> Result<(), Stop> {
        let told = self.out.send(item).await;
        told.map_err(|_| Stop::NotWanted)
    }

    /// One consumer, from where this place is to where something is not as it should be.
    async fn attach(&mut self) -> Result<(), Stop> {
        let breaks = self.shared.requests.breaks();
        let expected = self.shared.expected(&self.place);
        let view = match self.shared.look(LOOK_DEADLINE).await {
            Ok(view) => view,
            Err(NoView::NoStream) => return self.make_anew().await,
            Err(NoView::Failed(error)) => return Err(error.into()),
        };
        self.gone = 0;
        self.judge(&view, expected).await?;
        let start = (self.place.after + 1).max(view.horizon());
        let Some(position) = view.numbering.position(start) else {
            return Err("the stream is being made ready".into());
        };
        // What is gone in between is a hole to who takes the items, and told as one.
        self.place.after = start - 1;
        let requests = &self.shared.requests;
        let stream = &self.shared.names.stream;
        let mut consumer = Consumer::create(requests, stream, Consumer::from(position)).await?;
        let followed = self.consume(&mut consumer, view, breaks).await;
        consumer.close(&self.shared.requests).await;
        followed
    }

    async fn judge(&mut self, view: &View, expected: u64) -> Result<(), Stop> {
        match self.shared.judge(view, expected, &mut self.place).await? {
            Verdict::Same => Ok(()),
            Verdict::Rewritten(bounds) => self.tell(TailItem::Rewritten(bounds)).await,
            Verdict::Doubtful(why) => {
                // Together with the pause, long enough for a new leader to have all that is its.
                sleep(PAUSE * 2).await;
                Err(why.into())
            }
        }
    }

    /// The server says that there is no such stream. It is not believed at once: a server that has just
    /// begun may be wrong.
    async fn make_anew(&mut self) -> Result<(), Stop> {
        self.gone += 1;
        if self.gone >= GONE {
            self.gone = 0;
            let shared = &self.shared;
            create(&shared.requests, &shared.names, &shared.options).await?;
            self.shared.restore_limits().await?;
            return Ok(());
        }
        Err("the stream is gone; it is made anew if it stays so".into())
    }

    async fn consume(
        &mut self,
        consumer: &mut Consumer,
        mut view: Arc<View>,
        breaks: u64,
    ) -> Result<(), Stop> {
        self.tell_if_live(&view).await?;
        let mut heard = Instant::now();
        let mut looking: Option<Looking> = None;
        let mut before = Before::new(&view, self.place.after);
        let mut next_look = Instant::now() + LOOK_EVERY;
        loop {
            consumer.ask(&self.shared.requests, AT_ONCE).await?;
            let is_looking = looking.is_some();
            let look = async {
                match &mut looking {
                    Some(looking) => (looking.expected, looking.view.as_mut().await),
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                item = consumer.next() => {
                    heard = Instant::now();
                    self.take(item, consumer, &view).await?;
                }
                seen = look => {
                    looking = None;
                    next_look = Instant::now() + LOOK_EVERY;
                    let (expected, seen) = seen;
                    view = seen.map_err(EngineError::from)?;
                    if self.has_changed(&before, &view, breaks) {
                        return Ok(());
                    }
                    self.check(&before, &view, expected, heard).await?;
                    before = Before::new(&view, self.place.after);
                }
                () = sleep_until(next_look), if !is_looking => {
                    looking = Some(Looking::begin(&self.shared, &self.place));
                }
                Ok(()) = self.strays.changed() => {
                    let bounds = self.shared.bounds_of(&view).await?;
                    self.tell(TailItem::Rewritten(bounds)).await?;
                }
            }
        }
    }

    /// Whether to begin anew.
    fn has_changed(&self, before: &Before, view: &View, breaks: u64) -> bool {
        self.shared.requests.breaks() != breaks
            || view.created != before.view.created
            || view.epoch() != self.place.epoch
            || view.hole != before.view.hole
    }

    /// Once a second.
    async fn check(
        &mut self,
        before: &Before,
        view: &View,
        expected: u64,
        heard: Instant,
    ) -> Result<(), Stop> {
        if heard.elapsed() > SILENCE {
            return Err("nothing is heard of the stream's consumer".into());
        }
        let is_idle = before.after == self.place.after;
        if is_idle || view.head() < expected {
            self.judge(view, expected).await?;
        }
        let missing = before.view.head().saturating_sub(self.place.after);
        if is_idle && missing > 0 {
            return Err(format!("{missing} records do not come").into());
        }
        self.tell_if_live(view).await
    }

    async fn tell_if_live(&self, view: &View) -> Result<(), Stop> {
        let (head, horizon) = (view.head().max(self.place.after), view.horizon());
        match self.place.after == head {
            true => self.tell(TailItem::Live { head, horizon }).await,
            false => Ok(()),
        }
    }

    /// What has come, and what comes with it.
    async fn take(
        &mut self,
        first: Item,
        consumer: &mut Consumer,
        view: &View,
    ) -> Result<(), Stop> {
        let mut records = Vec::new();
        let mut bytes = 0;
        let mut next = Some(first);
        let mut trouble = None;
        while let Some(item) = next {
            match item {
                Item::Message(message) => match self.record(&message, view) {
                    Ok(Some(record)) => {
                        bytes += record.record.len();
                        records.push(record);
                    }
                    Ok(None) => {}
                    Err(reason) => trouble = Some(reason),
                },
                Item::Heartbeat => {}
                Item::Broken(reason) => trouble = Some(reason),
            }
            let is_full = records.len() >= BATCH.0 || bytes >= BATCH.1;
            if is_full || trouble.is_some() {
                break;
            }
            next = consumer.at_once().await;
        }
        if !records.is_empty() {
            self.tell(TailItem::Records(records)).await?;
        }
        trouble.map_or(Ok(()), |reason| Err(Stop::Trouble(reason)))
    }

    /// The record in a message, if it is the one that follows.
    fn record(&mut self, message: &Delivered, view: &View) -> Result<Option<StoredRecord>, String> {
        let Some(number) = view.numbering.number(message.position) else {
            return Ok(None);
        };
        if number <= self.place.after {
            return Ok(None);
        }
        if number > self.place.after + 1 {
            let missing = number - self.place.after - 1;
            return Err(format!("{missing} records are missing before {number}"));
        }
        let record = frame::stored(number, &message.payload);
        self.place.after = number;
        self.shared.known().see(&record);
        Ok(Some(record))
    }
}
