//! What a decoder must make of which bytes, decided by a person from the HTML Standard. In: nothing.
//! Out: [`all`] the vectors, each with its name, the section that decides it and the reason why
//! someone once got it wrong.
//!
//! ```
//! use wellspring_testkit::{oracle, vectors};
//!
//! for vector in vectors::all() {
//!     let trace = oracle::decode(vector.input);
//!     assert_eq!(trace.to_string(), vector.expected(), "{vector}");
//! }
//! ```
//!
//! Next: `vectors/lines.rs` and its siblings hold the tables; `chunks.rs` cuts the inputs.

mod dispatch;
mod encoding;
mod examples;
mod fields;
mod ids;
mod lines;
mod retry;

use std::fmt::{self, Display};

/// One body and what it means, comments included.
#[derive(Clone, Copy, Debug)]
pub struct Vector {
    /// A name, unique among the vectors.
    pub name: &'static str,
    /// The section of the HTML Standard that decides it.
    pub section: &'static str,
    /// What it guards against.
    pub why: &'static str,
    /// The whole body.
    pub input: &'static [u8],
    /// The trace's text, a line for each item.
    pub items: &'static [&'static str],
}

impl Vector {
    /// The text that [`Trace`](crate::Trace) must print.
    #[must_use]
    pub fn expected(&self) -> String {
        self.items.join("\n")
    }
}

impl Display for Vector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.name, self.section, self.why)
    }
}

/// Every vector, those of one topic together.
pub fn all() -> impl Iterator<Item = &'static Vector> {
    let topics: [&'static [Vector]; 7] = [
        lines::VECTORS,
        encoding::VECTORS,
        fields::VECTORS,
        ids::VECTORS,
        retry::VECTORS,
        dispatch::VECTORS,
        examples::VECTORS,
    ];
    topics.into_iter().flatten()
}

/// The short form that the tables are written in.
const fn vector(
    name: &'static str,
    section: &'static str,
    why: &'static str,
    input: &'static [u8],
    items: &'static [&'static str],
) -> Vector {
    Vector {
        name,
        section,
        why,
        input,
        items,
    }
}

#[cfg(test)]
mod tests;
