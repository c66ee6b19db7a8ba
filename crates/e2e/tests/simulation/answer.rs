//! What an attempt comes to. In: chance. Out: an answer, and when it is there. Redirects are walked by the
//! client's own rules.
//!
//! Next: `source.rs`, which gets it.

use std::time::Duration;

use fastrand::Rng;
use http::header::LOCATION;
use http::{Method, Response};
use url::Url;
use wellspring::fetch::MAX_REDIRECTS;
use wellspring::fetch::rules::next_hop;

/// How a fetch goes on once it has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Nobody is there.
    Refused,
    /// The server has answered, but its head does not come whole.
    CutInHead,
    /// An error that trying again cannot mend.
    Permanent,
    /// More redirects than a client follows.
    RedirectsWithoutEnd,
    /// A status that is not 200, and how long not to come back.
    Status(u16, Duration),
    OtherType,
    Good,
}

/// An answer, how many hops it took, and how long.
pub(crate) fn draw(random: &mut Rng, calm: bool) -> (Answer, usize, Duration) {
    let latency = Duration::from_millis(random.u64(..300));
    if calm {
        return (Answer::Good, 0, latency);
    }
    let hops = match random.u8(..24) {
        0 => MAX_REDIRECTS + 1,
        1 => random.usize(1..=MAX_REDIRECTS),
        2..=4 => random.usize(1..=3),
        _ => 0,
    };
    if let Err(followed) = follow(random, hops) {
        let latency = latency * u32::try_from(followed).unwrap();
        return (Answer::RedirectsWithoutEnd, followed, latency);
    }
    let answer = match random.u8(..48) {
        0..=5 => Answer::Refused,
        6..=8 => Answer::CutInHead,
        9 => Answer::Status(204, Duration::ZERO),
        10 => Answer::Status(404, Duration::ZERO),
        11..=13 => Answer::Status(503, Duration::from_secs(random.u64(..90))),
        14 => Answer::OtherType,
        15 => Answer::Permanent,
        _ => Answer::Good,
    };
    (answer, hops, latency * u32::try_from(hops + 1).unwrap())
}

/// Follows that many redirects, each to a place of its own; `Err` when the client gives up.
fn follow(random: &mut Rng, hops: usize) -> Result<(), usize> {
    let mut url = Url::parse("http://127.0.0.1/events/0").unwrap();
    for hop in 1..=hops {
        if hop > MAX_REDIRECTS {
            return Err(hop);
        }
        let status = [301, 302, 303, 307, 308][random.usize(..5)];
        let location = match random.u8(..3) {
            0 => format!("{hop}"),
            1 => format!("/events/{hop}?x"),
            _ => format!("http://127.0.0.1/events/{hop}"),
        };
        let response = Response::builder()
            .status(status)
            .header(LOCATION, location);
        let next = next_hop(&Method::GET, &url, &response.body(()).unwrap())
            .unwrap()
            .unwrap();
        assert_eq!(next.url.path(), format!("/events/{hop}"));
        url = next.url;
    }
    Ok(())
}
