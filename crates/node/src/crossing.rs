//! What crosses to JavaScript at once. In: events and signals. Out: one text, and numbers that say
//! where in it each entry stands.
//!
//! An entry is a word of flags and, for each of its texts, a word with the end of that text; a text
//! begins where the one before it ends. `lib/batch.js` reads it.
//!
//! Next: `exchange.rs`.

use std::time::Duration;

use wellspring::EventRef;
use wellspring_proto::DEFAULT_EVENT_TYPE;

use crate::signal::SignalObject;

/// The kinds of entries, in the lowest bits of the first word.
const MESSAGE: u32 = 0;
const POSITION: u32 = 1;
const SIGNAL: u32 = 2;
/// Followed by a word of milliseconds.
const RECONNECTION_TIME: u32 = 3;
/// JavaScript is asked something here.
const QUESTION: u32 = 4;

/// The data, or the only text, is ASCII.
const ASCII: u32 = 1 << 4;
/// The last event ID differs from that of the entry before, and follows the data.
const NEW_ID: u32 = 1 << 5;
/// The last event ID is ASCII.
const ID_ASCII: u32 = 1 << 6;
/// The event type is not in the table, and follows as the last text.
const TYPE_FOLLOWS: u32 = 1 << 7;
/// Where the index into the table of types begins.
const TYPE_SHIFT: u32 = 8;

/// So many types cross by name once, and then by number.
const TYPES: usize = 64;
/// From this on a crossing is full: the text in bytes, and the words.
const FULL_TEXT: usize = 64 * 1024;
const FULL_WORDS: usize = 4 * 1024;

/// Entries on their way.
#[derive(Debug, Default)]
pub(crate) struct Crossing {
    pub(crate) text: Vec<u8>,
    pub(crate) words: Vec<u32>,
    /// Types that entries here name for the first time.
    pub(crate) types: Vec<String>,
    pub(crate) signals: Vec<SignalObject>,
}

impl Crossing {
    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.text.len() >= FULL_TEXT || self.words.len() >= FULL_WORDS
    }

    /// Forgets the entries. The room is kept, unless an event of unusual size has made it large.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.text.shrink_to(2 * FULL_TEXT);
        self.words.clear();
        self.types.clear();
        self.signals.clear();
    }

    pub(crate) fn push_signal(&mut self, signal: SignalObject) {
        self.words.push(SIGNAL);
        self.signals.push(signal);
    }

    pub(crate) fn push_reconnection_time(&mut self, time: Duration) {
        let millis = u32::try_from(time.as_millis()).unwrap_or(u32::MAX);
        self.words.extend([RECONNECTION_TIME, millis]);
    }

    pub(crate) fn push_question(&mut self) {
        self.words.push(QUESTION);
    }

    /// Adds a text and the word that says where it ends.
    fn push_text(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
        let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.words.push(end);
    }
}

/// What the other side knows already: the table of types and the last event ID.
#[derive(Debug)]
pub(crate) struct Known {
    types: Vec<String>,
    last_event_id: String,
}

impl Known {
    /// One that starts with this last event ID.
    pub(crate) fn new(last_event_id: &str) -> Self {
        Self {
            types: vec![DEFAULT_EVENT_TYPE.to_owned()],
            last_event_id: last_event_id.to_owned(),
        }
    }

    pub(crate) fn push_message(&mut self, event: EventRef<'_>, crossing: &mut Crossing) {
        let at = crossing.words.len();
        crossing.words.push(0);
        let mut flags = MESSAGE | self.type_flags(event.event_type, crossing);
        if event.data.is_ascii() {
            flags |= ASCII;
        }
        crossing.push_text(event.data);
        if !is_same(&self.last_event_id, event.last_event_id) {
            flags |= NEW_ID;
            if event.last_event_id.is_ascii() {
                flags |= ID_ASCII;
            }
            crossing.push_text(event.last_event_id);
            self.remember(event.last_event_id);
        }
        if flags & TYPE_FOLLOWS != 0 {
            crossing.push_text(event.event_type);
        }
        crossing.words[at] = flags;
    }

    pub(crate) fn push_position(&mut self, id: &str, crossing: &mut Crossing) {
        let ascii = if id.is_ascii() { ASCII } else { 0 };
        crossing.words.push(POSITION | ascii);
        crossing.push_text(id);
        self.remember(id);
    }

    fn remember(&mut self, id: &str) {
        self.last_event_id.clear();
        self.last_event_id.push_str(id);
    }

    /// The type's number, whose name crosses once.
    fn type_flags(&mut self, event_type: &str, crossing: &mut Crossing) -> u32 {
        // A comparison with what is known now is cheaper than a call, and mostly it is this.
        if event_type == DEFAULT_EVENT_TYPE {
            return type_number(0);
        }
        if let Some(index) = self.types.iter().position(|known| known == event_type) {
            return type_number(index);
        }
        if self.types.len() == TYPES {
            return TYPE_FOLLOWS;
        }
        self.types.push(event_type.to_owned());
        crossing.types.push(event_type.to_owned());
        type_number(self.types.len() - 1)
    }
}

/// Mostly both are empty, and calling out to compare takes longer than the rest of an event.
fn is_same(known: &str, text: &str) -> bool {
    known.len() == text.len() && (text.is_empty() || known == text)
}

fn type_number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(0) << TYPE_SHIFT
}

#[cfg(test)]
mod tests;
