//! How many subscribers of each kind. In: the number of all, from `WELLSPRING_SUBSCRIBERS`. Out: the
//! parts, and how often to publish, so that there are 20,000 deliveries a second whatever the number.

use std::fmt;
use std::time::Duration;

const DELIVERIES_A_SECOND: u32 = 20_000;

/// From here on the run is for the figures, not only for what must hold.
const SOAK: usize = 5_000;

#[derive(Clone, Debug)]
pub struct Scale {
    pub healthy: usize,
    /// Never reading.
    pub silent: usize,
    /// A byte a second.
    pub trickling: usize,
    /// Coming and going at random.
    pub restless: usize,
    pub events: usize,
    pub pause: Duration,
    /// How often with the bad ones, and how often without.
    pub runs: usize,
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} healthy, {} that never read, {} that read a byte a second, {} that come and go, an event every {:?}, {} \
             events a run",
            self.healthy, self.silent, self.trickling, self.restless, self.pause, self.events
        )
    }
}

impl Scale {
    pub fn from_environment() -> Self {
        let all = std::env::var("WELLSPRING_SUBSCRIBERS");
        let all = all.map_or(500, |number| number.parse().unwrap());
        let [silent, trickling, restless] = [all / 250, all / 50, all / 5];
        let pause = Duration::from_secs(1) * u32::try_from(all).unwrap() / DELIVERIES_A_SECOND;
        let time = Duration::from_secs(if all >= SOAK { 30 } else { 4 });
        Self {
            healthy: all - silent - trickling - restless,
            silent,
            trickling,
            restless,
            events: usize::try_from(time.as_micros() / pause.as_micros()).unwrap(),
            pause,
            runs: (all / 1_000).max(1),
        }
    }

    /// The healthy ones alone.
    pub fn without_bad(&self) -> Self {
        Self {
            silent: 0,
            trickling: 0,
            restless: 0,
            ..self.clone()
        }
    }

    pub fn all(&self) -> usize {
        self.healthy + self.silent + self.trickling + self.restless
    }

    pub fn is_soak(&self) -> bool {
        self.all() >= SOAK
    }
}
