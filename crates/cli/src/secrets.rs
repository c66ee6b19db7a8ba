//! Secrets, kept off the screen. In: URLs and texts that are about to be printed. Out: the same, with
//! names and passwords, tokens in queries, and the values of secret headers masked.
//!
//! Next: `secrets/names.rs` says which names are secret, `secrets/known.rs` what the command line
//! holds; `note.rs` masks every line of standard error.

mod known;
mod names;

use std::borrow::Cow;

use url::Url;

pub(crate) use known::{MASK, remember};
pub(crate) use names::{is_secret_header, is_secret_parameter};

/// The longest name of a parameter that is looked at, in bytes: looking takes time in proportion to
/// the text.
const LONGEST_NAME: usize = 256;

/// A word without a digit that is as long, in bytes, is taken for credentials.
const SHORTEST_CREDENTIALS: usize = 16;

/// The URL for people: without userinfo and fragment, secret parameters masked.
pub(crate) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Fails for URLs that cannot have userinfo, and then there is none.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_fragment(None);
    masked(url.as_str()).into_owned()
}

/// Remembers the secrets of a URL, so that they are masked wherever they are repeated.
pub(crate) fn remember_those_of(url: &Url) {
    if let Some(password) = url.password() {
        remember(password);
    }
    for (name, value) in url.query_pairs() {
        if is_secret_parameter(&name) {
            remember(&value);
        }
    }
}

/// The text with every secret in it masked: those of the command line, `name:password@` before a host,
/// values of parameters such as `token=`, and of headers such as `Authorization:`.
pub(crate) fn masked(text: &str) -> Cow<'_, str> {
    let mut shown = Cow::Borrowed(text);
    for mask in [
        known::mask,
        without_userinfo,
        without_parameters,
        without_headers,
    ] {
        if let Some(masked) = mask(&shown) {
            shown = Cow::Owned(masked);
        }
    }
    shown
}

/// Masks `name:password@`, and whatever stands before the `@` of a URL's authority.
fn without_userinfo(text: &str) -> Option<String> {
    if !text.contains('@') {
        return None;
    }
    let mut masked = String::with_capacity(text.len());
    let ends = |ch: char| ch.is_whitespace() || matches!(ch, '\'' | '"' | '<' | '(' | '`');
    for word in text.split_inclusive(ends) {
        let mut parts = word.split("://");
        let first = parts.next().unwrap_or_default();
        let is_alone = first.len() == word.len();
        push_without(&mut masked, first, is_alone && has_userinfo(first));
        for rest in parts {
            masked.push_str("://");
            push_without(&mut masked, rest, has_userinfo_of_url(rest));
        }
    }
    (masked != text).then_some(masked)
}

/// Whether it is `name:password@…`, and not `host:80/@name`.
fn has_userinfo(word: &str) -> bool {
    let before = word.rsplit_once('@').map_or("", |(before, _)| before);
    let Some((name, password)) = before.split_once(':') else {
        return false;
    };
    let port = password.split('/').next().unwrap_or_default();
    let has_path = port.len() < password.len();
    let is_port = has_path && is_port(port);
    !name.is_empty() && !password.is_empty() && !is_port
}

/// Whether there is an `@` in the authority, which these characters follow; or behind a password that
/// has a `/` in it, which ought to be escaped.
fn has_userinfo_of_url(rest: &str) -> bool {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let port = authority.split_once(':').map_or("", |(_, port)| port);
    rest.contains('@') && (authority.contains('@') || !is_port(port))
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Appends the word, with what stands before its last `@` in the authority masked if there is a secret.
fn push_without(masked: &mut String, word: &str, is_secret: bool) {
    if !is_secret {
        return masked.push_str(word);
    }
    let authority = word.split(['/', '?', '#']).next().unwrap_or_default();
    let at = authority
        .rfind('@')
        .or_else(|| word.rfind('@'))
        .unwrap_or(0);
    masked.push_str(MASK);
    masked.push_str(&word[at..]);
}

/// Masks the values of secret parameters: `?token=…`, `&api_key=…`, `#access_token=…`.
fn without_parameters(text: &str) -> Option<String> {
    let mut masked = None;
    let mut done = 0;
    for (at, _) in text.match_indices(['?', '&', ';', '#']) {
        if at < done {
            continue;
        }
        let farthest = boundary(text, at + 1 + LONGEST_NAME);
        let Some((name, _)) = text[at + 1..farthest].split_once('=') else {
            continue;
        };
        if !is_secret_parameter(&names::decoded(name)) {
            continue;
        }
        let start = at + 1 + name.len() + 1;
        let value = &text[start..];
        let ends =
            |ch: char| ch.is_whitespace() || matches!(ch, '&' | '#' | '\'' | '"' | '<' | '>');
        let value = &value[..value.find(ends).unwrap_or(value.len())];
        // Of the sentence, as in "http://h/?token=a: cannot connect".
        let length = value.trim_end_matches([':', ',', '.', ')']).len();
        let masked = masked.get_or_insert_with(String::new);
        masked.push_str(&text[done..start]);
        masked.push_str(if length == 0 { "" } else { MASK });
        done = start + length;
    }
    finished(masked, &text[done..])
}

/// Masks what follows `Authorization:` and the like, to the end of the line or quotation. Words of
/// advice, as in `Authorization: Bearer T`, stay.
fn without_headers(text: &str) -> Option<String> {
    let mut masked = None;
    let mut done = 0;
    for (colon, _) in text.match_indices(':') {
        if colon < done {
            continue;
        }
        let before = text[done..colon].trim_end_matches(['"', '\'']);
        let is_part = |ch: char| ch.is_ascii_alphanumeric() || ch == '-' || ch == '_';
        let name = &before[before.trim_end_matches(is_part).len()..];
        if !names::is_standard_secret(name) {
            continue;
        }
        let value = text[colon + 1..].trim_start_matches([' ', '\t', '"', '\'']);
        let start = text.len() - value.len();
        let length = value.find(['\r', '\n', '"', '\'']).unwrap_or(value.len());
        let masked = masked.get_or_insert_with(String::new);
        masked.push_str(&text[done..start]);
        match names::holds_credentials(name) {
            true => push_without_credentials(masked, &value[..length]),
            false => masked.push_str(if length == 0 { "" } else { MASK }),
        }
        done = start + length;
    }
    finished(masked, &text[done..])
}

/// Appends the value of `Authorization`, what looks like credentials in it masked.
fn push_without_credentials(masked: &mut String, value: &str) {
    let mut after_basic = false;
    for word in value.split_inclusive([' ', '\t']) {
        let credentials = word.trim_end_matches([' ', '\t']);
        let is_long = credentials.len() >= SHORTEST_CREDENTIALS;
        let has_digit = credentials.bytes().any(|byte| byte.is_ascii_digit());
        let is_secret = after_basic || is_long || has_digit;
        after_basic = credentials.eq_ignore_ascii_case("basic");
        masked.push_str(if is_secret { MASK } else { credentials });
        masked.push_str(&word[credentials.len()..]);
    }
}

/// The nearest place in the text, not after this one, that is between two characters.
fn boundary(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at)
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(0)
}

fn finished(masked: Option<String>, rest: &str) -> Option<String> {
    masked.map(|mut masked| {
        masked.push_str(rest);
        masked
    })
}

#[cfg(test)]
mod tests;
