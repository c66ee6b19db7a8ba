//! Requests of HTTP/1.1, read by hand. In: a connection. Out: a request at a time.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::net::tcp::OwnedReadHalf;
use url::form_urlencoded::parse;

#[derive(Debug, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Of the query or, if there is a body, of the form in it.
    pub(crate) pairs: Vec<(String, String)>,
    pub(crate) headers: HashMap<String, String>,
}

impl Request {
    /// `None` when the connection is gone.
    pub(crate) async fn read(reader: &mut BufReader<OwnedReadHalf>) -> Option<Self> {
        let mut request = Self::default();
        let mut line = String::new();
        reader
            .read_line(&mut line)
            .await
            .ok()
            .filter(|read| *read > 0)?;
        let mut words = line.split(' ');
        request.method = words.next()?.to_owned();
        let query = words.next()?.split_once('?').map_or("", |(_, query)| query);
        request.pairs = parse(query.as_bytes()).into_owned().collect();
        loop {
            line.clear();
            reader
                .read_line(&mut line)
                .await
                .ok()
                .filter(|read| *read > 0)?;
            let Some((name, value)) = line.trim_end().split_once(':') else {
                break;
            };
            let value = value.trim().to_owned();
            request.headers.insert(name.to_lowercase(), value);
        }
        let length = request.header("content-length").parse().unwrap_or(0);
        let mut body = vec![0; length];
        reader.read_exact(&mut body).await.ok()?;
        request.pairs.extend(parse(&body).into_owned());
        Some(request)
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        let pairs = self.pairs.iter().filter(|(known, _)| known == name);
        pairs.map(|(_, value)| value.clone()).collect()
    }

    pub(crate) fn first(&self, name: &str) -> Option<String> {
        self.all(name).into_iter().next()
    }

    /// What the token covers by either dialect, unverified.
    pub(crate) fn grants(&self, action: &str) -> Vec<String> {
        let token = self.header("authorization").strip_prefix("Bearer ");
        let payload = token.and_then(|token| token.split('.').nth(1));
        let bytes = payload.and_then(|payload| URL_SAFE_NO_PAD.decode(payload).ok());
        let claims: Value = serde_json::from_slice(&bytes.unwrap_or_default()).unwrap_or_default();
        let selectors = claims["mercure"][action].as_array().cloned();
        let details = claims["authorization_details"].as_array().cloned();
        let of_action = |detail: &Value| {
            let actions = detail["actions"].as_array().cloned();
            actions.unwrap_or_default().contains(&action.into())
        };
        let details = details.unwrap_or_default().into_iter();
        let topics = details.filter(of_action).flat_map(|detail| {
            let topics = detail["topics"].as_array().cloned();
            topics.unwrap_or_default()
        });
        let matchers = topics.map(|topic| topic["match"].clone());
        let all = selectors.unwrap_or_default().into_iter().chain(matchers);
        all.filter_map(|selector| Some(selector.as_str()?.to_owned()))
            .collect()
    }
}
