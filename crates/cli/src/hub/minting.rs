//! Tokens that the page asks for, with `--dev` alone. In: a request from the hub's own page, with what the token
//! should allow. Out: the token, signed with the secret of this start.
//!
//! Next: `dev.rs` signs.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, ORIGIN};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use serde_json::{Value, json};
use wellspring_server::RequestBody;

use super::dev;
use crate::web::reply;

/// Where tokens are asked for.
pub(super) const PATH: &str = "/dev/token";
/// The longest request, in bytes.
const LIMIT: usize = 64 << 10;
/// The longest life of a token, in seconds: a day.
const LONGEST: u64 = 24 * 60 * 60;
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Answers a request for a token.
pub(super) async fn answer(secret: &[u8], request: Request<RequestBody>) -> Response<Full<Bytes>> {
    if request.method() != Method::POST {
        return reply::only("POST");
    }
    if !is_from_own_page(request.headers()) {
        let text = "Only this hub's own page may ask for tokens: with its Origin, and JSON.\n";
        return reply::text(StatusCode::FORBIDDEN, text);
    }
    let body = match Limited::new(request.into_body(), LIMIT).collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => return reply::text(StatusCode::PAYLOAD_TOO_LARGE, "More than 64 KiB.\n"),
    };
    match claims(&body) {
        Ok(claims) => {
            let token = json!({ "token": dev::sign(secret, &claims) });
            reply::with_type(StatusCode::OK, JSON, token.to_string())
        }
        Err(why) => reply::text(StatusCode::BAD_REQUEST, format!("{why}\n")),
    }
}

/// Pages of other origins name theirs, and cannot send JSON without asking first, which is answered with 405.
fn is_from_own_page(headers: &HeaderMap) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let (Some(origin), Some(host)) = (text(ORIGIN), text(HOST)) else {
        return false;
    };
    let own = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"));
    own == Some(host) && text(CONTENT_TYPE) == Some("application/json")
}

/// The claims of the token that is asked for, or what is wrong with the request.
fn claims(body: &[u8]) -> Result<Value, String> {
    let wanted: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let seconds = wanted["seconds"].as_u64();
    let seconds = seconds.filter(|seconds| (1..=LONGEST).contains(seconds));
    let seconds = seconds.ok_or("\"seconds\" is a number from 1 to 86400, a day")?;
    let mut mercure = json!({
        "publish": selectors(&wanted, "publish")?,
        "subscribe": selectors(&wanted, "subscribe")?,
    });
    if let Some(payload) = wanted.get("payload") {
        mercure["payload"] = payload.clone();
    }
    Ok(json!({ "exp": dev::now() + seconds, "mercure": mercure }))
}

/// A list of texts; none is an empty one.
fn selectors(wanted: &Value, name: &str) -> Result<Value, String> {
    match wanted.get(name) {
        None => Ok(json!([])),
        Some(Value::Array(list)) if list.iter().all(Value::is_string) => Ok(json!(list)),
        Some(_) => Err(format!("\"{name}\" is a list of selectors")),
    }
}
