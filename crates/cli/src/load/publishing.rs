//! What a publish is as a request. In: a topic, data, and whether it is private. Out: the request; and
//! of an answer, whether the server has taken the event.
//!
//! Next: `publisher.rs`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, RETRY_AFTER, USER_AGENT};
use http::{HeaderName, HeaderValue, Method, Request, Uri};
use percent_encoding::percent_decode_str;
use url::{Url, form_urlencoded};

use super::ledger::Outcome;
use super::line::Answer;
use crate::args::Publishing;
use crate::exit::Ending;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// Makes requests.
#[derive(Clone, Debug)]
pub(super) struct Form {
    how: Publishing,
    uri: Uri,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Form {
    /// `headers` are the user's.
    pub(super) fn new(
        how: Publishing,
        url: &Url,
        token: Option<&str>,
        mut headers: Vec<(HeaderName, HeaderValue)>,
    ) -> Result<Self, Ending> {
        let mut bare = url.clone();
        // Fails for URLs that cannot have userinfo, and then there is none.
        let _ = bare.set_username("");
        let _ = bare.set_password(None);
        bare.set_fragment(None);
        let wrong = || Ending::usage(format_args!("'{bare}' is no URL to publish to"));
        let uri: Uri = bare.as_str().parse().map_err(|_| wrong())?;
        let host = uri.authority().map(http::uri::Authority::as_str);
        let host = HeaderValue::from_str(host.ok_or_else(wrong)?).map_err(|_| wrong())?;
        let agent = concat!("wellspring/", env!("CARGO_PKG_VERSION"));
        for (name, value) in [
            (HOST, host),
            (USER_AGENT, HeaderValue::from_static(agent)),
            (
                CONTENT_TYPE,
                if how == Publishing::Lines { TEXT } else { FORM },
            ),
        ] {
            if !headers.iter().any(|(known, _)| *known == name) {
                headers.push((name, value));
            }
        }
        if let Some(authorization) = authorization(url, token) {
            let no_header = |_| Ending::usage("what to publish with fits into no header");
            let value = HeaderValue::from_str(&authorization).map_err(no_header)?;
            headers.retain(|(name, _)| *name != AUTHORIZATION);
            headers.push((AUTHORIZATION, value));
        }
        Ok(Self { how, uri, headers })
    }

    pub(super) fn request(
        &self,
        topic: &str,
        data: &str,
        is_private: bool,
        key: Option<&str>,
    ) -> Request<Bytes> {
        let body = match self.how {
            Publishing::Lines => data.to_owned(),
            _ => {
                let mut form = form_urlencoded::Serializer::new(String::with_capacity(data.len()));
                form.append_pair("topic", topic).append_pair("data", data);
                if is_private {
                    form.append_pair("private", "on");
                }
                form.finish()
            }
        };
        let mut request = Request::new(Bytes::from(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.uri.clone();
        for (name, value) in &self.headers {
            request.headers_mut().append(name, value.clone());
        }
        let key = key.and_then(|key| HeaderValue::from_str(&format!("\"{key}\"")).ok());
        if let Some(key) = key {
            request.headers_mut().insert(IDEMPOTENCY_KEY, key);
        }
        request
    }
}

/// The token, or else the name and the password of the URL.
fn authorization(url: &Url, token: Option<&str>) -> Option<String> {
    if let Some(token) = token {
        return Some(format!("Bearer {token}"));
    }
    let password = url.password()?;
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let pair = format!("{}:{}", decoded(url.username()), decoded(password));
    Some(format!("Basic {}", STANDARD.encode(pair)))
}

/// What an answer means. One that a gateway makes itself says nothing of the server behind it, nor does
/// that of a server that failed half way.
pub(super) fn outcome(answer: &Answer) -> Outcome {
    match answer.status.as_u16() {
        200..=299 => Outcome::Answered,
        408 | 500 | 502 | 504 => Outcome::Doubtful,
        _ => Outcome::Refused,
    }
}

/// Whether the same publish, sent again with its key, may be answered otherwise.
pub(super) fn is_worth_repeating(answer: &Answer) -> bool {
    matches!(answer.status.as_u16(), 408 | 409 | 425 | 429 | 500..=599)
}

/// The status, and the beginning of what the server said.
pub(super) fn words(answer: &Answer) -> String {
    const LONGEST: usize = 200;
    let text = String::from_utf8_lossy(&answer.body);
    let said: String = text
        .lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(LONGEST)
        .collect();
    match said.trim() {
        "" => format!("status {}", answer.status),
        said => format!("status {}: {said}", answer.status),
    }
}

/// How many seconds the server asks to wait.
pub(super) fn retry_after(answer: &Answer) -> Option<u64> {
    answer.headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()
}

#[cfg(test)]
mod tests;
