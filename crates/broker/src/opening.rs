//! A subscription that begins. In: what a client wants, and the place it brought. Out: the outcome, and
//! where it reads from.
//!
//! Next: `resume.rs` judges, `subscription.rs` reads.

use std::time::Duration;

use tokio::time::{Instant, timeout};
use wellspring_matcher::Selector;

use crate::cursor::{Cursor, short};
use crate::engine::PageLimits;
use crate::node::Place;
use crate::resume::{Judgement, Reference, Resume, judge};
use crate::shared::Shared;
use crate::subscribe_error::SubscribeError;
use crate::subscription::OnLag;

/// Says where a subscription begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Start {
    /// At the newest event: the subscriber gets what is published from now on.
    #[default]
    Live,
    /// At the oldest event of the history.
    Earliest,
    /// Behind the event with this last event ID: a cursor, or a publisher's id. If several retained events have
    /// that id, the earliest one is meant.
    After(String),
}

/// Describes what a subscriber wants: which topics, from where on, and what happens if it is too slow.
///
/// ```
/// use wellspring_broker::{OnLag, Selector, Start, Subscribe};
///
/// let wanted = Subscribe::new([Selector::parse("/books/{id}")?])
///     .grants([Selector::parse("/books/{id}")?])
///     .start(Start::After("~k3f.1042.9f3c".to_owned()))
///     .on_lag(OnLag::Gap);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Subscribe {
    pub(crate) selectors: Vec<Selector>,
    pub(crate) grants: Vec<Selector>,
    pub(crate) start: Start,
    pub(crate) on_lag: OnLag,
}

impl Subscribe {
    /// Returns a subscription to the public events of which a topic matches one of these.
    #[must_use]
    pub fn new(selectors: impl IntoIterator<Item = Selector>) -> Self {
        Self {
            selectors: selectors.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Sets which private events the subscriber may see: those with a topic that matches one of these selectors. It
    /// gets a private event if one of the event's topics matches what it asked for and one, the same or another,
    /// matches a grant. Without grants it gets public events only.
    #[must_use]
    pub fn grants(mut self, grants: impl IntoIterator<Item = Selector>) -> Self {
        self.grants = grants.into_iter().collect();
        self
    }

    /// Sets where the subscription begins; [`Start::Live`] by default.
    #[must_use]
    pub fn start(mut self, start: Start) -> Self {
        self.start = start;
        self
    }

    /// Sets what happens when the subscriber is so slow that events it should get have left the history;
    /// [`OnLag::Disconnect`] by default.
    #[must_use]
    pub fn on_lag(mut self, on_lag: OnLag) -> Self {
        self.on_lag = on_lag;
        self
    }
}

/// Where a subscriber reads from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opened {
    pub(crate) resume: Option<Resume>,
    pub(crate) place: Place,
    /// It was not promised to go on at its place, so the oldest event will do.
    pub(crate) elastic: bool,
}

impl Shared {
    pub(crate) async fn open(&self, start: &Start) -> Result<Opened, SubscribeError> {
        match start {
            Start::Live => Ok(Opened {
                resume: None,
                place: self.node().head(),
                elastic: false,
            }),
            Start::Earliest => Ok(Opened {
                resume: None,
                ..self.oldest(Resume::Unknown)
            }),
            Start::After(id) => match id.parse() {
                Ok(cursor) => self.after_cursor(cursor).await,
                Err(_) => self.after_id(id).await,
            },
        }
    }

    /// Before the oldest event there is.
    fn oldest(&self, resume: Resume) -> Opened {
        let node = self.node();
        let tag = node.trimmed_tag().map_or(0, short);
        Opened {
            resume: Some(resume),
            place: Place::new(node.horizon() - 1, tag),
            elastic: true,
        }
    }

    fn found(place: Place) -> Opened {
        Opened {
            resume: Some(Resume::Found),
            place,
            elastic: false,
        }
    }

    async fn after_cursor(&self, cursor: Cursor) -> Result<Opened, SubscribeError> {
        match self.judged(cursor).await? {
            Judgement::OtherEpoch => Ok(self.oldest(Resume::OtherEpoch)),
            Judgement::Lost { last } => {
                let mut opened = self.oldest(Resume::OtherEpoch);
                // What both histories have in common was delivered.
                if last > opened.place.sequence {
                    opened.place = self.place_of(last).await?.unwrap_or(opened.place);
                }
                Ok(opened)
            }
            Judgement::Ahead => Ok(self.oldest(Resume::NeverExisted)),
            Judgement::Expired { missed } => Ok(self.oldest(Resume::Expired { missed })),
            Judgement::Compare(reference) => {
                let place = match reference {
                    _ if cursor.sequence == 0 => Some(Place::new(0, 0)),
                    Reference::Event => self.place_of(cursor.sequence).await?,
                    Reference::Trimmed => self.trimmed_place(cursor.sequence).await?,
                };
                Ok(match place {
                    Some(place) if place.tag == cursor.tag => Self::found(place),
                    Some(_) => self.oldest(Resume::NeverExisted),
                    None => self.oldest(Resume::Unknown),
                })
            }
        }
    }

