//! Histories of several nodes. In: a URL. Out: an engine over the server that it names, or why not.
//!
//! Next: back to `setup.rs`.

use std::sync::Arc;

use wellspring_broker::Engine;

use crate::args::EngineUrl;
use crate::exit::Ending;

pub(super) async fn open(url: &EngineUrl) -> Result<Arc<dyn Engine>, Ending> {
    match url.scheme() {
        #[cfg(feature = "nats")]
        "nats" | "tls" => nats(&url.0).await,
        #[cfg(feature = "redis")]
        "redis" | "rediss" | "redis+sentinel" | "rediss+sentinel" => redis(&url.0).await,
        scheme => Err(Ending::usage(format_args!(
            "--engine: no engine for {scheme}:// is built in; {KNOWN}"
        ))),
    }
}

const KNOWN: &str = match (cfg!(feature = "nats"), cfg!(feature = "redis")) {
    (true, true) => {
        "there are nats://, tls:// (NATS), redis://, rediss://, redis+sentinel:// and rediss+sentinel://"
    }
    (true, false) => "there are nats:// and tls:// (NATS)",
    (false, true) => "there are redis://, rediss://, redis+sentinel:// and rediss+sentinel://",
    (false, false) => "there is none",
};

#[cfg(feature = "nats")]
async fn nats(url: &str) -> Result<Arc<dyn Engine>, Ending> {
    use wellspring_nats::NatsOptions;

    let options: Result<NatsOptions, _> = url.parse();
    let options = options.map_err(|error| Ending::usage(format_args!("--engine: {error}")))?;
    let engine = options.connect().await;
    let engine = engine.map_err(|error| Ending::failed(format_args!("--engine: {error}")))?;
    for warning in engine.warnings() {
        crate::note::note(&format!("wellspring: {warning}"));
    }
    Ok(Arc::new(engine))
}

#[cfg(feature = "redis")]
async fn redis(url: &str) -> Result<Arc<dyn Engine>, Ending> {
    use wellspring_redis::RedisOptions;

    let options = RedisOptions::parse(url);
    let options = options.map_err(|error| Ending::usage(format_args!("--engine: {error}")))?;
    let engine = options.open().await;
    let engine = engine.map_err(|error| Ending::failed(format_args!("--engine: {error}")))?;
    if let Some(warning) = engine.warning() {
        crate::note::note(&format!("wellspring: {warning}"));
    }
    Ok(Arc::new(engine))
}
