//! Where a token comes from. In: a request. Out: the token and how it was brought; none; or why what is there
//! cannot be taken.
//!
//! If there is a header `Authorization`, nothing else is looked at.
//!
//! Next: `../tokens.rs` validates it.

use http::header::{AUTHORIZATION, COOKIE};
use http::{HeaderMap, Request};

use crate::dialect_07::QUERY_TOKEN;
use crate::dialect_08;
use crate::form;
use crate::refusal::Refusal;
use crate::settings::Settings;

/// How a token was brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carrier {
    Header,
    /// Of the 0.x dialect only.
    Query,
    Cookie,
}

/// A token as it was brought. Its `Debug` does not show it.
pub(super) struct Credentials {
    pub(super) token: String,
    pub(super) carrier: Carrier,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Credentials").field(&self.carrier).finish()
    }
}

/// Finds the token of a request.
pub(super) fn find<B>(
    request: &Request<B>,
    settings: &Settings,
) -> Result<Option<Credentials>, Refusal> {
    let brought = |token: &str, carrier| {
        Some(Credentials {
            token: token.to_owned(),
            carrier,
        })
    };
    if let Some(token) = in_header(request.headers())? {
        return Ok(brought(token, Carrier::Header));
    }
    if let Some(token) = in_query(request, settings)? {
        return Ok(brought(&token, Carrier::Query));
    }
    let mut names = vec![dialect_08::COOKIE];
    if settings.url().scheme() == "http" {
        names.push(dialect_08::PLAIN_COOKIE);
    }
    names.push(&settings.cookie);
    let mut found = names
        .into_iter()
        .filter_map(|name| in_cookie(request.headers(), name));
    Ok(found
        .next()
        .and_then(|token| brought(token, Carrier::Cookie)))
}

fn in_header(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(Refusal::malformed(
            "The request has more than one header Authorization.",
        ));
    }
    let text = value.to_str().unwrap_or_default();
    let token = text
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let token = token.map(|(_, token)| token.trim_matches(' '));
    let token = token.filter(|token| !token.is_empty());
    token.map(Some).ok_or_else(|| {
        Refusal::invalid_token("The header Authorization is not 'Bearer' and a token.")
    })
}

fn in_query<B>(request: &Request<B>, settings: &Settings) -> Result<Option<String>, Refusal> {
    let query = request.uri().query().unwrap_or_default();
    if !query.contains(QUERY_TOKEN) {
        return Ok(None);
    }
    let fields = form::fields(query.as_bytes())?;
    let found = fields.into_iter().find(|field| field.name == QUERY_TOKEN);
    match found {
        Some(_) if !settings.query_token => Err(Refusal::invalid_token(
            "Tokens in the query are switched off here, since they get into logs: bring it in the header \
             Authorization or in a cookie.",
        )),
        found => Ok(found.map(|field| field.value)),
    }
}

/// The first cookie of this name that is not empty.
fn in_cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';'));
    let mut named = pairs.filter_map(|pair| {
        let (found, value) = pair.trim().split_once('=')?;
        let value = value
            .strip_prefix('"')
            .and_then(|value| value.strip_suffix('"'))
            .unwrap_or(value);
        (found == name && !value.is_empty()).then_some(value)
    });
    named.next()
}
