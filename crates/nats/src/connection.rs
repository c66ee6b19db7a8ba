//! The connection to a cluster. In: options. Out: a client that comes back by itself, and soon.
//!
//! Next: `requests.rs`.

use std::time::Duration;

use async_nats::{ConnectErrorKind, ConnectOptions, Event, ServerAddr};
use tokio::sync::watch;
use wellspring_broker::{EngineError, EngineErrorKind};

use crate::error::{configuration, unavailable};
use crate::options::{Login, NatsOptions};
use crate::requests::Requests;

/// A server that does not answer two of them is gone.
const PING_INTERVAL: Duration = Duration::from_secs(5);

/// How long a server may take to let the client in.
const CONNECT_DEADLINE: Duration = Duration::from_secs(3);

const LONGEST_DELAY: Duration = Duration::from_millis(500);

/// From one attempt to the next.
fn delay(attempts: usize) -> Duration {
    match attempts {
        0 | 1 => Duration::ZERO,
        attempts => LONGEST_DELAY.min(Duration::from_millis(10) * attempts.min(50) as u32),
    }
}

pub(crate) async fn connect(options: &NatsOptions) -> Result<Requests, EngineError> {
    let (breaks, broken) = watch::channel(0);
    let on_event = move |event| {
        if matches!(event, Event::Disconnected | Event::Closed) {
            breaks.send_modify(|breaks| *breaks += 1);
        }
        std::future::ready(())
    };
    let connecting = with_login(options)?
        .name("wellspring")
        .ping_interval(PING_INTERVAL)
        .connection_timeout(CONNECT_DEADLINE)
        .reconnect_delay_callback(delay)
        .require_tls(options.require_tls)
        .event_callback(on_event);
    let connecting = with_tls(connecting, options);
    let servers = options.servers.iter().map(|server| server.parse());
    let servers: Vec<ServerAddr> = servers
        .collect::<Result<_, _>>()
        .map_err(|error: std::io::Error| configuration(format!("NATS: {error}")))?;
    let client = connecting.connect(servers).await;
    let client = client.map_err(|error| no_connection(options, &error))?;
    let requests = Requests::new(client, broken).await;
    requests.ok_or_else(|| unavailable("the connection to NATS broke at once"))
}

fn with_login(options: &NatsOptions) -> Result<ConnectOptions, EngineError> {
    let connecting = ConnectOptions::new();
    match &options.login {
        Login::None => Ok(connecting),
        Login::User { name, password } => {
            Ok(connecting.user_and_password(name.clone(), password.clone()))
        }
        Login::Token(token) => Ok(connecting.token(token.clone())),
        Login::Credentials(file) => {
            let wrong = |error| {
                configuration(format!(
                    "the credentials of NATS in {}: {error}",
                    file.display()
                ))
            };
            let credentials = std::fs::read_to_string(file).map_err(wrong)?;
            connecting.credentials(&credentials).map_err(wrong)
        }
    }
}

fn with_tls(mut connecting: ConnectOptions, options: &NatsOptions) -> ConnectOptions {
    if let Some(authorities) = &options.authorities {
        connecting = connecting.add_root_certificates(authorities.clone());
    }
    if let Some((certificate, key)) = &options.certificate {
        connecting = connecting.add_client_certificate(certificate.clone(), key.clone());
    }
    connecting
}

fn no_connection(options: &NatsOptions, error: &async_nats::ConnectError) -> EngineError {
    let servers = options.servers.join(", ");
    let kind = match error.kind() {
        ConnectErrorKind::AuthorizationViolation | ConnectErrorKind::Authentication => {
            EngineErrorKind::Configuration
        }
        _ => EngineErrorKind::Unavailable,
    };
    EngineError::new(kind, format!("no connection to NATS at {servers}: {error}"))
}
