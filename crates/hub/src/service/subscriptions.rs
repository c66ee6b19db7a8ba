//! Who is subscribed, for clients that may know it. In: the path of a request below the hub's, and its token. Out: one
//! document, or several, in the form of the token's dialect.
//!
//! Next: `../presence.rs`.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ETAG, IF_NONE_MATCH, LINK};
use http::{HeaderValue, Request, Response, StatusCode};
use serde_json::Value;

use crate::presence::{Presence, Subscription};
use crate::refusal::Refusal;
use crate::tokens::{Access, Issuance, Purpose};
use crate::wanted::MatchType;
use crate::{dialect_07, dialect_08, form};

use super::shared::Shared;
use super::{authorize, reply};

/// When to ask again while the history cannot be read.
const AGAIN: Duration = Duration::from_secs(2);

/// What a path asks for.
#[derive(Debug, PartialEq, Eq)]
enum Question {
    All,
    Of(Selected),
    One(Selected, String),
}

/// A selector, and of which kind it is where that was said.
#[derive(Debug, PartialEq, Eq)]
struct Selected {
    match_type: MatchType,
    selector: String,
}

impl Question {
    /// Reads what follows `/subscriptions`.
    fn read(rest: &str, issuance: Issuance) -> Option<Self> {
        let segments = rest.split('/').skip(1).map(form::unescape);
        let segments: Vec<String> = segments.collect::<Option<_>>()?;
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        if segments.is_empty() {
            return Some(Self::All);
        }
        let (match_type, rest) = match (issuance, segments.as_slice()) {
            (Issuance::MercureClaim, rest) => (MatchType::Topic, rest),
            (Issuance::AccessToken, ["exact", rest @ ..]) => (MatchType::Exact, rest),
            (Issuance::AccessToken, ["urlpattern", rest @ ..]) => (MatchType::UrlPattern, rest),
            _ => return None,
        };
        let selected = |selector: &str| Selected {
            match_type,
            selector: selector.to_owned(),
        };
        match rest {
            [selector] => Some(Self::Of(selected(selector))),
            [selector, subscriber] => Some(Self::One(selected(selector), (*subscriber).to_owned())),
            _ => None,
        }
    }

    fn asks_for(&self, one: &Subscription<'_>) -> bool {
        let is_selected = |selected: &Selected| {
            selected.match_type == one.match_type && selected.selector == one.selector
        };
        match self {
            Self::All => true,
            Self::Of(selected) => is_selected(selected),
            Self::One(selected, subscriber) => {
                is_selected(selected) && subscriber == one.subscriber
            }
        }
    }
}

impl Shared {
    /// Answers `GET` below `/subscriptions`; `path` is the whole path, `rest` what follows that.
    pub(super) async fn subscriptions(
        &self,
        request: &Request<()>,
        presence: &Presence,
        rest: &str,
    ) -> Result<Response<Bytes>, Refusal> {
        let path = request.uri().path();
        let found = authorize::access(request, &self.settings, Purpose::Subscribe).await?;
        let (access, _) = found.ok_or_else(|| {
            Refusal::no_token("Subscriptions are shown for a token whose grants cover this path.")
        })?;
        if !self.may_see(&access, path) {
            return Err(Refusal::not_allowed(
                "The token's grants do not cover this path.",
            ));
        }
        let question = Question::read(rest, access.issuance);
        let question = question.ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, NOWHERE))?;
        let found = presence.find(|one| question.asks_for(one)).await;
        let (mut documents, cursor) = found.map_err(|error| {
            let says = format!("Who is subscribed cannot be read at the moment: {error}.");
            Refusal::for_now(StatusCode::SERVICE_UNAVAILABLE, says, AGAIN)
        })?;
        let cursor = cursor.to_string();
        let document = match (&question, access.issuance) {
            (Question::One(..), _) => documents.pop().ok_or_else(|| {
                Refusal::new(StatusCode::NOT_FOUND, "There is no such subscription.")
            })?,
            (_, Issuance::MercureClaim) => dialect_07::subscriptions(path, &cursor, &documents),
            (_, Issuance::AccessToken) => dialect_08::subscriptions(path, &documents),
        };
        Ok(self.document(request, &document, &cursor, access.issuance))
    }

    fn may_see(&self, access: &Access, path: &str) -> bool {
        let absolute = self.settings.url().join(path);
        let is_covered = |topic: &str| access.subscribe.cover(topic);
        is_covered(path) || absolute.is_ok_and(|url| is_covered(url.as_str()))
    }

    fn document(
        &self,
        request: &Request<()>,
        document: &Value,
        cursor: &str,
        issuance: Issuance,
    ) -> Response<Bytes> {
        let text = document.to_string();
        let digest = ring::digest::digest(
            &ring::digest::SHA256,
            format!("{cursor}\n{text}").as_bytes(),
        );
        let digits = digest
            .as_ref()
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"));
        let etag = format!("\"{}\"", digits.collect::<String>());
        let content_type = match issuance {
            Issuance::MercureClaim => dialect_07::CONTENT_TYPE,
            Issuance::AccessToken => dialect_08::CONTENT_TYPE,
        };
        let mut response = match knows(request, &etag) {
            true => reply::with_type(StatusCode::NOT_MODIFIED, content_type, Bytes::new()),
            false => reply::with_type(StatusCode::OK, content_type, text),
        };
        let headers = response.headers_mut();
        if let Ok(etag) = HeaderValue::try_from(etag) {
            headers.insert(ETAG, etag);
        }
        if issuance == Issuance::AccessToken {
            let hub = self.settings.url();
            let link = format!(
                "<{hub}>; rel=\"mercure\"; last-event-id=\"{cursor}\"; type=\"mercure\"; \
                 content-type=\"application/json\""
            );
            if let Ok(link) = HeaderValue::try_from(link) {
                headers.insert(LINK, link);
            }
        }
        response
    }
}

const NOWHERE: &str = "There are three kinds of path here: subscriptions, those of one selector, and one of them: \
                       subscriptions/SELECTOR/SUBSCRIBER, in the 1.0 dialect \
                       subscriptions/MATCH_TYPE/MATCH/SUBSCRIBER.";

/// Whether the client has this version (RFC 9110, 13.1.2).
fn knows(request: &Request<()>, etag: &str) -> bool {
    let lines = request.headers().get_all(IF_NONE_MATCH).iter();
    let mut tags = lines.flat_map(|line| line.to_str().unwrap_or_default().split(','));
    tags.any(|tag| {
        let tag = tag.trim();
        tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag
    })
}

#[cfg(test)]
mod tests;
