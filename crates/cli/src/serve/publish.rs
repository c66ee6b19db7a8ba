//! `POST /events`. In: a request whose body is read as standard input is. Out: how many events were
//! published; all of them, or what is wrong and none.
//!
//! Next: `bodies.rs` receives, `intake.rs` makes blocks of bytes.

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::Full;
use tokio::task::spawn_blocking;
use wellspring_server::{Block, Channel, PublishError, RequestBody};

use crate::args::Format;
use crate::web::reply;

use super::bodies::{Bodies, discard};
use super::intake::{Intake, PUBLISH_LIMIT, Unusable};

/// The longest body that is worth no thread of its own, in bytes.
const AT_ONCE: usize = 16 << 10;

/// Publishes what the body holds. A body of 8 MiB may be 8 million events, so a large one is read beside
/// the threads that serve all others.
pub(super) async fn publish(
    request: Request<RequestBody>,
    bodies: &Bodies,
    format: Format,
    channel: &Channel,
) -> Response<Full<Bytes>> {
    let version = request.version();
    let mut body = request.into_body();
    let body = match bodies.receive(&mut body).await {
        Ok(body) => body,
        Err(refusal) => {
            discard(body, version);
            return refusal;
        }
    };
    if body.bytes().len() <= AT_ONCE {
        return publish_all(body.bytes(), format, channel);
    }
    let channel = channel.clone();
    let published = spawn_blocking(move || publish_all(body.bytes(), format, &channel)).await;
    published.unwrap_or_else(|_| {
        let text = "The server is ending.\n";
        reply::text(StatusCode::SERVICE_UNAVAILABLE, text)
    })
}

fn publish_all(body: &[u8], format: Format, channel: &Channel) -> Response<Full<Bytes>> {
    if let Err((place, unusable)) = each(body, format, |block| check(&block)) {
        let text = format!("{place}: {unusable}; nothing was published\n");
        return reply::text(status(&unusable), text);
    }
    let mut published = 0_u64;
    let outcome = each(body, format, |block| {
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
