//! The HTTP face of the hub, as a tower service. In: requests. Out: responses.
//!
//! Next: `service/authorize.rs` (who asks), `service/publish.rs`, `service/subscribe.rs`,
//! `service/subscriptions.rs` (what is asked), `service/stream.rs` (what a subscriber gets).

mod authorize;
mod body;
mod client;
mod cors;
mod credentials;
mod opening;
mod publish;
mod receive;
mod reply;
mod shared;
mod stream;
mod subscribe;
mod subscriptions;

pub use body::HubBody;
pub use client::Peer;

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::ORIGIN;
use http::{Method, Request, Response, StatusCode};
use http_body::Body;
use tower_service::Service;
use wellspring_broker::{Broker, EngineError};

use crate::dialect_08::{self, METADATA_PATH};
use crate::metrics::{self, Counters};
use crate::refusal::Refusal;
use crate::settings::Settings;
use crate::{files, tokens::Issuer};

use shared::Shared;

/// Where a hub is, on its own host.
pub const HUB_PATH: &str = "/.well-known/mercure";

const HUB_METHODS: &str = "GET, HEAD, QUERY, POST";
const READ_METHODS: &str = "GET, HEAD";

/// Answers the requests of publishers and subscribers: a tower service for any server.
///
/// Cloning returns another handle to the same hub. The server that accepts connections puts the [`Peer`] of each
/// into the extensions of its requests, so that limits can count addresses.
#[derive(Clone)]
pub struct Hub {
    shared: Arc<Shared>,
}

impl Hub {
    /// Opens a hub over a broker. With [`subscriptions`](Settings::subscriptions) it takes a lease of the
    /// broker's engine, by which other nodes see that it is there.
    ///
    /// # Errors
    /// The engine cannot be written.
    pub async fn open(settings: Settings, broker: Broker) -> Result<Self, EngineError> {
        let shared = Shared::begin(settings, broker).await?;
        Ok(Self {
            shared: Arc::new(shared),
        })
    }

    /// Returns how many event streams are open.
    #[must_use]
    pub fn subscriber_count(&self) -> usize {
        self.shared.connections.count()
    }

    /// Ends the event streams one after the other over this time, and lets in no more.
    pub async fn drain(&self, within: Duration) {
        self.shared.broker.drain(within).await;
    }

    /// Announces the subscribers that are still there as gone, and gives the lease up. Without this, other
    /// nodes do so within 20 s, or this one when it is started again.
    pub async fn finish(&self) {
        if let Some(presence) = &self.shared.presence {
            presence.finish().await;
        }
    }

    /// Returns the metrics, as a scrape gets them.
    #[must_use]
    pub fn metrics(&self) -> String {
        let shared = &self.shared;
        metrics::text(&shared.broker, &shared.connections, &shared.counters)
    }
}

impl Shared {
    async fn answer<B>(&self, hub: &Hub, request: Request<B>) -> Response<HubBody>
    where
        B: Body<Data = Bytes> + Send + Unpin + 'static,
    {
        let (head, mut body) = request.into_parts();
        let request = Request::from_parts(head, ());
        let path = request.uri().path();
        let below = below_hub(path, self.settings.url().path());
        let is_api = below.is_some() || path.starts_with(METADATA_PATH);
        let mut response = match below {
            Some("") => self.hub(&request, &mut body).await,
            Some(below) => self.below(&request, below).await.map(HubBody::full),
            None => self.beside(hub, &request).map(HubBody::full),
        };
        receive::discard(body, request.version());
        if is_api {
            let origin = request.headers().get(ORIGIN);
            cors::tell(&self.settings.cors, origin, response.headers_mut());
        }
        if request.method() == Method::HEAD {
            *response.body_mut() = HubBody::full(Bytes::new());
        }
        response
    }

    async fn hub<B>(&self, request: &Request<()>, body: &mut B) -> Response<HubBody>
    where
        B: Body<Data = Bytes> + Unpin,
    {
        let answered = match request.method().as_str() {
            "GET" | "HEAD" | "QUERY" => self.subscribe(request, body).await,
            "POST" => {
                let published = self.publish(request, body).await;
                published.map(|response| response.map(HubBody::full))
            }
            "OPTIONS" => Ok(cors::preflight(HUB_METHODS).map(HubBody::full)),
            _ => Ok(reply::only(HUB_METHODS).map(HubBody::full)),
        };
        answered.unwrap_or_else(|refusal| self.refuse(&refusal).map(HubBody::full))
    }

