//! Arguments of the small programs of the tests. In: `--name value` pairs. Out: the values.
//!
//! Next: `bin/kill-server.rs`.

use std::env;
use std::str::FromStr;

/// The value that follows `--name`, if it is there.
///
/// # Errors
/// It is there and cannot be read.
pub fn optional<T: FromStr>(name: &str) -> Result<Option<T>, String> {
    let flag = format!("--{name}");
    let mut arguments = env::args().skip_while(|argument| *argument != flag);
    let Some(value) = arguments.nth(1) else {
        return Ok(None);
    };
    let parsed = value.parse();
    parsed
        .map(Some)
        .map_err(|_| format!("{flag} cannot be {value:?}"))
}

/// The value that follows `--name`.
///
/// # Errors
/// It is not there, or cannot be read.
pub fn required<T: FromStr>(name: &str) -> Result<T, String> {
    optional(name)?.ok_or_else(|| format!("--{name} is missing"))
}
