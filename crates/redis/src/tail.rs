//! Following the stream. In: a number to begin behind. Out: records as they come, and a sign of life, of
//! trouble, or of a history that was rewritten, at least every 2 s.
//!
//! Redis tells nobody that entries were trimmed, deleted or lost. So each second the server is asked what it
//! is and where the history begins and ends; every entry carries its epoch, and nothing of another epoch is
//! handed on before that is judged.
//!
//! Next: `tail/step.rs`, what is asked; `rewriting.rs`, what two histories have in common.

mod step;

use std::sync::Arc;
use std::time::Duration;

use futures_core::future::BoxFuture;
use tokio::time::{Instant, timeout_at};
use wellspring_broker::{Bounds, EngineError, Lineage, StoredRecord, TailItem};

use crate::connection::{Connection, Shared};
use crate::rewriting::common;
use step::{Rewritten, Step};

/// How long nothing may be said.
const QUIET: Duration = Duration::from_millis(1_500);

/// How long the server may say nothing until the connection is given up.
const SILENCE: Duration = Duration::from_secs(3);

/// How often is asked where the history ends.
const CHECKING: Duration = Duration::from_secs(1);

/// Before a connection is made anew.
const PAUSE: Duration = Duration::from_millis(250);

pub(crate) struct Tail {
    shared: Arc<Shared>,
    after: u64,
    /// The lineage that `after` is a number of.
    lineage: Option<Lineage>,
    connection: Option<Connection>,
    asked: Option<(Instant, BoxFuture<'static, Result<Step, EngineError>>)>,
    failed: bool,
    said: Instant,
    checked: Instant,
    /// The server has more than was read.
    behind: bool,
    /// The newest that is known is of another epoch.
    doubted: bool,
}

impl Tail {
    pub(crate) fn new(shared: Arc<Shared>, after: u64) -> Self {
        let now = Instant::now();
        Self {
            lineage: shared.lineage(),
            shared,
            after,
            connection: None,
            asked: None,
            failed: false,
            said: now,
            checked: now,
            behind: false,
            doubted: false,
        }
    }

    pub(crate) async fn next(&mut self) -> TailItem {
        let item = loop {
            if let Some(item) = self.turn().await {
                break item;
            }
        };
        self.said = Instant::now();
        item
    }

    /// Waits for the answer to what was asked, but not for so long that nothing is said.
    async fn turn(&mut self) -> Option<TailItem> {
        let (since, mut asked) = match self.asked.take() {
            Some(asked) => asked,
            None => (Instant::now(), self.ask()),
        };
        match timeout_at(self.said + QUIET, &mut asked).await {
            Ok(Ok(step)) => self.take(step),
            Ok(Err(error)) => {
                self.lose();
                Some(TailItem::Stalled(error.to_string()))
            }
            Err(_) => {
                if since.elapsed() < SILENCE {
                    self.asked = Some((since, asked));
                } else {
                    self.lose();
                }
                let place = self.shared.options.place.shown();
                Some(TailItem::Stalled(format!(
                    "Redis at {place} does not answer"
                )))
            }
        }
    }

    fn lose(&mut self) {
        self.connection = None;
        self.failed = true;
    }

    /// Chooses what to ask the server for.
    fn ask(&mut self) -> BoxFuture<'static, Result<Step, EngineError>> {
        let shared = Arc::clone(&self.shared);
        let Some(connection) = self.connection.clone() else {
            let pause = if self.failed { PAUSE } else { Duration::ZERO };
            return Box::pin(step::connect(shared, pause));
        };
        let until_check = CHECKING.saturating_sub(self.checked.elapsed());
        if self.doubted || until_check.as_millis() == 0 {
            return Box::pin(step::check(shared, connection));
        }
        if self.behind {
            return Box::pin(step::page(shared, connection, self.after));
        }
        Box::pin(step::wait(shared, connection, self.after, until_check))
    }

    fn take(&mut self, step: Step) -> Option<TailItem> {
        self.failed = false;
        match step {
            Step::Connected(connection) => {
                let bounds = connection.bounds.clone();
                self.connection = Some(*connection);
                self.judge(&bounds)
            }
            Step::Checked(bounds) => self.judge(&bounds),
            Step::Rewritten(rewritten) => Some(self.rewritten(*rewritten)),
            Step::Page(page) => {
                self.doubted = Some(page.epoch) != self.lineage.as_ref().map(Lineage::current);
                self.behind = page.records.last().map_or(self.after, |last| last.sequence)
                    < page.head
                    && !page.records.is_empty();
                if self.doubted {
                    return None;
                }
                self.hand_on(page.records)
            }
            Step::Entries(entries) => {
                let current = self.lineage.as_ref().map(Lineage::current);
                let known = entries
                    .iter()
                    .take_while(|entry| Some(entry.epoch) == current);
                let known = known.count();
                self.doubted = known < entries.len();
                let entries = entries.into_iter().take(known);
                self.hand_on(entries.map(|entry| entry.stored).collect())
            }
        }
    }

    /// Records that follow each other. Those between are gone where the first does not follow.
    fn hand_on(&mut self, mut records: Vec<StoredRecord>) -> Option<TailItem> {
        records.retain(|stored| stored.sequence > self.after);
        let first = records.first()?.sequence;
        let dense = (first..).zip(&records);
        let dense = dense.take_while(|(number, stored)| *number == stored.sequence);
        let dense = dense.count();
        self.behind |= dense < records.len();
        records.truncate(dense);
        self.after = records.last()?.sequence;
        Some(TailItem::Records(records))
    }

    /// Compares what the server knows with what was handed on.
    fn judge(&mut self, bounds: &Bounds) -> Option<TailItem> {
        self.checked = Instant::now();
        self.doubted = false;
        let before = self.lineage.get_or_insert_with(|| bounds.lineage.clone());
        if *before != bounds.lineage {
            let last = common(before, &bounds.lineage, self.after).min(bounds.head);
            let connection = self.connection.clone()?;
            let shared = Arc::clone(&self.shared);
            let asked = step::rewritten(shared, connection, bounds.clone(), last);
            self.asked = Some((self.checked, Box::pin(asked)));
            return None;
        }
        if bounds.head < self.after {
            // The server lacks what it had in this epoch: the epoch is over.
            let connection = self.connection.clone()?;
            let fenced = step::fence(Arc::clone(&self.shared), connection, bounds.clone());
            self.asked = Some((self.checked, Box::pin(fenced)));
            return None;
        }
        self.behind = bounds.head > self.after;
        let (head, horizon) = (bounds.head, bounds.horizon);
        (!self.behind).then_some(TailItem::Live { head, horizon })
    }

    /// What is told ends at the last common record: the rest follows as records.
    fn rewritten(&mut self, rewritten: Rewritten) -> TailItem {
        let Rewritten {
            mut bounds,
            last,
            last_tag,
        } = rewritten;
        self.lineage = Some(bounds.lineage.clone());
        self.shared.set_lineage(bounds.lineage.clone());
        self.behind = bounds.head > last;
        self.after = self.after.min(last);
        (bounds.head, bounds.head_tag) = (last, last_tag);
        TailItem::Rewritten(bounds)
    }
}
