//! Tokens for trying the hub out. In: a secret, a header's type, claims. Out: a signed token.
//!
//! Next: back to `../tokens.rs`.

use ring::hmac;
use serde_json::{Value, json};

use super::base64url;

/// Signs claims with a secret (HS256). `typ` is `JWT` for tokens with a `mercure` claim, `at+jwt` for access
/// tokens. For `--dev` and tests: in earnest, tokens come from who knows the users.
#[must_use]
pub fn sign_hs256(secret: &[u8], typ: &str, claims: &Value) -> String {
    let header = json!({ "alg": "HS256", "typ": typ }).to_string();
    let signed = format!(
        "{}.{}",
        base64url::encode(header.as_bytes()),
        base64url::encode(claims.to_string().as_bytes())
    );
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    let signature = hmac::sign(&key, signed.as_bytes());
    format!("{signed}.{}", base64url::encode(signature.as_ref()))
}
