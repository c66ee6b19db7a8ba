//! The end of a head. In: bytes, cut anywhere. Out: how many of them are the head's: up to its first empty line.
//! Empty lines before it are skipped, and a line may end in LF alone, as hyper has it.
//!
//! Next: back to `gate.rs`.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum At {
    /// Before the first line.
    #[default]
    Start,
    Line,
    /// Behind the end of a line.
    LineEnd,
    /// Behind that, and CR.
    Cr,
    Reached,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct HeadEnd(At);

impl HeadEnd {
    pub(super) fn is_reached(self) -> bool {
        self.0 == At::Reached
    }

    pub(super) fn find(&mut self, bytes: &[u8]) -> usize {
        for (index, &byte) in bytes.iter().enumerate() {
            self.0 = match (self.0, byte) {
                (At::Start, b'\r' | b'\n') => At::Start,
                (At::Line, b'\n') => At::LineEnd,
                (At::LineEnd, b'\r') => At::Cr,
                (At::LineEnd | At::Cr, b'\n') => At::Reached,
                (At::Reached, _) => return index,
                _ => At::Line,
            };
        }
        bytes.len()
    }
}
