//! The URL of a stream. In: text. Out: options, or a sentence about what is wrong. The text may hold a
//! password, so no sentence quotes more of it than the name of a parameter.
//!
//! Next: `../options.rs` says what may stand in it.

use std::path::PathBuf;
use std::str::FromStr;

use url::Url;

use super::{InvalidAddress, KEY_WINDOW, Login, NatsOptions};
use crate::names::Names;

const STREAM: &str = "wellspring";

const PORT: u16 = 4222;

fn invalid(why: impl Into<String>) -> InvalidAddress {
    InvalidAddress(why.into())
}

impl FromStr for NatsOptions {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        let (scheme, rest) = text.split_once("://").ok_or_else(|| {
            invalid("the address of NATS begins with nats:// or tls://, as in nats://localhost")
        })?;
        let require_tls = match scheme {
            "nats" => false,
            "tls" => true,
            _ => return Err(invalid("the address of NATS begins with nats:// or tls://")),
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        let (login, hosts) = match authority.rsplit_once('@') {
            Some((login, hosts)) => (login, hosts),
            None => ("", authority),
        };
        // Several hosts are no URL: each is made one, with what stands behind them.
        let mut servers = Vec::new();
        for host in hosts.split(',') {
            servers.push(server(host)?);
        }
        let url = Url::parse(&format!("nats://{login}{}host{rest}", at(login)));
        let url = url.map_err(|error| invalid(format!("not a URL: {error}")))?;
        let mut options = Self {
            servers,
            login: self::login(&url)?,
            require_tls,
            authorities: None,
            certificate: None,
            stream: stream(&url)?,
            replicas: None,
            key_window: KEY_WINDOW,
        };
        options.read_query(&url)?;
        Ok(options)
    }
}

fn at(login: &str) -> &'static str {
    if login.is_empty() { "" } else { "@" }
}

fn server(host: &str) -> Result<String, InvalidAddress> {
    let url = Url::parse(&format!("nats://{host}"));
    let url = url.ok().filter(|url| matches!(url.path(), "" | "/"));
    let found = url.as_ref().and_then(|url| {
        let host = url.host_str().filter(|host| !host.is_empty())?;
        Some(format!("nats://{host}:{}", url.port().unwrap_or(PORT)))
    });
    found.ok_or_else(|| {
        invalid(
            "a host of NATS is a name or an address with or without a port, as in localhost:4222",
        )
    })
}

fn login(url: &Url) -> Result<Login, InvalidAddress> {
    let decoded = |text: &str| {
        let pair = format!("x={}", text.replace('+', "%2B"));
        let mut pairs = url::form_urlencoded::parse(pair.as_bytes());
        pairs
            .next()
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    };
    match (url.username(), url.password()) {
        ("", None) => Ok(Login::None),
        ("", Some(_)) => Err(invalid(
            "a password stands behind a user: nats://USER:PASSWORD@HOST",
        )),
        (token, None) => Ok(Login::Token(decoded(token))),
        (name, Some(password)) => Ok(Login::User {
            name: decoded(name),
            password: decoded(password),
        }),
    }
}

fn stream(url: &Url) -> Result<String, InvalidAddress> {
    let name = match url.path().trim_start_matches('/') {
        "" => STREAM,
        name => name,
    };
    match Names::new(name) {
        Some(names) => Ok(names.stream),
        None => Err(invalid(
            "the name of a stream has 1 to 64 letters, digits, - and _: nats://HOST/STREAM",
        )),
    }
}

impl NatsOptions {
    fn read_query(&mut self, url: &Url) -> Result<(), InvalidAddress> {
        let (mut certificate, mut key) = (None, None);
        for (name, value) in url.query_pairs() {
            let file = || PathBuf::from(value.as_ref());
            match name.as_ref() {
                "replicas" => match value.as_ref() {
                    "1" | "3" | "5" => self.replicas = value.parse().ok(),
                    _ => return Err(invalid("replicas is 1, 3 or 5")),
                },
                "credentials" if self.login == Login::None => {
                    self.login = Login::Credentials(file());
                }
                "credentials" => {
                    return Err(invalid(
                        "give a user, a token or credentials, and only one of them",
                    ));
                }
                "ca" => self.authorities = Some(file()),
                "certificate" => certificate = Some(file()),
                "key" => key = Some(file()),
                other => {
                    return Err(invalid(format!(
                        "{other:?} is not known; there are replicas, credentials, ca, certificate and key"
                    )));
                }
            }
        }
        self.certificate = match (certificate, key) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            _ => return Err(invalid("certificate and key go together")),
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests;
