use std::collections::HashSet;
use std::time::Duration;

use super::*;

fn log(limits: HistoryLimits) -> Log {
    let unbounded = LatestLimits::default().with_bytes(usize::MAX);
    Log::new(Epoch::new("e").unwrap(), limits, unbounded)
}

/// The log as one would write it without caring for speed: every event in a vector of its own.
struct Naive {
    limits: HistoryLimits,
    events: Vec<NaiveEvent>,
    oldest: usize,
}

struct NaiveEvent {
    bytes: Vec<u8>,
    /// What the history counts.
    cost: usize,
    came: Duration,
    id: Option<String>,
    key: Option<String>,
}

impl Naive {
    fn append(
        &mut self,
        log: &mut Log,
        length: usize,
        [id, key]: [Option<String>; 2],
        now: Duration,
    ) {
        let mut block = vec![b'x'; length];
        block.extend_from_slice(b"\n\n");
        let sequence = self.events.len() as u64 + 1;
        let mut stored = block.clone();
        let mut cost = BOOKKEEPING;
        let policy = match &id {
            Some(id) => {
                cost += id.len() + 96;
                IdPolicy::Publisher(id)
            }
            None => {
                stored.pop();
                stored.extend_from_slice(format!("id: e-{sequence}\n\n").as_bytes());
                IdPolicy::Own
            }
        };
        cost += key.as_ref().map_or(0, |key| key.len() + 96);
        assert_eq!(log.append(block, policy, key.as_deref(), now), sequence);
        self.events.push(NaiveEvent {
            cost: cost + stored.len(),
            bytes: stored,
            came: now,
            id,
            key,
        });
        while self.held().len() > self.limits.events.max(1)
            || (self.held().len() > 1 && self.bytes() > self.limits.bytes)
        {
            self.oldest += 1;
        }
        self.age(now);
    }

    fn age(&mut self, now: Duration) {
        let limit = self.limits.age.unwrap_or(Duration::MAX);
        while self.held().first().is_some_and(|e| now - e.came > limit) {
            self.oldest += 1;
        }
    }

    fn held(&self) -> &[NaiveEvent] {
        &self.events[self.oldest..]
    }

    fn bytes(&self) -> usize {
        self.held().iter().map(|event| event.cost).sum()
    }

    fn bytes_from(&self, place: u64) -> Vec<u8> {
        let from = usize::try_from(place - 1).unwrap();
        self.events[from..]
            .iter()
            .flat_map(|e| e.bytes.clone())
            .collect()
    }

    /// What left the history at `place` or later and is the newest of its key.
    fn latest_from(&self, place: u64) -> Vec<u8> {
        let from = usize::try_from(place - 1).unwrap();
        let mut seen = HashSet::new();
        let mut newest = Vec::new();
        for (index, event) in self.events.iter().enumerate().skip(from).rev() {
            let Some(key) = &event.key else { continue };
            if seen.insert(key) && index < self.oldest {
                newest.push(event.bytes.as_slice());
            }
        }
        newest.reverse();
        newest.concat()
    }

    fn resume(&self, id: &str) -> (Resume, u64) {
        let oldest = self.oldest as u64 + 1;
        let next = self.events.len() as u64 + 1;
        let of_publisher = |event: &NaiveEvent| event.id.as_deref() == Some(id);
        if let Some(index) = self.held().iter().rposition(of_publisher) {
            return (Resume::Found, oldest + index as u64 + 1);
        }
        let Some(sequence) = id.strip_prefix("e-") else {
            return (Resume::Unknown, oldest);
        };
        let sequence: u64 = sequence.parse().unwrap();
        if sequence >= next {
            (Resume::NeverExisted, oldest)
        } else if sequence + 1 < oldest {
            let missed = oldest - sequence - 1;
            (Resume::Expired { missed }, oldest)
        } else {
            (Resume::Found, sequence + 1)
        }
    }
}

