//! The body of a request, as `-d` gives it. In: text, or the name of a file. Out: bytes, and their type.
//!
//! Next: `tail/source.rs`, `check/asking.rs`.

use std::fs;
use std::io::{self, Read};

use serde_json::value::RawValue;

use crate::exit::Ending;

/// The text itself, or what is in a file or on standard input.
pub(crate) fn read(data: &str) -> Result<Vec<u8>, Ending> {
    let Some(name) = data.strip_prefix('@') else {
        return Ok(data.into());
    };
    let read = if name == "-" {
        let mut body = Vec::new();
        io::stdin().read_to_end(&mut body).map(|_| body)
    } else {
        fs::read(name)
    };
    read.map_err(|error| Ending::usage(format_args!("-d @{name}: {error}")))
}

/// The `Content-Type` of a body, unless one of the headers gives it.
pub(crate) fn content_type(body: &[u8], headers: &[(String, String)]) -> Option<&'static str> {
    let mut names = headers.iter().map(|(name, _)| name);
    if names.any(|name| name.eq_ignore_ascii_case("content-type")) {
        return None;
    }
    Some(match serde_json::from_slice::<&RawValue>(body) {
        Ok(_) => "application/json",
        Err(_) => "application/x-www-form-urlencoded",
    })
}
