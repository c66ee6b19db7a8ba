//! One expression of a URI template, such as `{id}` or `{?page,size}`, as what it may expand to. In: a
//! byte at a time. Out: where in the expansion that leads.
//!
//! Every expression may expand to nothing. Otherwise there is at most one way to read a byte, so that a
//! place in an expansion is all that has to be remembered.
//!
//! Next: `template.rs` makes them of text.

use crate::set::Set;

/// As many more values as there are.
pub(crate) const WITHOUT_BOUND: u16 = u16::MAX;

/// What an expression may expand to: `lead value (separator value){0,more}`, or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Expression {
    /// What stands in front, for the operators `#`, `.`, `/`, `;`, `?` and `&`.
    pub(crate) lead: Option<u8>,
    pub(crate) set: Set,
    /// What stands between two values, unless a value may have it in it anyway.
    pub(crate) separator: Option<u8>,
    /// How many values may follow the first.
    pub(crate) more: u16,
}

/// A place in an expansion, and how many values came before the one it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// In a value: the expansion may end here.
    Value(u16),
    /// Behind a `%`.
    Percent(u16),
    /// Behind a `%` and a digit.
    Digit(u16),
}

impl Place {
    pub(crate) fn may_end(self) -> bool {
        matches!(self, Self::Value(_))
    }
}

impl Expression {
    /// Any number of these bytes.
    pub(crate) fn any_of(set: Set) -> Self {
        Self {
            lead: None,
            set,
            separator: None,
            more: 0,
        }
    }

    /// Whether it can read this byte, at its beginning or further on.
    pub(crate) fn reads(self, byte: u8) -> bool {
        let further = || self.step(Place::Value(0), byte);
        self.begin(byte).or_else(further).is_some()
    }

    /// Where the first byte of an expression leads.
    pub(crate) fn begin(self, byte: u8) -> Option<Place> {
        match self.lead {
            Some(lead) => (lead == byte).then_some(Place::Value(0)),
            None => self.step(Place::Value(0), byte),
        }
    }

    /// Where a further byte leads.
    pub(crate) fn step(self, place: Place, byte: u8) -> Option<Place> {
        match place {
            Place::Value(_) if self.set.contains(byte) => Some(place),
            Place::Value(before) if byte == b'%' => Some(Place::Percent(before)),
            Place::Value(before) if Some(byte) == self.separator => self.next_value(before),
            Place::Percent(before) if byte.is_ascii_hexdigit() => Some(Place::Digit(before)),
            Place::Digit(before) if byte.is_ascii_hexdigit() => Some(Place::Value(before)),
            _ => None,
        }
    }

    fn next_value(self, before: u16) -> Option<Place> {
        match self.more {
            WITHOUT_BOUND => Some(Place::Value(before)),
            more => (before < more).then(|| Place::Value(before + 1)),
        }
    }
}
