//! Where the server is. In: a URL. Out: whom to connect to, which Sentinels may have to be asked for.
//!
//! Next: `connection.rs`.

use std::time::Duration;

use redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo,
    RedisConnectionInfo,
};
use url::Url;
use wellspring_broker::EngineError;

use crate::error::unavailable;

/// How long connecting may take, with all checks.
pub(crate) const CONNECTING: Duration = Duration::from_secs(3);

/// How long an answer may take.
pub(crate) const ANSWER: Duration = Duration::from_secs(3);

const SENTINEL_PORT: u16 = 26_379;

#[derive(Clone, Debug)]
pub(crate) enum Place {
    Server(ConnectionInfo),
    Service {
        sentinels: Vec<(String, u16)>,
        name: String,
        tls: bool,
        settings: RedisConnectionInfo,
    },
}

impl Place {
    pub(crate) fn parse(url: &str) -> Result<Self, String> {
        let (scheme, rest) = url.split_once("://").unwrap_or_default();
        match scheme {
            "redis" => server(url),
            "rediss" if cfg!(feature = "tls") => server(url),
            "redis+sentinel" => service(rest, false),
            "rediss+sentinel" if cfg!(feature = "tls") => service(rest, true),
            "rediss" | "rediss+sentinel" => Err("TLS to Redis is not built in".to_owned()),
            _ => Err(
                "a history in Redis is named by redis://HOST or rediss://HOST, or by \
                 redis+sentinel://HOST,HOST/SERVICE"
                    .to_owned(),
            ),
        }
    }

    /// For people: without user and password.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Server(info) => info.addr().to_string(),
            Self::Service { name, .. } => format!("the primary of {name}"),
        }
    }

    /// Whom to connect to now.
    pub(crate) async fn primary(&self) -> Result<ConnectionInfo, EngineError> {
        match self {
            Self::Server(info) => Ok(info.clone()),
            Self::Service {
                sentinels,
                name,
                tls,
                settings,
            } => {
                let mut last = String::new();
                for (host, port) in sentinels {
                    match ask(&address(host.clone(), *port, *tls), name).await {
                        Ok((host, port)) => {
                            let info = address(host, port, *tls).into_connection_info();
                            let info = info.map_err(|error| unavailable(error.to_string()))?;
                            return Ok(info.set_redis_settings(settings.clone()));
                        }
                        Err(why) => last = format!("Sentinel {host}:{port}: {why}"),
                    }
                }
                Err(unavailable(format!(
                    "no Sentinel knows the primary of {name}; the last one asked: {last}"
                )))
            }
        }
    }
}

fn server(url: &str) -> Result<Place, String> {
    let info = url.into_connection_info();
    let info = info.map_err(|error| {
        format!(
            "not a URL of a Redis server: {}",
            error.detail().unwrap_or("it cannot be read")
        )
    })?;
    Ok(Place::Server(info))
}

fn service(rest: &str, tls: bool) -> Result<Place, String> {
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (user, hosts) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (name, database) = path.split_once('/').unwrap_or((path, ""));
    if name.is_empty() {
        return Err("the name of the service is missing: redis+sentinel://HOST/SERVICE".to_owned());
    }
    // User, password and database are read as those of a server are.
    let at = if user.is_empty() { "" } else { "@" };
    let server = format!("redis://{user}{at}host/{database}").into_connection_info();
    let server = server.map_err(|_| {
        "user, password or database of the service cannot be read: percent-encode what is special".to_owned()
    })?;
    let sentinels: Option<Vec<_>> = hosts.split(',').map(host_and_port).collect();
    Ok(Place::Service {
        sentinels: sentinels.ok_or("a Sentinel is HOST or HOST:PORT, several with commas")?,
        name: name.to_owned(),
        tls,
        settings: server.redis_settings().clone(),
    })
}

fn host_and_port(text: &str) -> Option<(String, u16)> {
    let url = Url::parse(&format!("http://{text}/")).ok()?;
    let has_more = url.path() != "/" || !url.username().is_empty();
    let host = url.host_str().filter(|_| !has_more)?;
    let host = host.trim_matches(['[', ']']).to_owned();
    // 80 is what the scheme means without a port, and is not shown.
    let port = if text.ends_with(":80") {
        80
    } else {
        SENTINEL_PORT
    };
    Some((host, url.port().unwrap_or(port)))
}

fn address(host: String, port: u16, tls: bool) -> ConnectionAddr {
    match tls {
        true => ConnectionAddr::TcpTls {
            host,
            port,
            insecure: false,
            tls_params: None,
        },
        false => ConnectionAddr::Tcp(host, port),
    }
}

pub(crate) fn config() -> AsyncConnectionConfig {
    AsyncConnectionConfig::new()
        .set_connection_timeout(Some(CONNECTING))
        .set_response_timeout(Some(ANSWER))
}

async fn ask(sentinel: &ConnectionAddr, name: &str) -> Result<(String, u16), String> {
    let asked = async {
        let client = Client::open(sentinel.clone())?;
        let config = config();
        let mut connection = client
            .get_multiplexed_async_connection_with_config(&config)
            .await?;
        let mut command = redis::cmd("SENTINEL");
        command.arg("get-master-addr-by-name").arg(name);
        command.query_async(&mut connection).await
    };
    let found: Result<Option<(String, u16)>, redis::RedisError> = asked.await;
    let found = found.map_err(|error| error.to_string())?;
    found.ok_or_else(|| format!("it knows no service {name}"))
}
