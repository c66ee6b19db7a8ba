//! `wellspring hub`: a hub of the Mercure protocol. In: how it is set up, and requests. Out: events to
//! subscribers, until Ctrl-C; then every stream ends in good order.
//!
//! Next: `hub/layers.rs` (where options come from), `hub/setup.rs` (what they mean), `hub/serving.rs`
//! (connections).

mod connections;
mod dev;
mod engine;
mod fetch;
mod introduction;
mod keys;
mod layers;
mod minting;
mod page;
mod setup;

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;
use wellspring_broker::Broker;
use wellspring_hub::tokens::REFRESH;
use wellspring_hub::{Hub, Settings};

use crate::args;
use crate::exit::Ending;
use crate::hangup::HangUps;
use crate::interrupt::interrupted;
use crate::note::note;
use crate::runtime;
use crate::web::{self, IfTaken, Reload, Tls};
use connections::Answering;
use introduction::Introduction;

const DEFAULT_PORT: u16 = 8080;
/// How much longer than the drain is waited for connections to end, and then for that to be announced.
const PATIENCE: Duration = Duration::from_secs(2);

pub(crate) fn run(args: args::Hub) -> Result<(), Ending> {
    let args = layers::complete(args)?;
    let runtime = runtime::on_all_processors()?;
    let done = runtime.block_on(serve(&args));
    // The history writes its log back when the last task is gone that holds it.
    runtime.shutdown_timeout(PATIENCE);
    done
}

async fn serve(args: &args::Hub) -> Result<(), Ending> {
    let interruption = interrupted()?;
    let hang_ups = HangUps::watch()?;
    let (tls, reload) = match (&args.tls_cert, &args.tls_key) {
        (Some(certificate), Some(key)) => {
            let (tls, reload) = Tls::from_files(certificate, key)?;
            (Some(tls), Some(reload))
        }
        _ => (None, None),
    };
    let (wanted, if_taken) = match args.port {
        Some(port) => (port, IfTaken::Fail),
        None => (DEFAULT_PORT, IfTaken::UseAnother),
    };
    let listeners = web::listen(&args.host, wanted, if_taken).await?;
    let metrics = match args.metrics_port {
        Some(port) => Some(web::listen(&args.host, port, IfTaken::Fail).await?),
        None => None,
    };
    let url = setup::public_url(args, tls.is_some(), listeners.port());
    let (settings, secret) = setup::settings(args, &url)?;
    let engine = setup::engine(args).await?;
    let broker = Broker::open(engine, setup::broker_options(args, &url)).await;
    let failed = |error| Ending::failed(format_args!("the history: {error}"));
    let keys = settings.clone();
    let hub = Hub::open(settings, broker.map_err(failed)?).await;
    let hub = hub.map_err(failed)?;

    let (stop, stopped) = watch::channel(false);
    let token = secret.as_deref().map(dev::token);
    let answering = match secret {
        Some(secret) => Answering::to_try_out(hub.clone(), secret),
        None => Answering::new(hub.clone()),
    };
    let served = tokio::spawn(connections::serve(
        listeners,
        tls,
        answering,
        stopped.clone(),
    ));
    if let Some(metrics) = metrics {
        let answering = Answering::metrics(hub.clone());
        tokio::spawn(connections::serve(metrics, None, answering, stopped));
    }
    Introduction::new(args, &url, token).print().await;

    tokio::select! {
        biased;
        () = interruption => {}
        () = hung_up(hang_ups, reload, &keys) => {}
        () = refresh_keys(&keys) => {}
    }
    let _ = stop.send(true);
    finish(&hub, args.drain, served).await
}

/// Ends the streams one after the other, and waits for the connections; Ctrl-C a second time ends the wait.
async fn finish(
    hub: &Hub,
    drain: Duration,
    served: tokio::task::JoinHandle<()>,
) -> Result<(), Ending> {
    let ended = async {
        hub.drain(drain).await;
        let _ = timeout(PATIENCE, served).await;
        let _ = timeout(PATIENCE, hub.finish()).await;
    };
    tokio::select! {
        biased;
        () = interrupted()? => {}
        () = ended => {}
    }
    match hub.subscriber_count() {
        0 => {}
        left => note(&format!(
            "wellspring: {left} of the subscribers had not read to the end"
        )),
    }
    Ok(())
}

/// Reads certificates and keys again: at SIGHUP, certificates also when their files change. Done when the
/// terminal of standard input went away.
async fn hung_up(mut hang_ups: HangUps, mut reload: Option<Reload>, settings: &Settings) {
    loop {
        let changed = async {
            match &mut reload {
                Some(reload) => reload.on_change().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = hang_ups.next() => {}
            () = changed => continue,
        }
        if hang_ups.terminal_is_gone() {
            return;
        }
        if let Some(reload) = &mut reload {
            reload.now().await;
        }
        fetch_keys(settings).await;
    }
}

/// Fetches the sets of keys that are at URLs: now, and every five minutes. Never done.
async fn refresh_keys(settings: &Settings) {
    loop {
        fetch_keys(settings).await;
        tokio::time::sleep(REFRESH).await;
    }
}

async fn fetch_keys(settings: &Settings) {
    for set in settings.validator.remote_sets() {
        if let Err(why) = set.refresh().await {
            let url = crate::secrets::shown(set.url());
            note(&format!(
                "wellspring: {url}: {why}; keeping the keys fetched before"
            ));
        }
    }
}
