//! Whether the history is still the one that was read. In: a view of the stream, and the tags that were
//! seen. Out: up to where both agree; an epoch that ends where they do not.
//!
//! A leader that has just been elected may be behind what it will have in a moment. So a loss has to be seen
//! several times over before it is believed; meanwhile nothing is appended.
//!
//! Next: `fence.rs` ends an epoch, `follow.rs` calls this.

use wellspring_broker::{Bounds, EngineError, Epoch, StoredRecord};

use crate::frame;
use crate::shared::Shared;
use crate::view::View;

/// How often a loss has to be seen.
const SEEN: u32 = 3;

/// What one who follows knows of the history.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) epoch: Epoch,
    /// The newest record that it has.
    pub(crate) after: u64,
    /// How often in a row a loss was seen.
    pub(crate) doubts: u32,
}

/// What a view comes to.
pub(crate) enum Verdict {
    Same,
    /// Another epoch is in force, and these are the bounds to go on from.
    Rewritten(Bounds),
    /// A loss has been seen, but not often enough; or its epoch has just been ended.
    Doubtful(&'static str),
}

impl Shared {
    /// The newest record that a view has to have, if it is asked for from now on.
    pub(crate) fn expected(&self, place: &Place) -> u64 {
        self.known().newest().max(place.after)
    }

    pub(crate) async fn judge(
        &self,
        view: &View,
        expected: u64,
        place: &mut Place,
    ) -> Result<Verdict, EngineError> {
        if view.epoch() != place.epoch {
            let bounds = self.rewritten(view, place).await?;
            self.set_suspect(false);
            return Ok(Verdict::Rewritten(bounds));
        }
        if self.is_same(view, expected, place.after).await? {
            self.set_suspect(false);
            place.doubts = 0;
            return Ok(Verdict::Same);
        }
        self.set_suspect(true);
        place.doubts += 1;
        if place.doubts < SEEN {
            return Ok(Verdict::Doubtful(
                "the stream has not what was read from it; looking again",
            ));
        }
        let last = self.last_in_common(view).await?;
        self.fork(view, last).await?;
        Ok(Verdict::Doubtful(
            "the end of the history was lost: its epoch has been ended",
        ))
    }

    /// Whether what was read and answered for is there, as far as can be told.
    async fn is_same(&self, view: &View, expected: u64, after: u64) -> Result<bool, EngineError> {
        if view.head() < expected {
            return Ok(false);
        }
        let seen = self.known().newest_seen();
        if seen < after {
            // Where following begins.
            let tag = self.stored_tag(view, after).await?;
            let record = tag.map(|tag| StoredRecord::new(after, tag, bytes::Bytes::new()));
            record.iter().for_each(|record| self.known().see(record));
            return Ok(true);
        }
        self.agrees_at(view, seen).await
    }

    /// Whether the record with this number is the one that was seen. One that has been dropped is.
    async fn agrees_at(&self, view: &View, number: u64) -> Result<bool, EngineError> {
        let seen = self.known().tag(number);
        let stored = self.stored_tag(view, number).await?;
        Ok(seen.is_none() || stored.is_none() || seen == stored)
    }

    async fn stored_tag(&self, view: &View, number: u64) -> Result<Option<u64>, EngineError> {
        let Some(position) = view.numbering.position(number) else {
            return Ok(None);
        };
        let message = self.message(position).await?;
        Ok(message.map(|message| frame::stored(number, &message.payload).tag))
    }

    /// The newest record that is there and was seen; nothing if no such record is known.
    async fn last_in_common(&self, view: &View) -> Result<Option<u64>, EngineError> {
        let (oldest, newest) = {
            let known = self.known();
            (known.oldest(), known.newest_seen())
        };
        let (mut agreed, mut end) = (oldest.max(view.oldest()), newest.min(view.head()));
        if newest == 0 {
            // Nothing was seen, and something was answered for.
            return Ok(Some(view.head()));
        }
        if agreed > end || !self.agrees_at(view, agreed).await? {
            return Ok(None);
        }
        while agreed < end {
            let middle = agreed + (end - agreed).div_ceil(2);
            match self.agrees_at(view, middle).await? {
                true => agreed = middle,
                false => end = middle - 1,
            }
        }
        Ok(Some(agreed))
    }

    /// Moves a place into the epoch in force, back to where its past is still the past.
    async fn rewritten(&self, view: &View, place: &mut Place) -> Result<Bounds, EngineError> {
        let valid = view.numbering.lineage().valid_until(place.epoch);
        let kept = match valid {
            None => 0,
            Some(last) if place.after <= last => place.after,
            // Others may have appended it to what this node lost nothing of.
            Some(last) => {
                let seen = self.known().tag(place.after);
                let is_there = place.after <= view.head() && seen.is_some();
                let stored = match is_there {
                    true => self.stored_tag(view, place.after).await?,
                    false => None,
                };
                if is_there && stored == seen {
                    place.after
                } else {
                    last
                }
            }
        };
        let mut bounds = self.bounds_of(view).await?;
        if kept < place.after {
            self.known().lose(kept);
            bounds.head = kept;
            bounds.head_tag = self.tag(view, kept).await?.unwrap_or(0);
        }
        *place = Place {
            epoch: view.epoch(),
            after: kept,
            doubts: 0,
        };
        // What was answered for and is not there is lost with the epoch.
        let head = view.head();
        if self.known().newest() > head {
            self.known().lose(head);
        }
        Ok(bounds)
    }
}
