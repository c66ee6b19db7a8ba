//! The account, held to one that keeps everything and looks through all of it each time.

use super::*;

const TOPICS: u32 = 3;

#[derive(Clone, Copy, Debug)]
enum Step {
    Opened(u32, Begin),
    Event(u32, u32),
}

fn publishes(random: &mut fastrand::Rng) -> Ledger {
    let ledger = Ledger::new(TOPICS);
    let mut now = 0;
    for _ in 0..random.u32(0..60) {
        let topic = random.u32(0..TOPICS);
        now += random.u32(0..4);
        let number = ledger.begin(topic, now);
        let outcome = match random.u32(0..10) {
            0 => Outcome::Refused,
            1 => Outcome::Doubtful,
            2 => Outcome::Pending,
            _ => Outcome::Answered,
        };
        ledger.settle(topic, number, outcome);
    }
    ledger
}

/// Deliveries of a server that does everything wrong; it goes back only where it says nothing of gaps.
fn deliveries(random: &mut fastrand::Rng, ledger: &Ledger, rights: &Rights) -> Vec<Step> {
    let mut steps = vec![Step::Opened(random.u32(0..20), Begin::Fresh)];
    let (mut highest, mut anew) = ([0; TOPICS as usize], [false; TOPICS as usize]);
    for _ in 0..random.usize(0..80) {
        if random.u32(0..12) == 0 {
            let begin = [Begin::Resumed, Begin::Gap, Begin::Fresh][random.usize(0..3)];
            steps.push(Step::Opened(random.u32(0..120), begin));
            anew = anew.map(|anew| anew || begin != Begin::Resumed);
            continue;
        }
        let topic = random.u32(0..TOPICS);
        let at = topic as usize;
        let number = match random.u32(0..6) {
            0 if highest[at] > 0 && !anew[at] => random.u32(1..=highest[at]),
            1 => highest[at] + random.u32(2..5),
            _ => highest[at] + 1,
        };
        if number > ledger.last(topic) {
            continue;
        }
        // What must not come does not say where the server goes on.
        if rights.of(topic).asked && !rights.is_secret(topic, number) {
            anew[at] &= number <= highest[at];
            highest[at] = highest[at].max(number);
        }
        steps.push(Step::Event(topic, number));
    }
    steps
}

#[derive(Debug, Default, PartialEq)]
struct Expected {
    events: [u64; Fault::ALL.len()],
    not_owed: u64,
}

/// The connection that is open after so many steps.
fn connection(steps: &[Step]) -> usize {
    let opened = steps.iter().filter(|step| matches!(step, Step::Opened(..)));
    opened.count() - 1
}

fn fate(steps: &[Step], topic: u32, number: u32, sent: u32) -> Option<Fault> {
    let numbers = |steps: &[Step]| -> Vec<(usize, u32)> {
        let events = steps.iter().enumerate();
        let of_topic = events.filter_map(|(at, step)| match step {
            Step::Event(of, number) if *of == topic => Some((at, *number)),
            _ => None,
        });
        of_topic.collect()
    };
    let all = numbers(steps);
    let jump = all.iter().find(|(_, other)| *other > number);
    let until = jump.map_or(steps.len(), |(at, _)| *at);
    let before = numbers(&steps[..until]);
    // Of equal ones the first: that one was new.
    let highest = before.iter().rev().max_by_key(|(_, number)| *number);
    let from = highest.map_or(0, |(at, _)| connection(&steps[..*at]));
    let to = connection(&steps[..until]);
    let opened = steps.iter().filter_map(|step| match step {
        Step::Opened(now, begin) => Some((*now, *begin)),
        Step::Event(..) => None,
    });
    let opened: Vec<_> = opened.collect();
    let behind = |begin| move |(now, of): &(u32, Begin)| *of == begin && *now >= sent;
    if opened[..=to].iter().any(behind(Begin::Fresh)) {
        return None;
    }
    let over = &opened[from + 1..=to];
    Some(if over.iter().any(behind(Begin::Gap)) {
        Fault::ToldGap
    } else if over.iter().any(behind(Begin::Resumed)) {
        Fault::UnseenGap
    } else {
        Fault::Lost
    })
}

fn expected(steps: &[Step], ledger: &Ledger, rights: &Rights) -> Expected {
    let mut expected = Expected::default();
    let mut kept = Vec::new();
    let mut add = |fault: Fault| expected.events[fault as usize] += 1;
    for step in steps {
        let Step::Event(topic, number) = *step else {
            kept.push(*step);
            continue;
        };
        let has = |is: &dyn Fn(u32) -> bool| {
            let same = |step: &Step| matches!(step, Step::Event(of, n) if *of == topic && is(*n));
            kept.iter().any(same)
        };
        let record = ledger.record(topic, number).unwrap();
        if rights.is_secret(topic, number) {
            add(Fault::Leaked);
        } else if !rights.of(topic).asked {
            add(Fault::NotAskedFor);
        } else if has(&|other| other == number) {
            add(Fault::Doubled);
        } else {
            if has(&|other| other > number) && record.outcome != Outcome::Doubtful {
                add(Fault::OutOfOrder);
            }
            if record.outcome == Outcome::Refused {
                add(Fault::RefusedButSent);
            }
            kept.push(*step);
        }
    }
    for topic in 0..TOPICS {
        for number in 1..=ledger.last(topic) {
            let record = ledger.record(topic, number).unwrap();
            let is = |step: &Step| matches!(step, Step::Event(t, n) if (*t, *n) == (topic, number));
            let is_owed = rights.is_owed(topic, number) && record.outcome == Outcome::Answered;
            if is_owed && !kept.iter().any(is) {
                match fate(&kept, topic, number, record.sent) {
                    Some(fault) => expected.events[fault as usize] += 1,
                    None => expected.not_owed += 1,
                }
            }
        }
    }
    expected
}

#[test]
fn the_account_agrees_with_the_oracle() {
    let mut seen = [0; Fault::ALL.len()];
    for seed in 0..20_000 {
        let mut random = fastrand::Rng::with_seed(seed);
        let ledger = publishes(&mut random);
        let topics = (0..TOPICS).map(|_| Right {
            asked: random.u32(0..6) > 0,
            granted: random.bool(),
        });
        let rights = Rights {
            topics: topics.collect(),
            privacy: Privacy {
                share: [0, 50, 100][random.usize(0..3)],
            },
        };
        let steps = deliveries(&mut random, &ledger, &rights);
        let mut witness = Witness::new(0, rights.clone());
        for step in &steps {
            match *step {
                Step::Opened(now, begin) => witness.opened(now, begin),
                Step::Event(topic, number) => witness.event(topic, number, &ledger),
            }
        }
        let tally = witness.tally(&ledger);
        let found = Expected {
            events: Fault::ALL.map(|fault| tally.count(fault).events),
            not_owed: tally.not_owed,
        };
        let expected = expected(&steps, &ledger, &rights);
        assert_eq!(found, expected, "seed {seed}: {steps:?}");
        for (seen, events) in seen.iter_mut().zip(expected.events) {
            *seen += u64::from(events > 0);
        }
    }
    // Altered events are none of its business.
    let rare = Fault::ALL.iter().zip(seen).filter(|(_, seen)| *seen < 100);
    assert_eq!(
        rare.map(|(fault, _)| *fault).collect::<Vec<_>>(),
        [Fault::Altered]
    );
}
