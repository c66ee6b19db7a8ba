//! A connection that is open, until it is looked at. In: the response. Out: [`Opened`], once it is asked for.
//!
//! Most programs never ask, and a source that waits keeps no maps of headers for them.
//!
//! Next: `opened.rs`.

use std::sync::{Arc, OnceLock};

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version};
use url::{Position, Url};

use super::opened::Opened;
use crate::fetch::{
    FetchResponse, Hop, Taint, serialize_origin, unknown_content_coding, without_credentials,
};

pub(crate) struct Opening {
    opened: OnceLock<Arc<Opened>>,
    version: Version,
    headers: Box<[u8]>,
    url: Arc<Url>,
    rare: Option<Box<Rare>>,
}

/// What is nothing in nearly all responses.
#[derive(Clone, Default, PartialEq)]
struct Rare {
    method: Method,
    hops: Vec<Hop>,
    became_get: bool,
    taint: Taint,
    last_event_id_not_sent: Option<&'static str>,
}

impl Opening {
    pub(crate) fn new(fetched: &FetchResponse) -> Self {
        let rare = Rare {
            method: fetched.method.clone(),
            hops: fetched.hops.clone(),
            became_get: fetched.became_get,
            taint: fetched.taint,
            last_event_id_not_sent: fetched.last_event_id_not_sent,
        };
        Self {
            opened: OnceLock::new(),
            version: fetched.response.version(),
            headers: pack(fetched.response.headers()),
            url: Arc::new(fetched.url.clone()),
            rare: (rare != Rare::default()).then(|| Box::new(rare)),
        }
    }

    /// Keeps this URL in place of one of its own, if they are the same.
    pub(crate) fn share_url(&mut self, url: &Arc<Url>) {
        if self.url == *url {
            self.url = Arc::clone(url);
        }
    }

    pub(crate) fn url(&self) -> &Arc<Url> {
        &self.url
    }

    #[cfg(feature = "tracing")]
    pub(crate) fn version(&self) -> Version {
        self.version
    }

    /// The origin, serialized: the beginning of the URL, where that has an origin and no userinfo stands in it.
    pub(crate) fn origin(&self) -> &str {
        let has_origin = matches!(self.url.scheme(), "http" | "https");
        if has_origin && self.url.username().is_empty() && self.url.password().is_none() {
            return &self.url[..Position::BeforePath];
        }
        &self.opened().origin
    }

    pub(crate) fn opened(&self) -> &Arc<Opened> {
        self.opened.get_or_init(|| Arc::new(self.unpack()))
    }

    /// Whether redirects led there, what they left, and whether they made the request a `GET`.
    pub(crate) fn moved(&self) -> (bool, Taint, bool) {
        let rare = self.rare.as_deref();
        rare.map_or_else(Default::default, |rare| {
            (!rare.hops.is_empty(), rare.taint, rare.became_get)
        })
    }

    pub(crate) fn moved_permanently(&self) -> bool {
        let rare = self.rare.as_deref();
        rare.is_some_and(|rare| !rare.hops.is_empty() && rare.hops.iter().all(Hop::is_permanent))
    }

    fn unpack(&self) -> Opened {
        let headers = unpack(&self.headers);
        let rare = self.rare.as_deref().cloned().unwrap_or_default();
        Opened {
            status: StatusCode::OK,
            version: self.version,
            unknown_coding: unknown_content_coding(&headers),
            headers,
            url: Url::clone(&self.url),
            method: rare.method,
            origin: serialize_origin(&self.url),
            hops: rare.hops,
            last_event_id_not_sent: rare.last_event_id_not_sent,
        }
    }
}

impl std::fmt::Debug for Opening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opening")
            .field("url", &without_credentials(&self.url))
            .finish_non_exhaustive()
    }
}

/// Names and values one after the other. The length of each is before it, and a mark where a value is sensitive.
fn pack(headers: &HeaderMap) -> Box<[u8]> {
    let mut packed = Vec::new();
    for (name, value) in headers {
        // A head of 4 GiB gets nowhere near here.
        let (Ok(name_length), Ok(length)) = (
            u32::try_from(name.as_str().len()),
            u32::try_from(value.len()),
        ) else {
            continue;
        };
        packed.extend_from_slice(&name_length.to_le_bytes());
        packed.extend_from_slice(&length.to_le_bytes());
        packed.push(value.is_sensitive().into());
        packed.extend_from_slice(name.as_str().as_bytes());
        packed.extend_from_slice(value.as_bytes());
    }
    packed.into_boxed_slice()
}

fn unpack(mut packed: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    while let Some((name, value)) = unpack_next(&mut packed) {
        headers.append(name, value);
    }
    headers
}

fn unpack_next(packed: &mut &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let (name_length, rest) = packed.split_first_chunk()?;
    let (length, rest) = rest.split_first_chunk()?;
    let (sensitive, rest) = rest.split_first()?;
    let (name, rest) = rest.split_at_checked(u32::from_le_bytes(*name_length) as usize)?;
    let (value, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    *packed = rest;
    let mut value = HeaderValue::from_bytes(value).ok()?;
    value.set_sensitive(*sensitive == 1);
    Some((HeaderName::from_bytes(name).ok()?, value))
}

#[cfg(test)]
mod tests;
