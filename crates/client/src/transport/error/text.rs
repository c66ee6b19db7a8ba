//! In: errors, and texts that a peer may have chosen. Out: the same in one line of bounded length.
//! Next: back to `../error.rs`.

use std::borrow::Cow;
use std::error::Error;

/// The longest text of a peer's that a message repeats whole, in bytes.
const SHOWN: usize = 300;
/// What is shown of a longer one.
const BEGINNING: usize = 200;

/// A URL, or another text that a peer may have chosen, as short as a message should be.
pub(crate) fn shortened(text: &str) -> Cow<'_, str> {
    if text.len() <= SHOWN {
        return Cow::Borrowed(text);
    }
    let mut cuts = (0..=BEGINNING).rev();
    let cut = cuts.find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    Cow::Owned(format!("{}… ({} bytes)", &text[..cut], text.len()))
}

/// An error and its causes in one line, without saying the same thing twice.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let said = cause.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        next = cause.source();
    }
    text
}
