//! The signal that a subscriber missed events. In: why, and where reading goes on. Out: a block, as a
//! comment or, if the subscriber asked for it, as an event.
//!
//! As a comment: `: gap: expired; asked for what follows "k3-7"; events missed: 12; resuming after "k3-19"`. As an
//! event, its data is JSON:
//!
//! ```json
//! {"reason":"expired","asked":"k3-7","resumesAfter":"k3-19","missed":12}
//! ```
//!
//! `missed` is `null` when it cannot be known: the id was of another epoch, or never one of the channel's.
//!
//! Next: `body.rs` sends it.

use std::borrow::Cow;

use bytes::Bytes;
use wellspring_proto::{Block, EventType};

/// How much of the id that was asked for is quoted, in bytes: a subscriber that does not read keeps the
/// signal in memory.
const MOST_QUOTED: usize = 1 << 10;

/// What a subscriber learns of a gap.
#[derive(Debug)]
pub(crate) struct Gap {
    /// The text of a [`Resume`](crate::Resume), or `slow` for a subscriber that was connected.
    pub(crate) reason: &'static str,
    /// The last event ID that was brought or delivered.
    pub(crate) asked: String,
    /// The id of the event before the next one delivered.
    pub(crate) resumes_after: String,
    /// How many events, if that can be known.
    pub(crate) missed: Option<u64>,
}

impl Gap {
    /// Carries the id that reading goes on after, so that a reconnection does not ask for the gone
    /// event again.
    pub(crate) fn encode(&self, event_type: Option<&EventType<'_>>) -> Bytes {
        let block = match event_type {
            Some(event_type) => Block::data(self.json()).event_type(event_type),
            None => Ok(Block::empty().comment(self.comment())),
        };
        let block = block.and_then(|block| block.id(self.resumes_after.as_str()));
        // Both values were validated when they came; a comment is the answer to what cannot happen.
        let block = block.unwrap_or_else(|_| Block::empty().comment("gap"));
        block.encode().into()
    }

    /// The sentence for people who read the stream.
    fn comment(&self) -> String {
        let missed = match self.missed {
            Some(missed) => missed.to_string(),
            None => "unknown".to_owned(),
        };
        let Self {
            reason,
            resumes_after,
            ..
        } = self;
        let asked = self.quoted();
        format!(
            "gap: {reason}; asked for what follows {asked:?}; events missed: {missed}; \
             resuming after {resumes_after:?}"
        )
    }

    /// What was asked for, shortened if need be.
    fn quoted(&self) -> Cow<'_, str> {
        if self.asked.len() <= MOST_QUOTED {
            return Cow::Borrowed(&self.asked);
        }
        let mut ends = (0..=MOST_QUOTED).rev();
        let begin = ends.find_map(|end| self.asked.get(..end));
        let begin = begin.unwrap_or_default();
        Cow::Owned(format!("{begin}…"))
    }

    /// The object for a page's event handler.
    fn json(&self) -> String {
        let mut json = format!("{{\"reason\":\"{}\",\"asked\":", self.reason);
        push_json_string(&mut json, &self.quoted());
        json.push_str(",\"resumesAfter\":");
        push_json_string(&mut json, &self.resumes_after);
        json.push_str(",\"missed\":");
        match self.missed {
            Some(missed) => json.push_str(&missed.to_string()),
            None => json.push_str("null"),
        }
        json.push('}');
        json
    }
}

/// Appends a JSON string (RFC 8259, section 7).
fn push_json_string(json: &mut String, text: &str) {
    json.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => json.extend(['\\', character]),
            '\0'..='\u{1F}' => json.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => json.push(character),
        }
    }
    json.push('"');
}

#[cfg(test)]
mod tests;
