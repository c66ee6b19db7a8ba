//! What the options mean. In: a command line. Out: settings of the hub, of the broker, and where the history is.
//!
//! Next: `keys.rs`, `engine.rs`, `dev.rs`.

use std::sync::Arc;
use std::time::Duration;

use url::Url;
use wellspring_broker::{BrokerOptions, Engine, MemoryEngine, Retention, SqliteEngine};
use wellspring_hub::tokens::{Algorithm, Key, Keys, Validator};
use wellspring_hub::{HUB_PATH, Limits, Settings};

use super::{dev, engine, keys, page};
use crate::args::{self, ListenHost};
use crate::exit::Ending;
use crate::note::note;

/// A form may have three bytes for each of the update's.
const FORM_FACTOR: usize = 3;
/// What a form may have besides, in bytes.
const FORM_REST: usize = 64 << 10;

/// The hub's URL: that which was given, or that which this machine reaches it at.
pub(super) fn public_url(args: &args::Hub, tls: bool, port: u16) -> Url {
    if let Some(url) = &args.public_url {
        return url.clone();
    }
    let scheme = if tls { "https" } else { "http" };
    let host = match &args.host {
        ListenHost::Ip(ip) if ip.is_unspecified() => "localhost".to_owned(),
        ListenHost::Ip(ip) if ip.is_ipv6() => format!("[{ip}]"),
        host => host.to_string(),
    };
    let url = Url::parse(&format!("{scheme}://{host}:{port}{HUB_PATH}"));
    url.expect("a host and a port that are listened on make a URL")
}

/// The settings, and with `--dev` the secret that tokens are signed with.
pub(super) fn settings(args: &args::Hub, url: &Url) -> Result<(Settings, Option<Vec<u8>>), Ending> {
    let options = &args.keys;
    let mut validator = Validator {
        publishers: keys::optional(
            "--publisher-key",
            options.publisher_key.as_ref(),
            options.publisher_alg,
        )?,
        subscribers: keys::optional(
            "--subscriber-key",
            options.subscriber_key.as_ref(),
            options.subscriber_alg,
        )?,
        issuers: keys::issuers(options)?,
        resource: url.clone(),
        legacy: !options.no_legacy,
    };
    if !validator.issuers.is_empty() && args.public_url.is_none() && !args.dev {
        return Err(Ending::usage(
            "--issuer needs --public-url: access tokens are meant for that URL, and a request cannot be trusted \
             to say it",
        ));
    }
    let secret = match args.dev {
        true => Some(make_keys(&mut validator)?),
        false => None,
    };
    if validator.publishers.is_empty() && validator.issuers.is_empty() {
        return Err(Ending::usage(
            "there is no key that a publisher's token could be signed with: give --publisher-key or --issuer, or \
             try it out with --dev",
        ));
    }
    let mut settings = Settings::new(validator);
    settings.anonymous = args.anonymous || args.dev;
    settings.subscriptions = args.subscriptions || args.dev;
    settings.cors.clone_from(&args.cors);
    settings.publish_origins.clone_from(&args.publish_origin);
    settings.cookie.clone_from(&options.cookie);
    settings.query_token = options.query_token;
    settings.trusted_proxies.clone_from(&args.trusted_proxy);
    settings.limits = limits(&args.limits);
    settings.refuse_with_status = args.limits.refuse_with_status;
    settings.lifetime = Some(args.lifetime).filter(|life| *life > Duration::ZERO);
    settings.keep_alive = args.keep_alive;
    settings.metrics = args.metrics_port.is_none();
    settings.files = if args.dev || args.page {
        page::FILES
    } else {
        &[]
    };
    Ok((settings, secret))
}

/// A new key for publishers and subscribers, beside those that were given.
fn make_keys(validator: &mut Validator) -> Result<Vec<u8>, Ending> {
    let secret = dev::secret()?;
    let key = Key::secret(&secret, Algorithm::Hs256);
    let key = key.map_err(|error| Ending::failed(format_args!("no key could be made: {error}")))?;
    for keys in [&mut validator.publishers, &mut validator.subscribers] {
        let own = std::mem::replace(keys, Keys::new());
        *keys = own.key(key.clone());
    }
    Ok(secret)
}

fn limits(args: &args::HubLimits) -> Limits {
    let mut limits = Limits::default();
    limits.connections = args.max_connections;
    limits.connections_per_address = args.max_connections_per_address;
    limits.connections_per_subject = args.max_connections_per_subject;
    limits.selectors = args.max_selectors;
    limits.wide_selectors = args.max_wide_selectors;
    limits.wide_selectors_per_client = args.max_wide_selectors_per_client;
    limits.url_patterns = args.max_url_patterns;
    limits.body = args
        .max_update
        .saturating_mul(FORM_FACTOR)
        .saturating_add(FORM_REST);
    limits.bodies = limits.bodies.max(limits.body.saturating_mul(2));
    limits.publish_rate = args
        .publish_rate
        .map(|rate| u32::try_from(rate).unwrap_or(u32::MAX));
    limits
}

pub(super) fn broker_options(args: &args::Hub, url: &Url) -> BrokerOptions {
    let history = &args.history;
    let bytes = u64::try_from(history.history_bytes).unwrap_or(u64::MAX);
    let mut retention = Retention::default()
        .with_events(history.history_events)
        .with_bytes(bytes);
    if let Some(age) = history.history_age {
        retention = retention.with_age(age);
    }
    BrokerOptions::default()
        .with_retention(retention)
        .with_publish_limit(args.limits.max_update)
        .with_presence_rate(history.presence_rate)
        .with_publish_patience(args.publish_patience)
        .with_replay_rate(u64::try_from(args.limits.replay_rate).unwrap_or(u64::MAX))
        .with_base(url.clone())
}

/// Where the history is.
pub(super) async fn engine(args: &args::Hub) -> Result<Arc<dyn Engine>, Ending> {
    if let Some(url) = &args.engine {
        return engine::open(url).await;
    }
    if let Some(folder) = &args.data {
        let engine = SqliteEngine::open(folder);
        let engine = engine.map_err(|error| Ending::failed(format_args!("--data: {error}")))?;
        return Ok(Arc::new(engine));
    }
    if !args.dev {
        note("wellspring: the history is in memory, and a restart forgets it; --data DIR keeps it");
    }
    Ok(Arc::new(MemoryEngine::new()))
}
