//! The tokens of a URL pattern (URL Pattern Standard, section 2.1). In: text. Out: tokens, the last of
//! which is an end.
//!
//! Next: `constructor.rs` cuts a pattern into components, `parts.rs` reads one of them.

use alloc::vec::Vec;
use unicode_ident::{is_xid_continue, is_xid_start};

use super::UrlPatternError;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Close,
    Regexp,
    Name,
    Char,
    EscapedChar,
    OtherModifier,
    Asterisk,
    End,
    InvalidChar,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    /// Where in the text it begins, in bytes.
    pub(super) at: usize,
    /// Without the characters that only mark its kind.
    pub(super) value: &'a str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Policy {
    /// What is malformed is an error.
    Strict,
    /// What is malformed is an invalid character.
    Lenient,
}

pub(super) fn tokenize(text: &str, policy: Policy) -> Result<Vec<Token<'_>>, UrlPatternError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let behind = at + first.len_utf8();
        let simple = |kind| Some((kind, &text[at..behind], behind));
        let found = match first {
            '*' => simple(Kind::Asterisk),
            '+' | '?' => simple(Kind::OtherModifier),
            '{' => simple(Kind::Open),
            '}' => simple(Kind::Close),
            '\\' => escaped(text, behind),
            ':' => name(text, behind),
            '(' => regexp(text, behind),
            _ => simple(Kind::Char),
        };
        let (kind, value, next) = match (found, policy) {
            (Some(found), _) => found,
            (None, Policy::Lenient) => (Kind::InvalidChar, &text[at..behind], behind),
            (None, Policy::Strict) => return Err(UrlPatternError::Malformed { at }),
        };
        tokens.push(Token { kind, at, value });
        at = next;
    }
    tokens.push(Token {
        kind: Kind::End,
        at,
        value: "",
    });
    Ok(tokens)
}

/// A kind, a value, and where the next token begins.
fn escaped(text: &str, at: usize) -> Option<(Kind, &str, usize)> {
    let ch = text[at..].chars().next()?;
    let next = at + ch.len_utf8();
    Some((Kind::EscapedChar, &text[at..next], next))
}

fn name(text: &str, at: usize) -> Option<(Kind, &str, usize)> {
    let mut next = at;
    for ch in text[at..].chars() {
        let joins = is_xid_continue(ch) || matches!(ch, '\u{200C}' | '\u{200D}');
        let starts = is_xid_start(ch) || matches!(ch, '$' | '_');
        let belongs = starts || (next > at && joins);
        if !belongs {
            break;
        }
        next += ch.len_utf8();
    }
    (next > at).then(|| (Kind::Name, &text[at..next], next))
}

/// Up to the parenthesis that closes it. Groups within must be marked as groups that capture nothing.
fn regexp(text: &str, start: usize) -> Option<(Kind, &str, usize)> {
    let bytes = text.as_bytes();
    let mut depth = 1;
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'?' if at == start => return None,
            b'\\' => at += 1,
            b')' => depth -= 1,
            b'(' if bytes.get(at + 1) == Some(&b'?') => depth += 1,
            b'(' => return None,
            _ => {}
        }
        if !bytes.get(at)?.is_ascii() {
            return None;
        }
        at += 1;
        if depth == 0 {
            break;
        }
    }
    let value = (depth == 0).then(|| &text[start..at - 1])?;
    (!value.is_empty()).then_some((Kind::Regexp, value, at))
}
