use super::*;

/// Events by number, with the time in ms after the head; a number of 0 has no id, and says the time.
fn events(all: &[(u64, u64)]) -> Vec<SeenEvent> {
    let event = |(number, at): &(u64, u64)| SeenEvent {
        id: number.to_string().into(),
        own_id: *number != 0,
        digest: *at,
        at: Duration::from_millis(*at),
    };
    all.iter().map(event).collect()
}

fn compared(first: &[(u64, u64)], second: &[(u64, u64)]) -> Compared {
    let (first, second) = (events(first), events(second));
    let started = Instant::now();
    compare(&side(&first, started), &side(&second, started))
}

/// Watched for 10 s.
fn side(events: &[SeenEvent], started: Instant) -> Side<'_> {
    Side {
        events,
        started,
        until: started + Duration::from_secs(10),
    }
}

#[test]
fn what_comes_as_it_was_sent_is_neither_late_nor_lost() {
    let first = [(1, 0), (2, 1000), (3, 2000)];
    let found = compared(&first, &[(1, 20), (2, 1010), (3, 2030)]);
    assert_eq!(
        (found.both, found.lost, found.doubled, found.waiting),
        (3, 0, 0, 0)
    );
    assert_eq!(found.late, Duration::from_millis(30));
    assert_eq!(found.bursts, [3, 3]);
}

#[test]
fn a_burst_is_as_late_as_its_first_event() {
    let first = [(1, 0), (2, 1000), (3, 2000)];
    let found = compared(&first, &[(1, 2000), (2, 2001), (3, 2002)]);
    assert_eq!((found.late, found.bursts), (Duration::from_secs(2), [3, 1]));
}

#[test]
fn what_is_missing_between_others_is_lost_and_at_the_end_it_waits() {
    let first = [(1, 0), (2, 100), (3, 200), (4, 300), (5, 9800)];
    let found = compared(&first, &[(1, 0), (3, 200)]);
    // The last one is not due yet.
    assert_eq!((found.both, found.lost, found.waiting), (2, 1, 1));
    let nothing = compared(&first, &[]);
    assert_eq!((nothing.both, nothing.waiting), (0, 4));
    let twice = compared(&first[..2], &[(1, 0), (2, 100), (1, 150)]);
    assert_eq!((twice.doubled, twice.lost), (1, 0));
}

#[test]
fn heartbeats_that_say_the_time_are_not_lost() {
    let found = compared(&[(1, 0), (0, 50), (2, 100)], &[(1, 0), (0, 51), (2, 101)]);
    assert_eq!((found.both, found.lost, found.doubled), (2, 0, 0));
    // Where nothing else comes, the order says which is which.
    let found = compared(&[(0, 50), (0, 950)], &[(0, 900), (0, 951)]);
    assert_eq!((found.both, found.late), (2, Duration::from_millis(850)));
}

/// A connection that begins later gets what is new, or a stream of its own from the start.
#[test]
fn the_lesser_of_two_delays_counts() {
    let (first, second) = (events(&[(1, 5000)]), events(&[(1, 2000)]));
    let started = Instant::now();
    let late = |begun: u64, second: &[SeenEvent]| {
        let begun = started + Duration::from_secs(begun);
        compare(&side(&first, started), &side(second, begun)).late
    };
    assert_eq!(late(3, &second), Duration::ZERO);
    assert_eq!(late(3, &first), Duration::ZERO);
}
