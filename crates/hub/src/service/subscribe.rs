//! Subscribing. In: a request, and its token. Out: an event stream; or one that ends at once, for a client that
//! has to come back later: to an event source every status but 200 is the end.
//!
//! Next: `../subscribe.rs` reads what is asked for, `stream.rs` is what is answered.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body::Body;
use tokio::time::Instant;
use wellspring_broker::{OnLag, Resume, Selector, Start, SubscribeError, Subscription};

use crate::dialect_08::EARLIEST;
use crate::limits::{Asker, Full, Place};
use crate::metrics::Counters;
use crate::refusal::Refusal;
use crate::subscribe;
use crate::tokens::{Access, Purpose};
use crate::wanted::{Dialect, MatchType, Subscribe};
use crate::{dialect_07, dialect_08};

use super::body::HubBody;
use super::receive::Received;
use super::shared::Shared;
use super::stream::{Events, Plan};
use super::{authorize, client, opening};

const RESUME_HEADER: HeaderName = HeaderName::from_static("wellspring-resume");
const ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// What is never stored on the way.
const UNCACHED: &str = "private, no-cache, no-store, must-revalidate, max-age=0";

/// When a client that has to come back later should do so.
const LATER: std::ops::RangeInclusive<Duration> = Duration::from_secs(2)..=Duration::from_secs(8);

impl Shared {
    /// Answers `GET`, `HEAD` and `QUERY`.
    pub(super) async fn subscribe<B>(
        &self,
        request: &Request<()>,
        body: &mut B,
    ) -> Result<Response<HubBody>, Refusal>
    where
        B: Body<Data = Bytes> + Unpin,
    {
        let form = match request.method().as_str() {
            "QUERY" => Some(self.bodies.receive(body).await?),
            _ => None,
        };
        let form = form.as_ref().map(Received::bytes);
        let header = request
            .headers()
            .get(LAST_EVENT_ID)
            .map(HeaderValue::as_bytes);
        let query = request.uri().query().unwrap_or_default();
        let asked = subscribe::read(query, form, header, self.settings.url())?;
        self.check_limits(&asked)?;
        let access = authorize::access(request, &self.settings, Purpose::Subscribe).await?;
        let access = access.map(|(access, _)| access);
        if access.is_none() && !self.settings.anonymous {
            return Err(Refusal::no_token(
                "Subscribing needs a token: Authorization: Bearer and a signed JWT, or a cookie.",
            ));
        }
        self.open(request, asked, access.as_ref()).await
    }

    fn check_limits(&self, asked: &Subscribe) -> Result<(), Refusal> {
        let limits = &self.settings.limits;
        if asked.wanted.len() > limits.selectors {
            let most = limits.selectors;
            return Err(Refusal::bad(format!(
                "A subscription has at most {most} topic selectors here."
            )));
        }
        if wide(asked).count() > limits.wide_selectors {
            let most = limits.wide_selectors;
            return Err(Refusal::bad(format!(
                "A subscription has at most {most} topic selectors that begin with a variable."
            )));
        }
        let patterns = asked.wanted.iter();
        let patterns = patterns.filter(|wanted| wanted.match_type == MatchType::UrlPattern);
        if patterns.count() > limits.url_patterns {
            let most = limits.url_patterns;
            return Err(Refusal::bad(format!(
                "A subscription has at most {most} URL patterns here; use match for exact topics."
            )));
        }
        Ok(())
    }

    /// A place among the streams that there may be. To have too many selectors that begin with a variable is a
    /// mistake in the 0.x dialect, and a limit in that of 1.0.
    fn place(
        &self,
        request: &Request<()>,
        asked: &Subscribe,
        access: Option<&Access>,
    ) -> Result<Result<Place, Full>, Refusal> {
        let mut wide: Vec<Arc<str>> = wide(asked).map(Into::into).collect();
        wide.sort_unstable();
        wide.dedup();
        let asker = Asker {
            address: client::address(request, &self.settings.trusted_proxies),
            subject: access.and_then(|access| access.subject.as_deref()),
            wide: &wide,
        };
        let taken = self.connections.take(&self.settings.limits, asker);
        if !matches!(taken, Err(Full::Wide)) {
            return Ok(taken);
        }
        let most = self.settings.limits.wide_selectors_per_client;
        let says = format!("Not now: {} ({most}).", Full::Wide);
        Err(match asked.dialect {
            Dialect::V07 => Refusal::bad(says),
            Dialect::V08 => Refusal::for_now(StatusCode::TOO_MANY_REQUESTS, says, between(&LATER)),
        })
    }