    /// Answers what is below the hub: `/subscriptions`.
    async fn below(&self, request: &Request<()>, below: &str) -> Response<Bytes> {
        let rest = below.strip_prefix("/subscriptions");
        let rest = rest.filter(|rest| rest.is_empty() || rest.starts_with('/'));
        let (Some(rest), Some(presence)) = (rest, &self.presence) else {
            return reply::text(StatusCode::NOT_FOUND, NO_SUBSCRIPTIONS);
        };
        match request.method().as_str() {
            "GET" | "HEAD" => {
                let answered = self.subscriptions(request, presence, rest).await;
                answered.unwrap_or_else(|refusal| self.refuse(&refusal))
            }
            "OPTIONS" => cors::preflight(READ_METHODS),
            _ => reply::only(READ_METHODS),
        }
    }

    /// Answers everything else.
    fn beside(&self, hub: &Hub, request: &Request<()>) -> Response<Bytes> {
        let path = request.uri().path();
        if path.starts_with(METADATA_PATH) && request.method() == Method::OPTIONS {
            return cors::preflight(READ_METHODS);
        }
        if request.method() != Method::GET && request.method() != Method::HEAD {
            return reply::only(READ_METHODS);
        }
        match path {
            "/healthz" => reply::text(StatusCode::OK, "ok\n"),
            "/readyz" => self.readiness(),
            "/metrics" if self.settings.metrics => {
                reply::with_type(StatusCode::OK, metrics::CONTENT_TYPE, hub.metrics())
            }
            path => match path.strip_prefix(METADATA_PATH) {
                Some(rest) if below_hub(rest, self.settings.url().path()) == Some("") => {
                    self.metadata()
                }
                _ => files::find(self.settings.files, path)
                    .unwrap_or_else(|| reply::text(StatusCode::NOT_FOUND, NOT_HERE)),
            },
        }
    }

    fn metadata(&self) -> Response<Bytes> {
        let names = |issuer: &Issuer| issuer.name.clone();
        let issuers: Vec<String> = self.settings.validator.issuers.iter().map(names).collect();
        let issuers: Vec<&str> = issuers.iter().map(String::as_str).collect();
        let has_subscriptions = self.presence.is_some();
        let document = dialect_08::metadata(self.settings.url(), &issuers, has_subscriptions);
        reply::with_type(
            StatusCode::OK,
            dialect_08::CONTENT_TYPE,
            document.to_string(),
        )
    }

    fn readiness(&self) -> Response<Bytes> {
        let readiness = self.broker.readiness();
        if readiness.is_ready() {
            return reply::text(StatusCode::OK, "ready\n");
        }
        let why = match readiness.reason {
            _ if readiness.draining => "this node is being drained".to_owned(),
            Some(reason) => reason,
            None => format!("{} s behind the history", readiness.lag.as_secs()),
        };
        reply::text(
            StatusCode::SERVICE_UNAVAILABLE,
            format!("not ready: {why}\n"),
        )
    }

    fn refuse(&self, refusal: &Refusal) -> Response<Bytes> {
        let counters = &self.counters;
        match refusal.status() {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Counters::count(&counters.unauthorized);
            }
            status if status.is_client_error() => Counters::count(&counters.bad_requests),
            _ => {}
        }
        reply::refuse(refusal, self.settings.url())
    }
}

const NOT_HERE: &str = "Nothing here. The hub is at /.well-known/mercure\n";
const NO_SUBSCRIPTIONS: &str =
    "Nothing here. Subscriptions are shown by a hub with --subscriptions\n";

/// What follows the hub's path: that of its public URL, or the usual one for a proxy that strips what is before.
fn below_hub<'a>(path: &'a str, public: &str) -> Option<&'a str> {
    let rest = path
        .strip_prefix(public)
        .or_else(|| path.strip_prefix(HUB_PATH));
    rest.filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl<B> Service<Request<B>> for Hub
where
    B: Body<Data = Bytes> + Send + Unpin + 'static,
{
    type Response = Response<HubBody>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let hub = self.clone();
        Box::pin(async move { Ok(hub.shared.answer(&hub, request).await) })
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub")
            .field("subscribers", &self.subscriber_count())
            .finish_non_exhaustive()
    }
}
