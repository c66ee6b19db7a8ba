//! What a source may wait, said another way than the machine says it. In: when connections opened and ended. Out:
//! a panic when a wait is too short or too long, or a limit on attempts is not kept.
//!
//! Next: `wellspring_proto::Reconnection`, whose promises these are.

use std::time::Duration;

use fastrand::Rng;
use wellspring_proto::{Failure, Interruption, Reconnection};

pub(crate) struct Patience {
    policy: Reconnection,
    /// What the server set last, as far as the source has read it.
    reconnection_time: Duration,
    opened_at: Option<Duration>,
    /// When each failed attempt of the row there is failed.
    failed_at: Vec<Duration>,
    wait: Option<Wait>,
}

#[derive(Clone, Copy, Debug)]
struct Wait {
    since: Duration,
    least: Duration,
    most: Duration,
}

impl Patience {
    pub(crate) fn new(policy: Reconnection) -> Self {
        Self {
            policy,
            reconnection_time: policy.initial,
            opened_at: None,
            failed_at: Vec::new(),
            wait: None,
        }
    }

    /// A policy with limits that are reached, sometimes.
    pub(crate) fn draw(random: &mut Rng) -> Reconnection {
        let mut policy = Reconnection::default();
        policy.factor = random.u32(1..4);
        policy.jitter = random.bool();
        policy.cap = Duration::from_secs(random.u64(1..60));
        if random.u8(..4) == 0 {
            policy = policy.with_max_attempts(Some(random.u32(1..6)));
        }
        if random.u8(..4) == 0 {
            policy = policy.with_max_elapsed(Some(Duration::from_secs(random.u64(1..40))));
        }
        policy
    }

    pub(crate) fn set(&mut self, reconnection_time: Duration) {
        let Reconnection { floor, ceiling, .. } = self.policy;
        self.reconnection_time = reconnection_time.clamp(floor, ceiling);
    }

    pub(crate) fn opened(&mut self, now: Duration) {
        self.opened_at = Some(now);
    }

    pub(crate) fn lost(&mut self, now: Duration, cause: Interruption, at_least: Duration) {
        let clean = cause == Interruption::EndOfBody;
        let opened_at = self.opened_at.take();
        if clean || opened_at.is_some_and(|at| now - at >= self.policy.healthy_after) {
            self.failed_at.clear();
        }
        let mut least = self.reconnection_time;
        if !clean {
            for _ in &self.failed_at {
                least =
                    (least * self.policy.factor).min(self.policy.cap.max(self.reconnection_time));
            }
            self.failed_at.push(now);
        }
        let least = least.max(at_least);
        let jitters = self.policy.jitter && !clean;
        let most = if jitters { least * 2 } else { least };
        self.wait = Some(Wait {
            since: now,
            least,
            most,
        });
    }

    /// The machine says that it will come back after so long.
    pub(crate) fn check_delay(&self, delay: Duration) {
        let wait = self.wait.unwrap();
        assert!(
            (wait.least..=wait.most).contains(&delay),
            "waits {delay:?} instead of {wait:?}"
        );
        let failures = self.failed_at.len();
        let allowed = self
            .policy
            .max_attempts
            .is_none_or(|max| failures < max as usize);
        assert!(allowed, "another attempt after {failures} that failed");
        if let (Some(first), Some(max)) = (self.failed_at.first(), self.policy.max_elapsed) {
            assert!(
                wait.since + delay - *first <= max,
                "an attempt beyond {max:?}"
            );
        }
    }

    /// The machine makes another attempt; `early` if the program asked for it.
    pub(crate) fn check_attempt(&mut self, now: Duration, early: bool) {
        if let Some(wait) = self.wait.take() {
            let waited = now - wait.since;
            assert!(
                early || waited >= wait.least,
                "came back after {waited:?} instead of {wait:?}"
            );
        }
    }

    /// The machine gives up by a limit of its policy.
    pub(crate) fn check_exhausted(&self, failure: Failure) {
        let failures = self.failed_at.len();
        match failure {
            Failure::Attempts(count) => {
                assert_eq!(count as usize, failures);
                assert_eq!(Some(count), self.policy.max_attempts);
            }
            Failure::Elapsed(max) => {
                assert_eq!(Some(max), self.policy.max_elapsed);
                let (wait, first) = (self.wait.unwrap(), self.failed_at[0]);
                assert!(
                    wait.since + wait.most - first > max,
                    "gives up before {max:?}"
                );
            }
            other => panic!("{other:?} is no limit of the policy"),
        }
    }
}
