//! Who asks. In: a request. Out: what its token allows, and how it was brought; nothing if it brings none; a
//! bad token is refused, never passed over.
//!
//! Next: `publish.rs`, `subscribe.rs`, `subscriptions.rs`.

use std::time::SystemTime;

use http::Request;

use crate::refusal::Refusal;
use crate::settings::Settings;
use crate::tokens::{Access, Issuance, Purpose};

use super::credentials::{self, Carrier};

/// What the token of a request allows.
pub(super) async fn access<B>(
    request: &Request<B>,
    settings: &Settings,
    purpose: Purpose,
) -> Result<Option<(Access, Carrier)>, Refusal> {
    let Some(found) = credentials::find(request, settings)? else {
        return Ok(None);
    };
    let validator = &settings.validator;
    let validated = validator
        .validate(&found.token, purpose, SystemTime::now())
        .await;
    let access = validated.map_err(|error| {
        let mut says = error.to_string();
        // A sentence begins with a capital letter and ends with a full stop.
        if let Some(first) = says.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        Refusal::invalid_token(says + ".")
    })?;
    if found.carrier == Carrier::Query && access.issuance == Issuance::AccessToken {
        return Err(Refusal::invalid_token(
            "An access token (typ at+jwt) is never brought in the query: use the header Authorization, or the \
             cookie.",
        ));
    }
    Ok(Some((access, found.carrier)))
}
