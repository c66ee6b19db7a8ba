//! Text to lines. In: any text. Out: the parts between its line ends: LF, CR, and CRLF as one.
//!
//! Next: `encoder.rs` puts a field name in front of each.

use memchr::memchr2;

/// The lines of a text; `""` is one empty line, and `"a\n"` is two lines, `a` and an empty one.
pub(super) struct Lines<'a> {
    rest: Option<&'a str>,
}

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
