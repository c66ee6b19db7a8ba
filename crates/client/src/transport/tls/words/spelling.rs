//! In: a detail and advice, or the name of an enum's variant. Out: [`Words`], or the name spelled as words.
//! Next: back to `../words.rs`.

use std::fmt::Debug;

/// What happened, and the advice.
pub(in crate::transport) struct Words {
    pub(in crate::transport) detail: String,
    /// `None` where the kind's own will do.
    pub(in crate::transport) help: Option<&'static str>,
}

pub(super) fn words(detail: impl Into<String>, help: impl Into<Option<&'static str>>) -> Words {
    Words {
        detail: detail.into(),
        help: help.into(),
    }
}

/// The name of an enum's variant as words: `HandshakeFailure` as `handshake failure`.
pub(super) fn spelled(value: &impl Debug) -> String {
    let name = format!("{value:?}");
    let end = name.find(|ch: char| !ch.is_ascii_alphanumeric());
    split_words(&name[..end.unwrap_or(name.len())])
}

/// The same for a text that may be nothing but such a name.
pub(super) fn spelled_if_name(text: &str) -> String {
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        split_words(text)
    } else {
        text.to_owned()
    }
}

fn split_words(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 8);
    let mut before_is_lower = false;
    for ch in name.chars() {
        if ch.is_ascii_uppercase() && before_is_lower {
            text.push(' ');
        }
        before_is_lower = !ch.is_ascii_uppercase();
        text.push(ch.to_ascii_lowercase());
    }
    text
}
