//! Values of arguments. In: words. Out: what they mean, or what is wrong with them. Secrets among them
//! are remembered here, so that nothing prints them.
//!
//! Next: `tail.rs` and `reach.rs` use them.

use std::time::Duration;

use url::Url;
use wellspring::transport::Proxy;

use crate::secrets;

/// Thirty years; clocks cannot be asked for moments much further away.
const LIMIT: Duration = Duration::from_secs(1_000_000_000);

#[derive(Clone)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) password: String,
}

/// Without the password.
impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("User").field(&self.name).finish()
    }
}

pub(super) fn url(text: &str) -> Result<String, String> {
    if let Ok(url) = Url::parse(text) {
        secrets::remember_those_of(&url);
    }
    if text.contains("://") {
        return Ok(text.to_owned());
    }
    let shown = secrets::masked(text);
    Err(format!(
        "not an absolute URL; did you mean http://{shown} or https://{shown}?"
    ))
}

pub(super) fn last_event_id(text: &str) -> Result<String, &'static str> {
    if text.contains(['\r', '\n']) {
        return Err("an id has no line ends");
    }
    Ok(text.to_owned())
}

pub(super) fn seconds(text: &str) -> Result<Duration, &'static str> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds")?;
    let duration = Duration::try_from_secs_f64(seconds);
    duration
        .ok()
        .filter(|duration| !duration.is_zero() && *duration < LIMIT)
        .ok_or("a time is more than 0 seconds and less than 30 years")
}

/// So many of a hundred.
pub(super) fn share(text: &str) -> Result<u32, &'static str> {
    let share = text.parse().ok().filter(|share| *share <= 100);
    share.ok_or("a share is 0 to 100 percent")
}

/// Likewise, or 0.
pub(super) fn seconds_or_none(text: &str) -> Result<Duration, &'static str> {
    match text.parse() {
        Ok(0.0) => Ok(Duration::ZERO),
        _ => seconds(text),
    }
}

/// A number of bytes: `65536`, `64K`, `16M`, `1G`.
pub(super) fn bytes(text: &str) -> Result<usize, &'static str> {
    const WRONG: &str = "a number of bytes is more than 0, perhaps with K, M or G, as in 64K";
    let unit = text.bytes().last().map(|byte| byte.to_ascii_uppercase());
    let shift = match unit {
        Some(b'K') => 10,
        Some(b'M') => 20,
        Some(b'G') => 30,
        _ => 0,
    };
    let number = if shift > 0 {
        &text[..text.len() - 1]
    } else {
        text
    };
    let number: usize = number.parse().map_err(|_| WRONG)?;
    let bytes = number.checked_mul(1 << shift).ok_or(WRONG)?;
    if bytes == 0 { Err(WRONG) } else { Ok(bytes) }
}

pub(super) fn header(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text
        .split_once(':')
        .ok_or("a header is a name, a colon and a value")?;
    let (name, value) = (name.trim(), value.trim());
    if secrets::is_secret_parameter(name) {
        secrets::remember(value);
        // What follows "Bearer" or "Basic" may be repeated alone.
        secrets::remember(value.split_whitespace().next_back().unwrap_or_default());
    }
    // A space in the name: that may be a value, whose name was forgotten.
    if name.is_empty() || name.contains(char::is_whitespace) {
        return Err("a header's name has no spaces");
    }
    Ok((name.to_owned(), value.to_owned()))
}

pub(super) fn proxy(text: &str) -> Result<Proxy, String> {
    if let Ok(url) = Url::parse(text) {
        secrets::remember_those_of(&url);
    }
    Proxy::new(text).map_err(|error| error.to_string())
}

pub(super) fn user(text: &str) -> Result<User, &'static str> {
    let (name, password) = text
        .split_once(':')
        .ok_or("a name, a colon and a password")?;
    secrets::remember(password);
    Ok(User {
        name: name.to_owned(),
        password: password.to_owned(),
    })
}

#[cfg(test)]
mod tests;
