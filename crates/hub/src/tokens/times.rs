//! The times of a token (RFC 7519, 4.1.4 and 4.1.5). In: its claims, the time. Out: when it expires; or that it
//! has, or is not valid yet.
//!
//! Next: `mercure_claim.rs`, `access_token.rs`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value};

use super::error::TokenError;

/// How far the clock of an issuer may be ahead of ours. A token never lives longer than its `exp` for that.
pub const LEEWAY: Duration = Duration::from_secs(30);

/// When the token expires, if it says so.
pub(super) fn check(
    claims: &Map<String, Value>,
    now: SystemTime,
) -> Result<Option<SystemTime>, TokenError> {
    let expires = date(claims, "exp")?;
    if expires.is_some_and(|expires| expires <= now) {
        return Err(TokenError::Expired);
    }
    if date(claims, "nbf")?.is_some_and(|begins| begins > now + LEEWAY) {
        return Err(TokenError::NotYet);
    }
    Ok(expires)
}

/// Seconds since 1970, a number with or without a fraction. What is before that is 1970; what a clock cannot
/// hold is as late as it can.
fn date(claims: &Map<String, Value>, name: &str) -> Result<Option<SystemTime>, TokenError> {
    /// The year 10,000: nothing that is added to it overflows.
    const LATEST: f64 = 253_402_300_800.0;

    let seconds = match claims.get(name) {
        None => return Ok(None),
        Some(Value::Number(number)) => number.as_f64(),
        Some(_) => None,
    };
    let seconds = seconds.filter(|seconds| seconds.is_finite());
    let seconds = seconds.ok_or(TokenError::Claims(
        "\"exp\" and \"nbf\" are numbers, seconds since 1970",
    ))?;
    let since = Duration::from_secs_f64(seconds.clamp(0.0, LATEST));
    Ok(Some(UNIX_EPOCH + since))
}