/// Reads from a place to the head, as a subscriber would.
fn read_all(log: &mut Log, mut place: u64, now: Duration) -> (Vec<u8>, u64) {
    let mut all = Vec::new();
    let mut missed_all = 0;
    loop {
        match log.read(place, now) {
            Read::UpToDate => return (all, missed_all),
            Read::Gap { missed, oldest } => {
                assert_eq!(place + missed, oldest);
                missed_all += missed;
                place = oldest;
            }
            Read::Frame(bytes, next) => {
                assert!(next > place);
                all.extend(taken(Part::Frame(bytes)));
                place = next;
            }
            Read::Large(event, next) => {
                assert_eq!(next, place + 1);
                all.extend(taken(Part::Large(event)));
                place = next;
            }
        }
    }
}

/// All bytes of what was read, of which none is in a buffer larger than a frame.
fn taken(part: Part) -> Vec<u8> {
    let event = match part {
        Part::Frame(bytes) => {
            assert!(bytes.len() <= FRAME_BYTES);
            return bytes.to_vec();
        }
        Part::Large(event) => event,
    };
    let mut rest = Rest::of(&event);
    let mut all = Vec::new();
    loop {
        let (bytes, is_last) = match rest.next() {
            Slice::Middle(bytes) => (bytes, false),
            Slice::Last(bytes) => (bytes, true),
            Slice::Lost => panic!("lost"),
        };
        assert!(bytes.len() == FRAME_BYTES || is_last && !bytes.is_empty());
        all.extend_from_slice(&bytes);
        if is_last {
            assert_eq!(all, event.to_vec());
            assert!(all.len() > FRAME_BYTES && all.len() == event.len());
            return all;
        }
    }
}

fn read_latest(log: &Log, mut place: u64) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some(missed) = log.missed_from(place) {
        assert!(missed.events == 1 || matches!(missed.part, Part::Frame(_)));
        all.extend(taken(missed.part));
        place = missed.last + 1;
    }
    all
}

fn random_length(rng: &mut fastrand::Rng) -> usize {
    match rng.u32(0..40) {
        0 => rng.usize(FRAME_BYTES - 20..FRAME_BYTES + 20),
        1 => rng.usize(0..3 * FRAME_BYTES),
        2..6 => rng.usize(0..3_000),
        _ => rng.usize(0..200),
    }
}

fn random_limits(rng: &mut fastrand::Rng) -> HistoryLimits {
    let mut limits = HistoryLimits::default();
    if rng.bool() {
        limits.events = rng.usize(0..100);
    }
    if rng.bool() {
        limits.bytes = rng.usize(0..100_000);
    }
    if rng.bool() {
        limits.age = Some(Duration::from_millis(rng.u64(0..500)));
    }
    limits
}

#[test]
fn behaves_like_a_plain_vector() {
    for seed in 0..60 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let limits = random_limits(&mut rng);
        let mut log = log(limits);
        let mut naive = Naive {
            limits,
            events: Vec::new(),
            oldest: 0,
        };
        let mut now = Duration::ZERO;
        for step in 0..300 {
            now += Duration::from_millis(rng.u64(0..20));
            let id = (rng.u8(0..3) == 0).then(|| format!("p{}", rng.u8(..)));
            let key = (rng.u8(0..3) == 0).then(|| format!("k{}", rng.u8(0..30)));
            naive.append(&mut log, random_length(&mut rng), [id, key], now);
            assert_eq!(log.bytes(), naive.bytes(), "seed {seed}, step {step}");
            assert_eq!(log.events(), naive.held().len() as u64);
            if rng.u8(0..4) > 0 {
                continue;
            }
            now += Duration::from_millis(rng.u64(0..200));
            naive.age(now);
            let oldest = naive.oldest as u64 + 1;
            let place = rng.u64(1..=naive.events.len() as u64 + 1);
            let (bytes, missed) = read_all(&mut log, place, now);
            assert_eq!(missed, oldest.saturating_sub(place));
            assert!(bytes == naive.bytes_from(place.max(oldest)), "seed {seed}");
            assert!(
                read_latest(&log, place) == naive.latest_from(place),
                "seed {seed}"
            );
            let number = rng.u64(0..350);
            for id in [format!("e-{number}"), format!("p{}", number % 256)] {
                assert_eq!(log.resume(&id, now), naive.resume(&id), "{id} {seed}");
            }
            let before = log.id_before(place.max(oldest));
            let (outcome, place_after) = log.resume(&before, now);
            if naive.events[..naive.oldest].is_empty() || before.starts_with("e-") {
                assert_eq!(outcome, Resume::Found);
            }
            assert!(place_after >= oldest);
        }
    }
}

