//! The server of the kill test. In: `--listen ADDRESS --rate N --last N`, and `--cut-after BYTES
//! --cut-path PATH`. Out: numbered events, N a second on each connection; on its standard output a line
//! when it listens, when a connection opens, and when one is cut.
//!
//! When as many bytes have been written on connections of the path, it stops in the middle of
//! whatever it does, says where, and waits to be killed.
//!
//! Next: `bin/kill-client.rs`, then `tests/kill.rs`.

#![expect(clippy::print_stdout, reason = "the driver reads it")]

use std::convert::Infallible;
use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use futures_core::Stream;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::time::{Interval, interval};
use wellspring_e2e::arguments::{optional, required};
use wellspring_e2e::cut::{Budget, Meter, Metered, Place};
use wellspring_e2e::numbered;
use wellspring_server::{Block, EventStream, LastEventId};

/// The events from one number on, so many a second, whether anybody keeps up or not.
struct Numbered {
    next: u64,
    start: u64,
    started: Instant,
    rate: u64,
    last: u64,
    /// The last one that is due.
    due: u64,
    ticks: Interval,
}

impl Numbered {
    fn after(received: u64, rate: u64, last: u64) -> Self {
        Self {
            next: received + 1,
            start: received,
            started: Instant::now(),
            rate,
            last,
            due: received,
            ticks: interval(Duration::from_millis(5)),
        }
    }

    fn due(&self) -> u64 {
        let due = self.started.elapsed().as_micros() * u128::from(self.rate) / 1_000_000;
        let due = u64::try_from(due).unwrap_or(u64::MAX);
        self.start.saturating_add(due).min(self.last)
    }
}

impl Stream for Numbered {
    type Item = Block<'static>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Block<'static>>> {
        while self.next > self.due {
            ready!(self.ticks.poll_tick(cx));
            self.due = self.due();
        }
        let block = numbered::block(self.next).ok();
        self.next += 1;
        Poll::Ready(block)
    }
}

fn answer(
    request: &Request<Incoming>,
    (rate, last): (u64, u64),
    cut_path: &str,
    meter: &Meter,
) -> Response<EventStream> {
    let id = LastEventId::from_request(request).ok().flatten();
    let id = id.map_or(Ok(0), |id| id.as_str().parse());
    let Ok(received) = id else {
        return EventStream::stop_response();
    };
    let path = request.uri().path();
    println!("open {path} {received}");
    if path == cut_path {
        meter.start();
    }
    EventStream::new(Numbered::after(received, rate, last))
        .retry(Duration::from_millis(100))
        .into_response()
}

/// Stops this thread, which is the only one, for good.
fn wait_to_be_killed(place: Place) {
    println!("cut {place}");
    loop {
        std::thread::park();
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (rate, last) = (required("rate")?, required("last")?);
    let bytes = optional("cut-after")?.unwrap_or(usize::MAX);
    let cut_path: Arc<str> = optional::<String>("cut-path")?.unwrap_or_default().into();
    let budget = Budget::new(bytes, wait_to_be_killed);
    let listener = TcpListener::bind(required::<String>("listen")?).await?;
    println!("listening {}", listener.local_addr()?);
    loop {
        let (socket, _) = listener.accept().await?;
        socket.set_nodelay(true)?;
        let meter = Meter::new(&budget);
        let metered = TokioIo::new(Metered::new(socket, Arc::clone(&meter)));
        let cut_path = Arc::clone(&cut_path);
        let service = service_fn(move |request| {
            let response = answer(&request, (rate, last), &cut_path, &meter);
            std::future::ready(Ok::<_, Infallible>(response))
        });
        tokio::spawn(http1::Builder::new().serve_connection(metered, service));
    }
}
