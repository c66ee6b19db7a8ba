//! One publisher. In: its topics, and how often. Out: events at the server, one after the other, and in
//! the ledger what each came to. A server that goes away and comes back is waited for.
//!
//! Next: `line.rs` sends.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use super::ledger::Outcome;
use super::line::{Line, Silence};
use super::mark::Mark;
use super::publishing::{Form, is_worth_repeating, outcome, retry_after, words};
use super::rights::Privacy;
use super::run::{Run, up};

/// The first wait for a server that is not there, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(500));
/// A server that asks for more is asked again all the same.
const LONGEST_RETRY_AFTER: u64 = 5;

pub(super) struct Publisher {
    pub(super) run: Arc<Run>,
    pub(super) line: Line,
    pub(super) form: Arc<Form>,
    pub(super) privacy: Privacy,
    /// This publisher's alone: the next number is taken when the one before is settled.
    pub(super) topics: Vec<u32>,
    /// From one event to the next; none to go on as soon as there is an answer.
    pub(super) interval: Option<Duration>,
    /// The first event is so much later.
    pub(super) delay: Duration,
    pub(super) timeout: Duration,
    pub(super) is_idempotent: bool,
    /// How long an event that is under way at the end is tried again.
    pub(super) patience: Duration,
}

impl Publisher {
    /// Publishes until the run is over.
    pub(super) async fn publish(mut self) {
        let mut over = self.run.is_over.subscribe();
        let mut due = Instant::now() + self.delay;
        for at in (0..self.topics.len()).cycle() {
            tokio::select! {
                () = sleep_until(due) => {}
                _ = over.wait_for(|over| *over) => return,
            }
            if self.is_over() {
                return;
            }
            let topic = self.topics[at];
            let number = self.run.ledger.begin(topic, self.run.milliseconds());
            let outcome = self.settle(topic, number).await;
            self.run.ledger.settle(topic, number, outcome);
            let counters = &self.run.counters;
            up(match outcome {
                Outcome::Answered => &counters.answered,
                Outcome::Refused => &counters.refused,
                _ => &counters.doubtful,
            });
            due = match self.interval {
                // What could not be published in time is not made up for.
                Some(interval) => {
                    let now = Instant::now();
                    (due + interval).max(now.checked_sub(interval).unwrap_or(now))
                }
                None => Instant::now(),
            };
        }
    }

    /// Sends one event until it is known, or cannot be known, what came of it.
    async fn settle(&mut self, topic: u32, number: u32) -> Outcome {
        let run = Arc::clone(&self.run);
        let mark = Mark {
            topic,
            number,
            sent: run.microseconds(),
        };
        let data = mark.write(&run.name, run.size);
        let key = format!("{}-{topic}-{number}", run.name);
        let key = self.is_idempotent.then_some(key);
        let is_private = self.privacy.is_private(topic, number);
        let (mut pause, mut is_seen, mut over) = (PAUSES.0, false, None);
        loop {
            let name = &run.topics[topic as usize];
            let request = self.form.request(name, &data, is_private, key.as_deref());
            let sent = self.line.send(request, self.timeout).await;
            let mut wait = pause;
            match sent {
                Ok(answer) => {
                    let outcome = outcome(&answer);
                    if outcome != Outcome::Answered {
                        run.complain(format!("a publish: {}", words(&answer)));
                    }
                    let is_done = outcome == Outcome::Answered || key.is_none();
                    let asked = retry_after(&answer).unwrap_or(0).min(LONGEST_RETRY_AFTER);
                    wait = wait.max(Duration::from_secs(asked));
                    if is_done || !is_worth_repeating(&answer) {
                        // A server that is busy is not asked at once again.
                        if is_worth_repeating(&answer) && !self.is_over() {
                            sleep(wait).await;
                        }
                        // An attempt before that had no answer may have been taken.
                        let was_refused = outcome == Outcome::Refused && is_seen;
                        return if was_refused {
                            Outcome::Doubtful
                        } else {
                            outcome
                        };
                    }
                    is_seen |= outcome == Outcome::Doubtful;
                }
                Err(Silence::NotSent(why)) => run.complain(format!("a publish: {why}")),
                Err(Silence::Broken(why)) => {
                    run.complain(format!("a publish: {why}"));
                    is_seen = true;
                    if key.is_none() {
                        return Outcome::Doubtful;
                    }
                }
            }
            if self.is_over() {
                let until = *over.get_or_insert_with(|| Instant::now() + self.patience);
                if Instant::now() >= until {
                    return if is_seen {
                        Outcome::Doubtful
                    } else {
                        Outcome::Refused
                    };
                }
            }
            if is_seen {
                up(&run.counters.repeated);
            }
            sleep(wait).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    fn is_over(&self) -> bool {
        *self.run.is_over.borrow()
    }
}
