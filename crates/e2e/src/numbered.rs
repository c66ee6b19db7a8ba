//! Events that can be made again from their number. In: a number. Out: always the same event; and a
//! judge who wants each of them once, in order.
//!
//! Next: `bin/kill-server.rs` makes them, `bin/kill-client.rs` judges them.

use wellspring_server::{Block, InvalidField};

/// The types that numbered events have.
pub const TYPES: [&str; 3] = ["message", "notice", "update"];

const WORDS: &[&str] = &[
    "tick",
    "één",
    "日本語",
    "🦀",
    "a\nb",
    "",
    "{\"n\":1}",
    "data: x",
];

/// The type of this event.
#[must_use]
pub fn event_type(number: u64) -> &'static str {
    match number % 35 {
        0 | 5 | 10 | 15 | 20 | 25 | 30 => TYPES[1],
        7 | 14 | 21 | 28 => TYPES[2],
        _ => TYPES[0],
    }
}

/// The data of this event: its number and some words, of several lines and scripts.
#[must_use]
pub fn data(number: u64) -> String {
    let mut random = fastrand::Rng::with_seed(number);
    let mut data = number.to_string();
    for _ in 0..random.usize(..10) {
        data.push(' ');
        data.push_str(WORDS[random.usize(..WORDS.len())]);
    }
    data
}

/// This event as a server sends it; its id is its number.
///
/// # Errors
/// None that could happen.
pub fn block(number: u64) -> Result<Block<'static>, InvalidField> {
    Block::data(data(number))
        .event_type(event_type(number))?
        .id(number)
}

/// Wants the events from 1 to `last`, each once and in order, with everything that belongs to them.
#[derive(Clone, Debug)]
pub struct Judge {
    next: u64,
    last: u64,
}

impl Judge {
    /// Wants the events from 1 to `last`.
    #[must_use]
    pub fn new(last: u64) -> Self {
        Self { next: 1, last }
    }

    /// How many events have come.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.next - 1
    }

    /// Whether all have come.
    #[must_use]
    pub fn is_content(&self) -> bool {
        self.next > self.last
    }

    /// Takes the next event.
    ///
    /// # Errors
    /// It is another one than it should be; the text says how.
    pub fn judge(&mut self, kind: &str, text: &str, id: &str) -> Result<(), String> {
        let number = self.next;
        let expected = (event_type(number), data(number), number.to_string());
        if (kind, text, id) != (expected.0, &*expected.1, &*expected.2) {
            return Err(format!(
                "instead of {expected:?} came {:?}",
                (kind, text, id)
            ));
        }
        self.next += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
