//! A hub to try out. In: nothing. Out: a new secret, and a token that may do everything until the hub ends.
//!
//! Next: `introduction.rs` prints it, `minting.rs` makes others.

use std::time::{SystemTime, UNIX_EPOCH};

use rcgen::KeyPair;
use serde_json::{Value, json};
use wellspring_hub::tokens::sign_hs256;

use crate::exit::Ending;

/// How long a token made here is good, in seconds.
const DAY: u64 = 24 * 60 * 60;

/// A secret that cannot be guessed: a private key that is used for nothing else.
pub(super) fn secret() -> Result<Vec<u8>, Ending> {
    let made = KeyPair::generate();
    let made = made.map_err(|error| Ending::failed(format_args!("no random numbers: {error}")))?;
    Ok(made.serialize_der())
}

/// A token for publishing and reading everything.
pub(super) fn token(secret: &[u8]) -> String {
    let claims = json!({
        "exp": now() + DAY,
        "mercure": { "publish": ["*"], "subscribe": ["*"] },
    });
    sign(secret, &claims)
}

/// A token with these claims.
pub(super) fn sign(secret: &[u8], claims: &Value) -> String {
    sign_hs256(secret, "JWT", claims)
}

/// Seconds since 1970.
pub(super) fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.unwrap_or_default().as_secs()
}
