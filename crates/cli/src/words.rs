//! Errors of the library in the program's words. In: an error. Out: its text for a terminal: what the
//! library names by its own functions is named by the options of the program, secrets are masked.
//!
//! Next: `text.rs`, `secrets.rs`.

use std::fmt::Display;

use crate::plain::visible;
use crate::secrets::masked;

/// What the library says, and what a user of the program can do.
const OPTIONS: [(&str, &str); 12] = [
    ("raise Limits::line", "raise --max-line"),
    ("raise Limits::event", "raise --max-event"),
    ("raise Limits::id", "raise --max-id"),
    (
        "trust its issuer as an extra root",
        "trust its issuer with --cacert",
    ),
    (
        "trust this very certificate as an extra root",
        "trust this very certificate with --cacert",
    ),
    (
        "allow a longer connect timeout",
        "allow more time with --connect-timeout",
    ),
    (
        "ask for 'Accept-Encoding: identity'",
        "add -H 'Accept-Encoding: identity'",
    ),
    (
        "the proxy's address, user and password, or go without it",
        "the proxy's address, user and password, or go without it (--no-proxy)",
    ),
    (
        "the policy does not repeat the request",
        "a request with a body, or with a method such as POST, is not repeated",
    ),
    ("set the method, to POST say", "set the method with -X POST"),
    ("as many as the policy has", "the limit of the preset"),
    ("the policy's limit", "the limit of the preset"),
];

/// The text of an error, with its causes and what to do about it, in one line.
pub(crate) fn with_help(error: impl Display, help: Option<&str>) -> String {
    match help {
        Some(help) => of(format_args!("{error:#} ({help})")),
        None => of(error),
    }
}

/// The text of an error, with its causes, in one line.
pub(crate) fn of(error: impl Display) -> String {
    let mut text = format!("{error:#}");
    for (library, program) in OPTIONS {
        if text.contains(library) {
            text = text.replace(library, program);
        }
    }
    visible(&masked(&text)).into_owned()
}

#[cfg(test)]
mod tests;