    async fn open(
        &self,
        request: &Request<()>,
        asked: Subscribe,
        access: Option<&Access>,
    ) -> Result<Response<HubBody>, Refusal> {
        let place = match self.place(request, &asked, access)? {
            Ok(place) => place,
            Err(full) => return self.later(StatusCode::TOO_MANY_REQUESTS, &full.to_string()),
        };
        if request.method() == Method::HEAD {
            return Ok(event_stream(HubBody::full(Bytes::new())));
        }
        let ticket = match &self.presence {
            Some(presence) => Some(presence.join(&asked.wanted, access).await),
            None => None,
        };
        let subscription = match self.broker.subscribe(wanted(&asked, access)).await {
            Ok(subscription) => subscription,
            Err(SubscribeError::NoSelector) => {
                return Err(Refusal::bad("There is no topic selector."));
            }
            Err(error) => return self.later(StatusCode::SERVICE_UNAVAILABLE, &error.to_string()),
        };
        let retry = between(&self.settings.reconnection_times);
        // What was asked to begin at the beginning has missed nothing.
        let resume = subscription.resume();
        let first = match asked.last_event_id.as_deref() {
            Some(EARLIEST) => opening::first(retry, None, None, false),
            _ => opening::first(retry, subscription.position(), resume, asked.tell_gaps),
        };
        let headers = answer(&asked, &subscription);
        let plan = self.plan(&asked, access);
        let events = Events::new(first, subscription, plan, place, ticket);
        let mut response = event_stream(HubBody::events(events));
        response.headers_mut().extend(headers);
        Ok(response)
    }

    fn plan(&self, asked: &Subscribe, access: Option<&Access>) -> Plan {
        let now = Instant::now();
        let lifetime = self.settings.lifetime.map(|life| {
            let share = 0.8 + 0.2 * fastrand::f64();
            now + life.mul_f64(share)
        });
        let expires = access.and_then(|access| access.expires);
        let left = expires.map(|at| at.duration_since(SystemTime::now()).unwrap_or_default());
        Plan {
            keep_alive: self.settings.keep_alive,
            lifetime,
            expires: left.and_then(|left| now.checked_add(left)),
            tell_gaps: asked.tell_gaps,
            tell_expiry: asked.tell_expiry,
        }
    }

    /// The answer to a client that may come back later.
    fn later(&self, status: StatusCode, says: &str) -> Result<Response<HubBody>, Refusal> {
        Counters::count(&self.counters.deferred);
        let retry = between(&LATER);
        if self.settings.refuse_with_status {
            return Err(Refusal::for_now(status, format!("Not now: {says}."), retry));
        }
        Ok(event_stream(HubBody::full(opening::later(says, retry))))
    }
}

/// The selectors that every topic has to be compared with.
fn wide(asked: &Subscribe) -> impl Iterator<Item = &str> {
    let selectors = asked.wanted.iter().map(|wanted| &wanted.selector);
    let wide = selectors
        .filter(|one| !one.is_any() && one.literal_prefix().is_empty() && !one.as_str().is_empty());
    wide.map(Selector::as_str)
}

fn wanted(asked: &Subscribe, access: Option<&Access>) -> wellspring_broker::Subscribe {
    let selectors = asked.wanted.iter().map(|wanted| wanted.selector.clone());
    let grants = access
        .map(|access| access.subscribe.selectors())
        .unwrap_or_default();
    let start = match asked.last_event_id.as_deref() {
        None => Start::Live,
        Some(EARLIEST) => Start::Earliest,
        Some(id) => Start::After(id.to_owned()),
    };
    let wanted = wellspring_broker::Subscribe::new(selectors).start(start);
    let on_lag = match asked.tell_gaps {
        true => OnLag::Gap,
        false => OnLag::Disconnect,
    };
    wanted.grants(grants.iter().cloned()).on_lag(on_lag)
}

/// The headers that say what became of the last event ID: exactly what the client sent, or that it begins
/// again. Another id could tell of an event that it may not know of.
fn answer(asked: &Subscribe, subscription: &Subscription) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let Some(sent) = asked.last_event_id.as_deref() else {
        return headers;
    };
    let resume = subscription.resume();
    let is_found = resume.as_ref().is_some_and(Resume::is_found);
    let value = if is_found { sent } else { EARLIEST };
    let name = match asked.dialect {
        Dialect::V07 => dialect_07::ANSWER,
        Dialect::V08 => dialect_08::ANSWER,
    };
    if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
        headers.insert(HeaderName::from_static(name), value);
    }
    if let Some(resume) = resume {
        headers.insert(RESUME_HEADER, HeaderValue::from_static(resume.as_str()));
    }
    headers
}

fn event_stream(body: HubBody) -> Response<HubBody> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    let fixed = HeaderValue::from_static;
    headers.insert(CONTENT_TYPE, fixed("text/event-stream"));
    headers.insert(CACHE_CONTROL, fixed(UNCACHED));
    headers.insert(ACCEL_BUFFERING, fixed("no"));
    response
}

/// A random time of these, in whole milliseconds.
fn between(times: &std::ops::RangeInclusive<Duration>) -> Duration {
    let milliseconds = |time: &Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let least = milliseconds(times.start());
    Duration::from_millis(fastrand::u64(least..=milliseconds(times.end()).max(least)))
}
