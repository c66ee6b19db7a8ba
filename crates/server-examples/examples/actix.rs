//! An event stream on actix-web, a tick a second at <http://127.0.0.1:8090/events>. Ctrl-C ends the
//! streams one by one, then the server.
//!
//! actix-web has HTTP types of its own, so a few lines translate: the last event ID in, status, headers
//! and body out.
//!
//! ```text
//! cargo run -p wellspring-server-examples --example actix
//! curl -N http://127.0.0.1:8090/events
//! ```

use std::convert::Infallible;
use std::io;
use std::net::TcpListener;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::{Server, ServerHandle};
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderValue;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use bytes::Bytes;
use http_body::Body;
use wellspring_server::{
    Channel, Drain, EventStream, InvalidLastEventId, LastEventId, Subscription,
};

/// An [`EventStream`] as actix-web wants bodies.
struct ActixBody(EventStream);

impl MessageBody for ActixBody {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        match self.0.is_end_stream() {
            true => BodySize::None,
            false => BodySize::Stream,
        }
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Infallible>>> {
        let frame = Pin::new(&mut self.0).poll_frame(cx);
        frame.map(|frame| Some(frame?.map(|frame| frame.into_data().unwrap_or_default())))
    }
}

fn last_event_id(request: &HttpRequest) -> Result<Option<LastEventId>, InvalidLastEventId> {
    let values = request.headers().get_all("last-event-id");
    let id = LastEventId::from_header_values(values.map(HeaderValue::as_bytes))?;
    match id {
        Some(id) => Ok(Some(id)),
        None => LastEventId::from_query(request.query_string(), "lastEventId"),
    }
}

fn translate(response: http::Response<EventStream>) -> HttpResponse<ActixBody> {
    let (head, body) = response.into_parts();
    let status = StatusCode::from_u16(head.status.as_u16()).unwrap_or_default();
    let mut translated = HttpResponse::build(status);
    for (name, value) in &head.headers {
        translated.insert_header((name.as_str(), value.as_bytes()));
    }
    translated
        .message_body(ActixBody(body))
        .unwrap_or_else(|_| {
            HttpResponse::with_body(
                StatusCode::INTERNAL_SERVER_ERROR,
                ActixBody(EventStream::stop_response().into_body()),
            )
        })
}

async fn subscribe(channel: web::Data<Channel>, request: HttpRequest) -> HttpResponse<ActixBody> {
    let Ok(last_event_id) = last_event_id(&request) else {
        return translate(EventStream::refusal_response(http::StatusCode::BAD_REQUEST));
    };
    let subscription = Subscription::new().last_event_id(last_event_id);
    translate(match channel.try_subscribe(subscription) {
        Ok(stream) => stream.into_response(),
        Err(refusal) => refusal.into_response(),
    })
}

pub(crate) fn server(listener: TcpListener, channel: Channel) -> io::Result<Server> {
    let channel = web::Data::new(channel);
    let app = move || {
        App::new()
            .app_data(channel.clone())
            .route("/events", web::get().to(subscribe))
    };
    let server = HttpServer::new(app).workers(2).disable_signals();
    Ok(server.listen(listener)?.run())
}

/// Accepts nobody any more, drains the channel and finishes the connections with it.
pub(crate) async fn stop(handle: &ServerHandle, channel: &Channel, drain: Drain) {
    let finished = handle.stop(true);
    channel.drain(drain).await;
    finished.await;
}

#[actix_web::main]
async fn main() -> io::Result<()> {
    let channel = Channel::new();
    let publisher = channel.clone();
    tokio::spawn(async move {
        while publisher.publish("tick").is_ok() {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
    let server = server(TcpListener::bind("127.0.0.1:8090")?, channel.clone())?;
    let handle = server.handle();
    tokio::spawn(async move {
        let _ = tokio::signal::ctrl_c().await;
        stop(&handle, &channel, Drain::over(Duration::from_secs(2))).await;
    });
    server.await
}
