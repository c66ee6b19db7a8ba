//! Whether resumption really works. In: a connection on which events with ids were seen. Out: a second
//! one that was asked to go on after one of them, compared with the first, which stays open.
//!
//! Next: `compare.rs`.

use std::pin::pin;
use std::time::Duration;

use tokio::time::Instant;

use super::asking::Asking;
use super::compare::{Resumption, compare};
use super::finding::Finding;
use super::watch::Watch;
use super::words::count;

const CHECK: &str = "resumption";

/// The second connection goes on after the last event but so many.
const BACK: usize = 4;

/// For how long one connection may lag behind the other.
const SOON: Duration = Duration::from_millis(500);

pub(super) async fn try_it(asking: &Asking, first: &mut Watch, deadline: Instant) -> Finding {
    let events = &first.seen.events;
    let own: Vec<usize> = (0..events.len()).filter(|at| events[*at].own_id).collect();
    let Some(given) = own
        .len()
        .checked_sub(1)
        .map(|last| own[last.saturating_sub(BACK)])
    else {
        let advice = "there has to be an event with an id; watch for longer with --for 60";
        return Finding::note(CHECK, "could not be tried", advice);
    };
    let mut request = asking.request();
    request.last_event_id = events[given].id.to_string();
    let mut second = match asking.watch(request, deadline).await {
        Ok(second) => second,
        Err(error) => {
            let error = error.map_or("no response in time".to_owned(), |error| error.to_string());
            let what = format!("with Last-Event-ID the server fails: {error}");
            return Finding::error(
                CHECK,
                what,
                "take any Last-Event-ID, also one that is not known",
            );
        }
    };
    if second.head.status != 200 {
        let what = format!("with Last-Event-ID the answer is {}", second.head.status);
        let advice = "answer 200 whatever the id: a client that is refused does not come back";
        return Finding::error(CHECK, what, advice);
    }
    let wanted = BACK.min(events.len() - given - 1).max(1);
    watch_both(first, &mut second, wanted, deadline).await;
    // What the second connection had first, the first one has soon.
    let end = given + second.seen.events.len();
    let soon = deadline.min(Instant::now() + SOON);
    first
        .watch_until(soon, |seen, _| seen.events.len() > end)
        .await;
    judge(compare(&first.seen.events, given, &second.seen.events))
}

/// Until the second one has enough; what comes meanwhile must not be missed on the first one.
async fn watch_both(first: &mut Watch, second: &mut Watch, wanted: usize, deadline: Instant) {
    let mut second = pin!(second.watch_until(deadline, |seen, _| seen.events.len() >= wanted));
    tokio::select! {
        () = &mut second => return,
        () = first.watch_until(deadline, |_, _| false) => {}
    }
    second.await;
}

fn judge(resumption: Resumption) -> Finding {
    match resumption {
        Resumption::Exact(same) => Finding::ok(
            CHECK,
            format!(
                "works: after Last-Event-ID the same {} came",
                count(same, "event")
            ),
        ),
        Resumption::Repeats => Finding::error(
            CHECK,
            "the event whose id was sent comes again",
            "begin after the event with that id, not with it",
        ),
        Resumption::StartsOver => Finding::error(
            CHECK,
            "Last-Event-ID is ignored: events from before it come again",
            "begin after the event with that id",
        ),
        Resumption::Loses(lost) => Finding::error(
            CHECK,
            format!(
                "{} after the one whose id was sent did not come",
                count(lost, "event")
            ),
            "keep a history, and begin after the event with that id",
        ),
        Resumption::Differs(same) => Finding::error(
            CHECK,
            format!(
                "after {} another one came than on the first connection",
                count(same, "event")
            ),
            "send every client the same events in the same order, under the same ids",
        ),
        Resumption::Unrelated => Finding::error(
            CHECK,
            "the events that came are not those of the first connection",
            "ids must mean the same on every connection",
        ),
        Resumption::Silent => Finding::error(
            CHECK,
            "what came after the event whose id was sent was not sent again",
            "keep a history, and begin after the event with that id",
        ),
        Resumption::Unknown => Finding::note(
            CHECK,
            "could not be tried: too few events came",
            "watch for longer with --for 60",
        ),
    }
}
