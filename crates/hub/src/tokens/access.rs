//! What a token that was taken allows. In: the claims, as either validator read them. Out: grants, an end, and
//! what belongs to a subscription.
//!
//! Next: back to `../tokens.rs`.

use std::time::SystemTime;

use serde_json::Value;

use crate::grants::Grants;

/// Which of the two kinds a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issuance {
    /// With a claim `mercure`: of the 0.x dialect.
    MercureClaim,
    /// An access token (RFC 9068): of the 1.0 dialect.
    AccessToken,
}

/// Says what the bearer of a token may do.
#[derive(Clone, Debug, PartialEq)]
pub struct Access {
    /// Which rules the token was held to.
    pub issuance: Issuance,
    /// Its `iss`.
    pub issuer: Option<String>,
    /// Its `sub`: whom limits are counted for.
    pub subject: Option<String>,
    /// When it ends, and with it every stream that was opened with it.
    pub expires: Option<SystemTime>,
    /// What it may publish to.
    pub publish: Grants,
    /// Which private events it may receive.
    pub subscribe: Grants,
    /// What is shown with subscriptions whose selector the grants cover.
    pub(crate) payloads: Vec<(Grants, Value)>,
}

impl Access {
    /// Returns what the token says belongs to a subscription with this selector.
    #[must_use]
    pub fn payload(&self, selector: &str) -> Option<&Value> {
        let mut payloads = self.payloads.iter();
        let found = payloads.find(|(grants, _)| {
            let named = grants
                .selectors()
                .iter()
                .any(|known| known.as_str() == selector);
            named || grants.cover(selector)
        });
        found.map(|(_, payload)| payload)
    }
}
