//! Which bytes the value of a variable may have. In: a byte. Out: whether it may stand there by itself.
//!
//! Next: `expression.rs`, which adds what stands around values.

/// Stands between the host and the path in the key of a URL, since no URL has it in either.
pub(crate) const BETWEEN: u8 = 0;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Set {
    /// The characters of RFC 6570's `unreserved` and `,`; `%` and two hexadecimal digits may stand there
    /// too, and are no part of the set.
    Template {
        /// Those of `reserved` too, of which `/` is one.
        reserved: bool,
        /// And `=`, which stands between a name and its value.
        equals: bool,
    },
    /// Everything but `/`.
    Segment,
    /// Everything but [`BETWEEN`].
    Everything,
}

impl Set {
    pub(crate) fn contains(self, byte: u8) -> bool {
        match self {
            Self::Everything => byte != BETWEEN,
            Self::Segment => byte != b'/',
            Self::Template { reserved, equals } => match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b',' => true,
                b'=' => equals || reserved,
                _ => reserved && b":/?#[]@!$&'()*+;".contains(&byte),
            },
        }
    }
}
