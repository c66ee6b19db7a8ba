//! Each way to a server. In: answers. Out: a [`World`]: a transport, and two origins that it leads to.
//!
//! Over sockets an origin is hyper's server; without, it is the service itself, or an axum router around it.
//!
//! Next: `../semantics.rs`.

#![allow(clippy::print_stdout, reason = "shown when a test fails")]

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use futures_core::future::BoxFuture;
use http::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use reqwest::Client;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tower_service::Service;
use wellspring::transport::{HttpTransport, TowerTransport, Transport, TransportOptions};
use wellspring::{EventSource, EventSourceBuilder, Reconnection};
use wellspring_reqwest::ReqwestTransport;
use wellspring_testkit::service::{Answer, ScriptedBody, ScriptedService};

use super::ms;

/// What the same tests run over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Http1,
    Http2,
    ReqwestHttp1,
    ReqwestHttp2,
    /// An axum router, without a socket.
    Router,
    /// The scripted service itself.
    Scripted,
}

pub(crate) const EVERY_WAY: [Way; 6] = [
    Way::Http1,
    Way::Http2,
    Way::ReqwestHttp1,
    Way::ReqwestHttp2,
    Way::Router,
    Way::Scripted,
];

/// A server, and how to name it.
pub(crate) struct Origin {
    pub(crate) service: ScriptedService,
    /// Without a path.
    origin: String,
    /// The connections end with it.
    _connections: JoinSet<()>,
}

pub(crate) struct World {
    pub(crate) way: Way,
    pub(crate) here: Origin,
    pub(crate) there: Origin,
    transport: Arc<dyn Transport>,
}

impl Origin {
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    pub(crate) fn answer(&self, answers: impl IntoIterator<Item = Answer>) {
        for answer in answers {
            self.service.push(answer);
        }
    }

    fn named(name: &str, service: ScriptedService) -> Self {
        Self {
            service,
            origin: format!("http://{name}"),
            _connections: JoinSet::new(),
        }
    }

    async fn listen(service: ScriptedService) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let answering = service.clone();
        let mut connections = JoinSet::new();
        connections.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((socket, _)) = listener.accept().await {
                let service = TowerToHyperService::new(answering.clone());
                open.spawn(async move {
                    let builder = Builder::new(TokioExecutor::new());
                    let _ = builder
                        .serve_connection(TokioIo::new(socket), service)
                        .await;
                });
            }
        });
        Self {
            service,
            origin,
            _connections: connections,
        }
    }
}

impl World {
    pub(crate) async fn new(way: Way) -> Self {
        println!("over {way:?}");
        let [here, there] = [(); 2].map(|()| ScriptedService::new([]));
        let switch = Switch {
            here: here.clone(),
            there: there.clone(),
        };
        let transport = way.transport(switch);
        let (here, there) = match way {
            Way::Router | Way::Scripted => (
                Origin::named("here.test", here),
                Origin::named("there.test", there),
            ),
            _ => (Origin::listen(here).await, Origin::listen(there).await),
        };
        Self {
            way,
            here,
            there,
            transport,
        }
    }

    /// A world whose first origin gives these answers.
    pub(crate) async fn with(way: Way, answers: impl IntoIterator<Item = Answer>) -> Self {
        let world = Self::new(way).await;
        world.here.answer(answers);
        world
    }

    /// A source of the first origin that reconnects after 10 ms.
    pub(crate) fn builder(&self) -> EventSourceBuilder {
        let quick = Reconnection::default()
            .with_initial(ms(10))
            .with_floor(ms(1))
            .with_factor(1)
            .with_jitter(false);
        EventSource::builder(self.here.url("/stream"))
            .shared_transport(Arc::clone(&self.transport))
            .reconnection(quick)
    }

    pub(crate) fn source(&self) -> EventSource {
        self.builder().build().unwrap()
    }
}

impl Way {
    fn transport(self, switch: Switch) -> Arc<dyn Transport> {
        let options = TransportOptions::new();
        match self {
            Self::Http1 => Arc::new(HttpTransport::new(options).unwrap()),
            Self::Http2 => {
                Arc::new(HttpTransport::new(options.http2_prior_knowledge(true)).unwrap())
            }
            Self::ReqwestHttp1 => Arc::new(ReqwestTransport::new(Client::builder()).unwrap()),
            Self::ReqwestHttp2 => {
                let builder = Client::builder().http2_prior_knowledge();
                Arc::new(ReqwestTransport::new(builder).unwrap())
            }
            Self::Router => {
                let router = Router::new().fallback_service(switch);
                Arc::new(TowerTransport::new(router))
            }
            Self::Scripted => Arc::new(TowerTransport::new(switch)),
        }
    }
}

/// Two origins in one service.
#[derive(Clone)]
struct Switch {
    here: ScriptedService,
    there: ScriptedService,
}

impl<B> Service<Request<B>> for Switch
where
    ScriptedService: Service<
            Request<B>,
            Response = Response<ScriptedBody>,
            Error = Infallible,
            Future = BoxFuture<'static, Result<Response<ScriptedBody>, Infallible>>,
        >,
{
    type Response = Response<ScriptedBody>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        match request.uri().host() {
            Some("there.test") => self.there.call(request),
            _ => self.here.call(request),
        }
    }
}
