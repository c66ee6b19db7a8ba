//! Publishing. In: a request with a form, and its token. Out: the id of the event, once it is stored; or what is
//! wrong.
//!
//! Next: `../publication.rs` reads the form, `crates/broker` stores it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body::Body;
use tokio::time::Instant;
use wellspring_broker::{IdempotencyKey, PublishError, Update, UpdateError};

use crate::publication::{self, Publication};
use crate::refusal::Refusal;
use crate::tokens::{Access, Issuance, Purpose};

use super::credentials::Carrier;
use super::shared::Shared;
use super::{authorize, cors, reply};

const FORM: &str = "application/x-www-form-urlencoded";
const KEY: &str = "idempotency-key";

impl Shared {
    /// Answers `POST`.
    pub(super) async fn publish<B>(
        &self,
        request: &Request<()>,
        body: &mut B,
    ) -> Result<Response<Bytes>, Refusal>
    where
        B: Body<Data = Bytes> + Unpin,
    {
        let access = self.may_publish(request).await?;
        let received = self.bodies.receive(body).await?;
        let publication = publication::read(received.bytes())?;
        self.check(&publication, &access)?;
        self.pay(&access, received.bytes().len())?;
        let key = idempotency_key(request.headers(), &access)?;
        let update = update(publication)?;
        match self.broker.publish(&update, key).await {
            Ok(published) => Ok(reply::text(StatusCode::OK, published.id)),
            Err(error) => Err(refused(&error)),
        }
    }

    /// Everything that can be said before the body is read.
    async fn may_publish(&self, request: &Request<()>) -> Result<Access, Refusal> {
        let settings = &self.settings;
        let found = authorize::access(request, settings, Purpose::Publish).await?;
        let (access, carrier) = found.ok_or_else(|| {
            Refusal::no_token("Publishing needs a token: Authorization: Bearer and a signed JWT.")
        })?;
        if carrier == Carrier::Cookie
            && !cors::may_publish(&settings.publish_origins, request.headers())
        {
            return Err(Refusal::new(
                StatusCode::FORBIDDEN,
                "With a token in a cookie, only pages of the origins that are allowed to publish can do so \
                 (--publish-origin); this request names none of them in Origin or Referer.",
            ));
        }
        let content_type = request.headers().get(CONTENT_TYPE);
        let content_type = content_type
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case(FORM) {
            let says = format!("Publish with Content-Type: {FORM}.");
            return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, says));
        }
        Ok(access)
    }

    fn check(&self, publication: &Publication, access: &Access) -> Result<(), Refusal> {
        if publication.reserved_topic(self.settings.url()).is_some() {
            let says = "A topic is the hub's own: its path is that of the hub, or below it.";
            let status = match access.issuance {
                Issuance::MercureClaim => StatusCode::FORBIDDEN,
                Issuance::AccessToken => StatusCode::BAD_REQUEST,
            };
            return Err(Refusal::new(status, says));
        }
        let topics = publication.topics.iter().map(String::as_str);
        if !access.publish.cover_all(topics) {
            return Err(Refusal::not_allowed(
                "The token does not allow publishing to each of these topics.",
            ));
        }
        Ok(())
    }

    /// Counts the bytes against the publisher's rate.
    fn pay(&self, access: &Access, bytes: usize) -> Result<(), Refusal> {
        let Some(rate) = self.settings.limits.publish_rate else {
            return Ok(());
        };
        let mut hasher = DefaultHasher::new();
        scope(access).hash(&mut hasher);
        let paid = self
            .rates
            .take(hasher.finish(), bytes, rate, Instant::now());
        paid.map_err(|wait| {
            let says = format!("This token publishes more than {rate} bytes a second.");
            Refusal::for_now(StatusCode::TOO_MANY_REQUESTS, says, wait)
        })
    }
}

/// Whom a key belongs to: the issuer and the subject, or where a token has no subject, all who may publish the
/// same. Otherwise one publisher could swallow another's event, and learn its id.
fn scope(access: &Access) -> String {
    let issuer = access.issuer.as_deref().unwrap_or_default();
    match &access.subject {
        Some(subject) => format!("{issuer}\n{subject}"),
        None => {
            let mut hash = ring::digest::Context::new(&ring::digest::SHA256);
            for selector in access.publish.selectors() {
                hash.update(selector.as_str().as_bytes());
                hash.update(b"\n");
            }
            let digest = hash.finish();
            let digits = digest
                .as_ref()
                .iter()
                .take(16)
                .map(|byte| format!("{byte:02x}"));
            format!("{issuer}\n\n{}", digits.collect::<String>())
        }
    }
}

fn idempotency_key(
    headers: &HeaderMap,
    access: &Access,
) -> Result<Option<IdempotencyKey>, Refusal> {
    let mut values = headers.get_all(KEY).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let key = value
        .to_str()
        .ok()
        .filter(|key| !key.is_empty() && key.len() <= 255);
    let key = key.filter(|_| values.next().is_none());
    let key = key.and_then(|key| IdempotencyKey::new(&scope(access), key).ok());
    key.map(Some).ok_or_else(|| {
        Refusal::bad("Idempotency-Key is one header of 1 to 255 visible ASCII characters.")
    })
}

fn update(publication: Publication) -> Result<Update, Refusal> {
    let build = || {
        let mut topics = publication.topics.into_iter();
        let mut update = Update::new(topics.next().unwrap_or_default())?;
        for topic in topics {
            update = update.alternate(topic)?;
        }
        if let Some(data) = publication.data {
            update = update.data(data);
        }
        if let Some(id) = &publication.id {
            update = update.id(id)?;
        }
        if let Some(event_type) = &publication.event_type {
            update = update.event_type(event_type)?;
        }
        if let Some(milliseconds) = publication.retry {
            update = update.retry(Duration::from_millis(milliseconds));
        }
        Ok(update.private(publication.private))
    };
    build()
        .map_err(|error: UpdateError| Refusal::bad(format!("The update is not usable: {error}.")))
}

fn refused(error: &PublishError) -> Refusal {
    match error {
        PublishError::TooLarge { limit } => Refusal::too_large(format!(
            "The update has more than {limit} bytes as it is stored."
        )),
        PublishError::Conflict => Refusal::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Another update was published with this Idempotency-Key. Use a new key for a new update.",
        ),
        PublishError::Unavailable {
            reason,
            retry_after,
        } => Refusal::for_now(
            StatusCode::SERVICE_UNAVAILABLE,
            format!("The update was not stored: {reason}."),
            *retry_after,
        ),
        // Not 503, which says that it was not stored.
        _ => Refusal::for_now(
            StatusCode::GATEWAY_TIMEOUT,
            "It is not known whether the update was stored. Publish it again with the same Idempotency-Key.",
            Duration::from_secs(2),
        ),
    }
}
