//! What a subscriber should get. In: a topic, and a number. Out: whether it asked for the topic, whether
//! the event is private, and whether the subscriber may receive it.
//!
//! Next: `coverage.rs` makes them of selectors, `witness.rs` asks.

use std::sync::Arc;

/// A subscriber's part in one topic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Right {
    /// One of its selectors matches the topic.
    pub(super) asked: bool,
    /// Its token lets it have private events of the topic.
    pub(super) granted: bool,
}

/// Which events are private. The same for the publisher, who makes them so, and for the subscriber.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Privacy {
    /// Of a hundred.
    pub(super) share: u32,
}

impl Privacy {
    /// Private ones are strewn over each topic evenly, each topic in its own way.
    pub(super) fn is_private(self, topic: u32, number: u32) -> bool {
        // Odd, and no part of 2^32 or of a hundred: Knuth's multiplier.
        let strewn = number.wrapping_add(topic.wrapping_mul(31));
        let strewn = strewn.wrapping_mul(2_654_435_761) >> 16;
        strewn % 100 < self.share
    }
}

/// Those of one subscriber, by topic; subscribers with the same selectors share them.
#[derive(Clone, Debug)]
pub(super) struct Rights {
    pub(super) topics: Arc<[Right]>,
    pub(super) privacy: Privacy,
}

impl Rights {
    pub(super) fn of(&self, topic: u32) -> Right {
        let found = self.topics.get(topic as usize);
        found.copied().unwrap_or_default()
    }

    /// Whether the event is one that the subscriber gets.
    pub(super) fn is_owed(&self, topic: u32, number: u32) -> bool {
        let right = self.of(topic);
        right.asked && (right.granted || !self.privacy.is_private(topic, number))
    }

    /// Whether the subscriber must not have the event.
    pub(super) fn is_secret(&self, topic: u32, number: u32) -> bool {
        !self.of(topic).granted && self.privacy.is_private(topic, number)
    }
}

#[cfg(test)]
mod tests;
