//! Text to lines. In: any text. Out: the parts between its line ends: LF, CR, and CRLF as one.
//!
//! A receiver joins `data` lines by LF, so a text with CR or CRLF arrives with LF in their place. Nothing else ends
//! a line: U+2028 and U+0085, which some languages count as line ends, stay part of it.
//!
//! Next: `encoder.rs` puts a field name in front of each.

use memchr::memchr2;

/// The lines of a text; `""` is one empty line, and `"a\n"` is two lines, `a` and an empty one.
pub(super) struct Lines<'a> {
    /// What is still to be split; `None` behind the last line.
    rest: Option<&'a str>,
}

/// Splits a text.
pub(super) fn lines(text: &str) -> Lines<'_> {
    Lines { rest: Some(text) }
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a str;

    #[inline]
    fn next(&mut self) -> Option<&'a str> {
        let text = self.rest?;
        let Some(end) = memchr2(b'\n', b'\r', text.as_bytes()) else {
            self.rest = None;
            return Some(text);
        };
        let (line, rest) = text.split_at(end);
        let ending = if rest.starts_with("\r\n") { 2 } else { 1 };
        self.rest = rest.get(ending..);
        Some(line)
    }
}
