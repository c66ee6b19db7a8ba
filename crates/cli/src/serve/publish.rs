//! `POST /events`. In: a request whose body is read as standard input is. Out: how many events were
//! published; all of them, or what is wrong and none.
//!
//! Next: `intake.rs` makes blocks of bytes.

use std::time::Duration;

use bytes::Bytes;
use http::header::CONNECTION;
use http::{HeaderValue, Response, StatusCode};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use tokio::time::timeout;
use wellspring_server::{Block, Channel, PublishError};

use crate::args::Format;
use crate::web::reply;

use super::intake::{Intake, PUBLISH_LIMIT, Unusable};

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(60);

/// Publishes what the body holds.
pub(super) async fn publish(
    body: Incoming,
    format: Format,
    channel: &Channel,
) -> Response<Full<Bytes>> {
    let body = match receive(body).await {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    if let Err((place, unusable)) = each(&body, format, |block| check(&block)) {
        let text = format!("{place}: {unusable}; nothing was published\n");
        return reply::text(status(&unusable), text);
    }
    let mut published = 0_u64;
    let outcome = each(&body, format, |block| {
        channel.publish(block).map_err(Unusable::Refused)?;
        published += 1;
        Ok(())
    });
    if let Err((place, unusable)) = outcome {
        let text = format!("{place}: {unusable}; {published} before it were published\n");
        return reply::text(status(&unusable), text);
    }
    if published == 0 {
        let text = "There is no event in the body. Each line is one, or with --format sse, what a \
                    blank line ends.\n";
        return reply::text(StatusCode::BAD_REQUEST, text);
    }
    let json = HeaderValue::from_static("application/json");
    let text = format!("{{\"published\":{published}}}\n");
    reply::with_type(StatusCode::OK, json, text)
}

/// The whole body, which has a limit in bytes and in time.
async fn receive(body: Incoming) -> Result<Bytes, Response<Full<Bytes>>> {
    let too_large = || {
        let text =
            format!("The body is longer than {PUBLISH_LIMIT} bytes, the most there may be.\n");
        let mut response = reply::text(StatusCode::PAYLOAD_TOO_LARGE, text);
        // The rest of it is not worth reading.
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
        response
    };
    if body.size_hint().lower() > PUBLISH_LIMIT as u64 {
        return Err(too_large());
    }
    match timeout(PATIENCE, Limited::new(body, PUBLISH_LIMIT).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(_)) => {
            let text = "The body broke off.\n";
            Err(reply::text(StatusCode::BAD_REQUEST, text))
        }
        Err(_) => {
            let text = "The body took too long to arrive.\n";
            Err(reply::text(StatusCode::REQUEST_TIMEOUT, text))
        }
    }
}

/// Hands over one block after the other, up to the first that is wrong.
fn each(
    body: &[u8],
    format: Format,
    mut take: impl FnMut(Block<'_>) -> Result<(), Unusable>,
) -> Result<(), (String, Unusable)> {
    let mut intake = Intake::new(format, PUBLISH_LIMIT);
    let unit = intake.unit();
    let mut wrong = Ok(());
    let mut take = |number: u64, block: Result<Block<'_>, Unusable>| {
        if wrong.is_ok() {
            let taken = block.and_then(&mut take);
            wrong = taken.map_err(|unusable| (format!("{unit} {number}"), unusable));
        }
    };
    intake.read(body, &mut take);
    intake.end(&mut take);
    wrong
}

/// Line ends within a line grow when they are encoded.
fn check(block: &Block<'_>) -> Result<(), Unusable> {
    let length = block.encoded_len();
    match length > PUBLISH_LIMIT {
        true => Err(Unusable::TooLong {
            limit: PUBLISH_LIMIT,
        }),
        false => Ok(()),
    }
}

fn status(unusable: &Unusable) -> StatusCode {
    match unusable {
        Unusable::TooLong { .. } | Unusable::Refused(PublishError::TooLarge { .. }) => {
            StatusCode::PAYLOAD_TOO_LARGE
        }
        Unusable::Refused(PublishError::Closed) => StatusCode::SERVICE_UNAVAILABLE,
        Unusable::Refused(_) => StatusCode::CONFLICT,
        _ => StatusCode::BAD_REQUEST,
    }
}
