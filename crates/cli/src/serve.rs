//! `wellspring serve`: standard input as an event stream. In: lines, and requests. Out: events to
//! subscribers, until Ctrl-C or, with `--exit-on-eof`, the end of input; then every stream ends in good
//! order.
//!
//! Next: `serve/stdin.rs` publishes, `serve/site.rs` serves.

mod access;
mod bodies;
mod cors;
mod intake;
mod introduction;
mod metrics;
mod publish;
mod site;
mod stdin;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use wellspring_server::{Channel, HistoryLimits};

use crate::args::{self, ListenHost};
use crate::exit::Ending;
use crate::hangup::HangUps;
use crate::interrupt::interrupted;
use crate::note::note;
use crate::runtime;
use crate::web::{self, Gate, IfTaken, Reload, Tls};
use intake::PUBLISH_LIMIT;
use introduction::Introduction;
use metrics::Counters;
use site::ChannelSite;

const DEFAULT_PORT: u16 = 8080;
const HISTORY_BYTES: usize = 64 << 20;
/// How long streams get to end at Ctrl-C.
const DRAIN: Duration = Duration::from_secs(2);
/// How long subscribers get to read everything at the end of input.
const LAST_READ: Duration = Duration::from_secs(10);

pub(crate) fn run(args: &args::Serve) -> Result<(), Ending> {
    let runtime = runtime::on_all_processors()?;
    let done = runtime.block_on(serve(args));
    // A read of standard input may be under way, and cannot be interrupted.
    runtime.shutdown_background();
    done
}

async fn serve(args: &args::Serve) -> Result<(), Ending> {
    let interruption = interrupted()?;
    let hang_ups = HangUps::watch()?;
    let (tls, reload) = encryption(args)?;
    let (wanted, if_taken) = match args.port {
        Some(port) => (port, IfTaken::Fail),
        None => (DEFAULT_PORT, IfTaken::UseAnother),
    };
    let listeners = web::listen(&args.host, wanted, if_taken).await?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let introduction = Introduction::new(args, scheme, &listeners);

    let channel = channel(args);
    let counters = Arc::new(Counters::default());
    let site = ChannelSite::new(args, channel.clone(), Arc::clone(&counters));
    let private = args.token.is_none() && listeners.are_on_loopback();
    let site = Gate::new(&args.front, &args.host, private, site);
    let (stop, stopped) = oneshot::channel();
    let served = tokio::spawn(web::serve(listeners, tls, site, stopped));
    introduction.print().await;

    let (done, patience) = tokio::select! {
        biased;
        () = interruption => (Ok(()), DRAIN),
        () = hung_up(hang_ups, reload) => (Ok(()), DRAIN),
        done = publish(args, &channel, &counters) => (done, LAST_READ),
    };
    channel.close();
    drop(stop);
    finish(served, &channel, patience).await?;
    done
}

/// Certificates, if there are to be any, and what reads them again, if they are in files.
fn encryption(args: &args::Serve) -> Result<(Option<Tls>, Option<Reload>), Ending> {
    if let (Some(certificate), Some(key)) = (&args.tls_cert, &args.tls_key) {
        let (tls, reload) = Tls::from_files(certificate, key)?;
        return Ok((Some(tls), Some(reload)));
    }
    if !args.tls_self_signed {
        return Ok((None, None));
    }
    let mut names = ["localhost", "127.0.0.1", "::1"]
        .map(str::to_owned)
        .to_vec();
    let host = match args.host {
        ListenHost::Ip(ip) if ip.is_unspecified() => None,
        ref host => Some(host.to_string()),
    };
    for name in host.into_iter().chain(args.front.allow_host.clone()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let (tls, _) = Tls::self_signed(names)?;
    Ok((Some(tls), None))
}

/// Keeps certificates up to date: when their files change, and at SIGHUP. Done at a SIGHUP that has nothing
/// to reload, or that came because the terminal of standard input went away.
async fn hung_up(mut hang_ups: HangUps, reload: Option<Reload>) {
    let Some(mut reload) = reload else {
        return hang_ups.next().await;
    };
    loop {
        tokio::select! {
            () = hang_ups.next() => match hang_ups.terminal_is_gone() {
                true => return,
                false => reload.now().await,
            },
            () = reload.on_change() => {}
        }
    }
}

fn channel(args: &args::Serve) -> Channel {
    let events = usize::try_from(args.history).unwrap_or(usize::MAX);
    let history = HistoryLimits::default()
        .with_events(events)
        .with_bytes(HISTORY_BYTES);
    let builder = Channel::builder().publish_limit(PUBLISH_LIMIT);
    builder.history(history).build()
}

/// Publishes standard input. Done when the program should end with it.
async fn publish(args: &args::Serve, channel: &Channel, counters: &Counters) -> Result<(), Ending> {
    let published = stdin::publish(tokio::io::stdin(), args.format, channel, counters).await;
    if args.exit_on_eof {
        return published.map(drop);
    }
    match published {
        Ok(events) => note(&format!(
            "wellspring: end of input after {events} events; serving on"
        )),
        Err(ending) => note(&format!("wellspring: {ending}; serving on")),
    }
    std::future::pending().await
}

/// Waits until every stream has ended, but not for ever.
async fn finish(
    served: JoinHandle<()>,
    channel: &Channel,
    patience: Duration,
) -> Result<(), Ending> {
    let ended = tokio::select! {
        biased;
        // Ctrl-C a second time ends the wait.
        () = interrupted()? => false,
        ended = tokio::time::timeout(patience, served) => ended.is_ok(),
    };
    let left = channel.subscriber_count();
    if !ended && left > 0 {
        note(&format!(
            "wellspring: {left} of the subscribers had not read to the end"
        ));
    }
    Ok(())
}