#[test]
fn ids_of_the_logs_own_form() {
    for (id, parsed) in [
        ("e-0", Some(("e", 0))),
        ("k3f-18446744073709551615", Some(("k3f", u64::MAX))),
        ("k3f-18446744073709551616", None),
        ("e-01", None),
        ("e-", None),
        ("-1", None),
        ("e-+1", None),
        ("a-b-1", None),
        ("é-1", None),
        ("e1", None),
    ] {
        assert_eq!(Epoch::parse_id(id), parsed, "{id:?}");
    }
    let random = Epoch::random();
    assert_eq!(Epoch::parse_id(&random.id(7)), Some((random.as_str(), 7)));
    assert!(Epoch::new(&"x".repeat(33)).is_err() && Epoch::new("").is_err());
}

#[test]
fn all_outcomes_of_a_resume() {
    let limits = HistoryLimits::default().with_events(2);
    let mut log = log(limits);
    let now = Duration::ZERO;
    assert_eq!(log.resume("e-0", now), (Resume::Found, 1));
    for _ in 0..5 {
        log.append(b"data\n\n".to_vec(), IdPolicy::Own, None, now);
    }
    let mut resume = |id| log.resume(id, now);
    assert_eq!(resume("e-5"), (Resume::Found, 6));
    assert_eq!(resume("e-3"), (Resume::Found, 4));
    assert_eq!(resume("e-2"), (Resume::Expired { missed: 1 }, 4));
    assert_eq!(resume("e-6"), (Resume::NeverExisted, 4));
    assert_eq!(resume("e-18446744073709551615"), (Resume::NeverExisted, 4));
    assert_eq!(resume("f-5"), (Resume::OtherEpoch, 4));
    assert_eq!(resume("whatever"), (Resume::Unknown, 4));
}

#[test]
fn readers_of_the_same_place_share_the_bytes() {
    let mut log = log(HistoryLimits::default());
    let now = Duration::ZERO;
    for _ in 0..3 {
        log.append(b"data: x\n\n".to_vec(), IdPolicy::Own, None, now);
    }
    let Read::Frame(first, 4) = log.read(1, now) else {
        panic!("three events wait");
    };
    let Read::Frame(second, 4) = log.read(1, now) else {
        panic!("three events wait");
    };
    let Read::Frame(last, 4) = log.read(3, now) else {
        panic!("one event waits");
    };
    assert_eq!(first.as_ptr(), second.as_ptr());
    assert_eq!(last.as_ptr_range().end, first.as_ptr_range().end);
    assert_eq!(log.pinned_bytes(), 0);
}

#[test]
fn frames_in_flight_are_counted_until_they_are_dropped() {
    let limits = HistoryLimits::default().with_events(1);
    let mut log = log(limits);
    let now = Duration::ZERO;
    let mut frames = Vec::new();
    for sequence in 1..=10 {
        log.append(vec![b'x'; 10_000], IdPolicy::None, None, now);
        let Read::Frame(frame, _) = log.read(sequence, now) else {
            panic!("an event waits");
        };
        frames.push(frame);
    }
    assert_eq!(log.pinned_bytes(), 90_000);
    frames.truncate(4);
    assert_eq!(log.pinned_bytes(), 40_000);
    frames.clear();
    assert_eq!(log.pinned_bytes(), 0);
    assert_eq!(log.bytes(), 10_000 + BOOKKEEPING);
}