    fn judge(&self, cursor: Cursor) -> Judgement {
        let node = self.node();
        let head = node.head().sequence;
        judge(cursor, node.lineage(), node.horizon(), head)
    }

    /// Waits for a node that is behind the cursor. What is ahead of a node that is not behind never
    /// existed.
    async fn judged(&self, cursor: Cursor) -> Result<Judgement, SubscribeError> {
        let open = |judgement| matches!(judgement, Judgement::Ahead | Judgement::OtherEpoch);
        let first = self.judge(cursor);
        let is_known = match first {
            Judgement::Ahead => true,
            Judgement::OtherEpoch => self.engine_knows(cursor).await,
            _ => false,
        };
        if !is_known {
            return Ok(first);
        }
        let mut tail = self.tail.subscribe();
        let patience = self.options.ahead_patience;
        let waiting = async { while open(self.judge(cursor)) && tail.changed().await.is_ok() {} };
        let _ = timeout(patience, waiting).await;
        let judgement = self.judge(cursor);
        let is_live = self.tail.borrow().is_live(Instant::now());
        // A tail that has just stopped passes for live: the engine itself has the last word.
        if open(judgement) && (!is_live || self.engine_has(cursor).await) {
            return Err(SubscribeError::Behind);
        }
        Ok(judgement)
    }

    /// Whether the cursor is of an event that the engine has, or has had.
    async fn engine_has(&self, cursor: Cursor) -> bool {
        let Ok(bounds) = self.engine.bounds().await else {
            return false;
        };
        let valid = bounds.lineage.valid_until(cursor.epoch);
        valid.is_some_and(|last| cursor.sequence <= last.min(bounds.head))
    }

    /// Whether the engine has another lineage than this node, with the cursor's epoch in it.
    async fn engine_knows(&self, cursor: Cursor) -> bool {
        let bounds = self.engine.bounds().await.ok();
        bounds.is_some_and(|bounds| bounds.lineage.valid_until(cursor.epoch).is_some())
    }

    /// The place of a retained event.
    async fn place_of(&self, sequence: u64) -> Result<Option<Place>, SubscribeError> {
        if let Some(place) = self.node().known_place(sequence) {
            return Ok(Some(place));
        }
        let limits = PageLimits::new(1, 1);
        let page = self.engine.read_after(sequence - 1, limits).await?;
        let found = page
            .records
            .first()
            .filter(|found| found.sequence == sequence);
        Ok(found.map(|found| Place::new(sequence, short(found.tag))))
    }

    /// The place before the oldest event, if its tag is still known.
    async fn trimmed_place(&self, sequence: u64) -> Result<Option<Place>, SubscribeError> {
        if let Some(place) = self.node().known_place(sequence) {
            return Ok(Some(place));
        }
        let bounds = self.engine.bounds().await?;
        let tag = bounds
            .trimmed_tag
            .filter(|_| bounds.horizon == sequence + 1);
        Ok(tag.map(|tag| Place::new(sequence, short(tag))))
    }

    async fn after_id(&self, id: &str) -> Result<Opened, SubscribeError> {
        let found = match self.engine.find(id).await {
            Ok(found) => found,
            // While the engine is away, what is in memory will do.
            Err(error) => match self.node().find(id) {
                Some(place) => return Ok(Self::found(place)),
                None => return Err(error.into()),
            },
        };
        let Some(sequence) = found else {
            return Ok(self.oldest(Resume::Unknown));
        };
        if !self.reaches(sequence, self.options.ahead_patience).await {
            return Err(SubscribeError::Behind);
        }
        let place = self.place_of(sequence).await?;
        Ok(place.map_or_else(|| self.oldest(Resume::Unknown), Self::found))
    }

    /// Whether the node comes to have this event.
    pub(crate) async fn reaches(&self, sequence: u64, patience: Duration) -> bool {
        let mut tail = self.tail.subscribe();
        let reached = tail.wait_for(|tail| tail.head >= sequence);
        timeout(patience, reached)
            .await
            .is_ok_and(|reached| reached.is_ok())
    }
}
