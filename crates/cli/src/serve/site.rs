//! How `serve` answers. In: requests. Out: the stream, the page, the counters.
//!
//! Next: `publish.rs` for what comes in, `access.rs` for who may.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use http::header::ORIGIN;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{Either, Full};
use wellspring_server::{Channel, EventStream, RequestBody, Start, Subscription};

use crate::args::{self, From, Token};
use crate::web::{Site, page, reply};

use super::access::{has_bearer, has_token, unauthorized};
use super::bodies::{Bodies, discard};
use super::cors::Cors;
use super::metrics::{self, Counters, Metrics};
use super::publish::publish;

/// The path of the event stream.
pub(super) const STREAM: &str = "/events";
/// Subscribers that were lost together come back one by one.
const RECONNECTION_TIMES: std::ops::RangeInclusive<Duration> =
    Duration::from_secs(1)..=Duration::from_secs(3);

#[derive(Debug)]
pub(super) struct ChannelSite {
    channel: Channel,
    format: args::Format,
    start: Start,
    token: Option<Token>,
    publish_token: Option<Token>,
    cors: Cors,
    bodies: Bodies,
    counters: Arc<Counters>,
    metrics: Metrics,
}

impl ChannelSite {
    pub(super) fn new(args: &args::Serve, channel: Channel, counters: Arc<Counters>) -> Self {
        Self {
            format: args.format,
            start: match args.from {
                From::Start => Start::Oldest,
                From::Now => Start::Live,
            },
            token: args.token.clone(),
            publish_token: args.publish_token.clone(),
            cors: Cors::new(args.cors.clone()),
            metrics: Metrics::new(channel.clone(), Arc::clone(&counters)),
            channel,
            bodies: Bodies::new(),
            counters,
        }
    }

    async fn events(
        &self,
        request: Request<RequestBody>,
    ) -> Response<Either<Full<Bytes>, EventStream>> {
        let methods = match self.publish_token {
            Some(_) => "GET, HEAD, POST",
            None => "GET, HEAD",
        };
        match (request.method(), &self.publish_token) {
            (&Method::GET | &Method::HEAD, _) => self.subscribe(&request),
            (&Method::POST, Some(token)) => self.publish(request, token).await.map(Either::Left),
            (&Method::OPTIONS, _) if !self.cors.is_off() => {
                self.cors.preflight(&request, methods).map(Either::Left)
            }
            _ => {
                let version = request.version();
                discard(request.into_body(), version);
                reply::only(methods).map(Either::Left)
            }
        }
    }

    fn subscribe(
        &self,
        request: &Request<RequestBody>,
    ) -> Response<Either<Full<Bytes>, EventStream>> {
        if let Some(refusal) = self.refuse_reader(request) {
            return refusal.map(Either::Left);
        }
        let subscription = match Subscription::from_request(request) {
            Ok(subscription) => subscription.start(self.start),
            Err(invalid) => {
                let response = reply::text(StatusCode::BAD_REQUEST, format!("{invalid}\n"));
                return response.map(Either::Left);
            }
        };
        let stream = self.channel.subscribe(subscription);
        let stream = stream.retry_between(RECONNECTION_TIMES);
        stream.into_response().map(Either::Right)
    }

    async fn publish(&self, request: Request<RequestBody>, token: &Token) -> Response<Full<Bytes>> {
        if !has_bearer(&request, token) {
            self.counters.unauthorized.fetch_add(1, Ordering::Relaxed);
            let version = request.version();
            discard(request.into_body(), version);
            return unauthorized(
                "Publishing requires the token set with --publish-token: Authorization: Bearer T\n",
            );
        }
        publish(request, &self.bodies, self.format, &self.channel).await
    }

    /// The answer to a reader without the token.
    fn refuse_reader<B>(&self, request: &Request<B>) -> Option<Response<Full<Bytes>>> {
        let token = self.token.as_ref()?;
        if has_token(request, token) {
            return None;
        }
        self.counters.unauthorized.fetch_add(1, Ordering::Relaxed);
        Some(unauthorized(
            "Reading requires the token set with --token: Authorization: Bearer T, or ?token=T\n",
        ))
    }

    fn other<B>(&self, request: &Request<B>) -> Response<Full<Bytes>> {
        let path = request.uri().path();
        if request.method() != Method::GET && request.method() != Method::HEAD {
            return reply::only("GET, HEAD");
        }
        match path {
            "/healthz" => reply::text(StatusCode::OK, "ok\n"),
            "/metrics" => self.refuse_reader(request).unwrap_or_else(|| {
                let content_type = HeaderValue::from_static(metrics::CONTENT_TYPE);
                reply::with_type(StatusCode::OK, content_type, self.metrics.text())
            }),
            path => page::find(page::SERVE, path).unwrap_or_else(|| {
                let text = "Nothing here. The stream is at /events\n";
                reply::text(StatusCode::NOT_FOUND, text)
            }),
        }
    }
}

impl Site for ChannelSite {
    async fn answer(
        &self,
        request: Request<RequestBody>,
    ) -> Response<Either<Full<Bytes>, EventStream>> {
        if request.uri().path() != STREAM {
            let response = self.other(&request).map(Either::Left);
            let version = request.version();
            discard(request.into_body(), version);
            return response;
        }
        let origin = request.headers().get(ORIGIN).cloned();
        let mut response = self.events(request).await;
        self.cors.tell(origin.as_ref(), response.headers_mut());
        response
    }
}
