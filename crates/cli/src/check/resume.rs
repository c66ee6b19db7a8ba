//! Whether resumption really works. In: a connection on which events with ids were seen. Out: a second
//! one that was asked to go on after one of them, compared with the first, which stays open.
//!
//! Next: `compare.rs`, then `resume/verdict.rs`.

mod verdict;

use std::time::Duration;

use tokio::time::{Instant, sleep};
use wellspring::fetch::FetchError;

use super::asking::Asking;
use super::compare::{Resumption, compare};
use super::finding::Finding;
use super::watch::{Head, Seen, Watch};

/// The second connection goes on after the last event but so many.
const BACK: usize = 4;

/// For how long one connection may lag behind the other.
const SOON: Duration = Duration::from_millis(500);

/// How often a server that allows one connection is asked again once the first is gone.
const AGAIN: usize = 3;

/// What came of it.
pub(super) struct Tried {
    pub(super) finding: Finding,
    /// Of the answer to the request with the id, if there was one.
    pub(super) head: Option<Head>,
    /// Events came on that connection, while the first one was open.
    pub(super) has_events: bool,
}

pub(super) async fn try_it(asking: &Asking, first: &mut Watch, deadline: Instant) -> Tried {
    let ids = first.seen.own().into_iter().map(|event| event.id.clone());
    let ids: Vec<_> = ids.collect();
    let Some(given) = choose(&ids) else {
        return Tried {
            finding: verdict::nothing_to_try(&first.seen),
            head: None,
            has_events: false,
        };
    };
    let answered = ask(asking, &ids[given], first, deadline).await;
    let mut second = match answered {
        Ok(second) => second,
        Err(error) => {
            return Tried {
                finding: verdict::failed(error.as_ref()),
                head: None,
                has_events: false,
            };
        }
    };
    if second.head.status != 200 {
        return Tried {
            finding: verdict::refused(&second.head, first.is_open()),
            head: Some(second.head),
            has_events: false,
        };
    }
    let wanted = BACK.min(ids.len() - given - 1).max(1);
    let enough = |seen: &Seen| {
        let own = seen.events.iter().filter(|event| event.own_id);
        own.filter(|event| event.id != ids[given]).count() >= wanted
    };
    first
        .watch_during(
            deadline,
            second.watch_until(deadline, |seen, _| enough(seen)),
        )
        .await;
    // What the second connection had first, the first one has soon.
    let end = given + second.seen.own_ids();
    let soon = deadline.min(Instant::now() + SOON);
    first
        .watch_until(soon, |seen, _| seen.own_ids() > end)
        .await;
    let compared = compare(&first.seen.own(), given, &second.seen.own());
    Tried {
        finding: verdict::of(compared, &second),
        has_events: first.is_open() && second.seen.event_count > 0,
        head: Some(second.head),
    }
}

/// Chooses the id to send: one with events after it, and with one before it, so that beginning with it
/// differs from beginning anew.
fn choose(ids: &[std::sync::Arc<str>]) -> Option<usize> {
    let last = ids.len().checked_sub(1)?;
    if ids.len() > 1 && ids.iter().all(|id| *id == ids[0]) {
        return None;
    }
    let chosen = last.saturating_sub(BACK).max(1).min(last.saturating_sub(1));
    // Of several events with one id, the last: a client that has this id has had them all.
    let same = ids.iter().rposition(|id| *id == ids[chosen]);
    same.or(Some(chosen))
}

/// Where one connection is all that is allowed, the first one is given up for the second.
async fn ask(
    asking: &Asking,
    id: &str,
    first: &mut Watch,
    deadline: Instant,
) -> Result<Watch, Option<FetchError>> {
    let request = || {
        let mut request = asking.request();
        id.clone_into(&mut request.last_event_id);
        asking.watch(request, deadline)
    };
    let mut answer = first.watch_during(deadline, request()).await;
    for _ in 0..AGAIN {
        let is_conflict = answer
            .as_ref()
            .is_ok_and(|second| matches!(second.head.status.as_u16(), 409 | 423 | 429));
        if !is_conflict || Instant::now() + SOON >= deadline {
            break;
        }
        first.give_up();
        sleep(SOON / 2).await;
        answer = request().await;
    }
    answer
}

#[cfg(test)]
mod tests;
