//! `wellspring demo`: server, page and client in one program. In: a port. Out: what our own event
//! source receives, until Ctrl-C; then every stream ends in good order.
//!
//! Next: `demo/news.rs` makes the events, `demo/server.rs` serves them, `demo/show.rs` prints them.

mod news;
mod server;
mod show;

use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::sync::oneshot;
use wellspring::EventSource;
use wellspring::transport::{HttpTransport, TransportOptions};

use crate::args::{self, ListenHost};
use crate::exit::Ending;
use crate::follow::follow;
use crate::hangup::HangUps;
use crate::interrupt::interrupted;
use crate::output::Output;
use crate::runtime;
use crate::web::{self, Gate, IfTaken, Tls};
use news::News;
use server::{NewsSite, STREAM};
use show::Shown;

/// How long streams get to end.
const DRAIN: Duration = Duration::from_secs(2);

pub(crate) fn run(args: &args::Demo) -> Result<(), Ending> {
    let runtime = runtime::on_two_threads()?;
    let done = runtime.block_on(demo(args));
    runtime.shutdown_background();
    done
}

async fn demo(args: &args::Demo) -> Result<(), Ending> {
    let interrupted = interrupted()?;
    let mut hang_ups = HangUps::watch()?;
    let news = News::begin(Duration::from_millis(args.interval.into()));
    let (tls, transport) = encryption(args.tls)?;
    let host = ListenHost::Ip(Ipv4Addr::LOCALHOST.into());
    let listeners = web::listen(&host, args.port, IfTaken::UseAnother).await?;
    let scheme = if args.tls { "https" } else { "http" };
    let origin = format!("{scheme}://{host}:{}", listeners.port());
    let (stop, stopped) = oneshot::channel();
    let published = tokio::spawn(news.clone().publish());
    let site = Gate::new(&args.front, &host, true, NewsSite::new(news.clone()));
    let served = tokio::spawn(web::serve(listeners, tls, site, stopped));

    let mut output = Output::new();
    let mut shown = Shown::new(args.count);
    shown.introduce(&origin, &mut output);
    let mut source = EventSource::builder(format!("{origin}{STREAM}"))
        .transport(transport)
        .comments(true)
        .build()
        .map_err(Ending::failed)?;
    let done = tokio::select! {
        biased;
        () = interrupted => Ok(()),
        () = hang_ups.next() => Ok(()),
        done = follow(&mut source, &mut shown, &mut output) => done,
    };

    drop(source);
    published.abort();
    news.close();
    drop(stop);
    // Subscribers that have not read to the end by then are cut off.
    let _ = tokio::time::timeout(DRAIN, served).await;
    done
}

/// Our own event source trusts the certificate that the server has just made, and no other.
fn encryption(wanted: bool) -> Result<(Option<Tls>, HttpTransport), Ending> {
    let mut options = TransportOptions::new().built_in_roots(false);
    let mut tls = None;
    if wanted {
        let names = ["localhost", "127.0.0.1"].map(str::to_owned);
        let (made, certificate) = Tls::self_signed(names.to_vec())?;
        options = options.root_certificates_pem(certificate);
        tls = Some(made);
    }
    let transport = HttpTransport::new(options).map_err(Ending::failed)?;
    Ok((tls, transport))
}
