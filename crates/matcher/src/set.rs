//! Which characters the value of a variable may have. In: a byte. Out: whether it may stand there by
//! itself; `%` and two hexadecimal digits may always, and are no part of a set.
//!
//! Next: `expression.rs`, which adds what stands around values.

/// The characters of RFC 6570's `unreserved` and `,`, and more of them where an operator says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Set {
    /// Those of `reserved` too, of which `/` is one.
    pub(crate) reserved: bool,
    /// And `=`, which stands between a name and its value.
    pub(crate) equals: bool,
}

impl Set {
    pub(crate) fn contains(self, byte: u8) -> bool {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b',' => true,
            b'=' => self.equals || self.reserved,
            _ => self.reserved && b":/?#[]@!$&'()*+;".contains(&byte),
        }
    }
}
