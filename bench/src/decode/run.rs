//! In: corpora, chunkings and engines. Out: gigabytes a second of each, median of several runs.
//!
//! The engines take turns, so that whatever slows the machine down slows all of them down; the first of a round
//! is another one each time. The clock is the CPU time of this thread, so that other processes count as little
//! as possible. Each result is checked against what the generator put in. An engine that would take longer
//! than the budget gets a prefix of the corpus, and the report says so.
//!
//! Next: `report.rs`.

use super::chunks::{Chunking, Chunks};
use super::corpus::Corpus;
use super::engines::{Engine, Found};
use crate::median::{median, spread};
use std::time::Duration;

/// How to measure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Method {
    pub(crate) runs: usize,
    /// How often one run goes over the corpus.
    pub(crate) laps: usize,
    /// What one run of one engine may take.
    pub(crate) budget: Duration,
}

/// What one engine reached in one row.
#[derive(Clone, Debug)]
pub(crate) struct Timing {
    pub(crate) engine: Engine,
    /// Bytes decoded in one run.
    pub(crate) bytes: usize,
    /// Whether that was the whole corpus.
    pub(crate) whole: bool,
    /// Gigabytes (10⁹) a second, one for each run.
    pub(crate) speeds: Vec<f64>,
}

impl Timing {
    pub(crate) fn median(&self) -> f64 {
        median(&self.speeds)
    }

    /// Slowest to fastest run, as a share of the median.
    pub(crate) fn spread(&self) -> f64 {
        spread(&self.speeds)
    }
}

/// One corpus at one chunking.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) corpus: &'static str,
    pub(crate) chunking: Chunking,
    pub(crate) timings: Vec<Timing>,
}

impl Row {
    pub(crate) fn timing(&self, engine: &str) -> Option<&Timing> {
        self.timings.iter().find(|t| t.engine.name == engine)
    }
}

/// Measures one row. An error names the engine that found something else than what is there.
pub(crate) fn row(
    corpus: &Corpus,
    chunking: Chunking,
    engines: &[Engine],
    method: Method,
) -> Result<Row, String> {
    let whole = Chunks::cut(corpus.whole(), chunking, method.laps);
    let mut lanes = Vec::new();
    for engine in engines {
        lanes.push(Lane::new(*engine, corpus, &whole, chunking, method)?);
    }
    for run in 0..method.runs {
        for turn in 0..lanes.len() {
            let turn = (run + turn) % lanes.len();
            lanes[turn].run(&whole)?;
        }
    }
    Ok(Row {
        corpus: corpus.name,
        chunking,
        timings: lanes.into_iter().map(Lane::finish).collect(),
    })
}

/// One engine's share of a row.
struct Lane<'a> {
    engine: Engine,
    /// The prefix this engine gets, when it is too slow for the whole.
    prefix: Option<Chunks<'a>>,
    bytes: usize,
    speeds: Vec<f64>,
}

impl<'a> Lane<'a> {
    /// Tries the engine on growing prefixes, which also warms it up, and settles how much it gets.
    fn new(
        engine: Engine,
        corpus: &'a Corpus,
        whole: &Chunks<'a>,
        chunking: Chunking,
        method: Method,
    ) -> Result<Self, String> {
        let (mut size, mut view, mut took);
        size = 64 * 1024;
        loop {
            view = corpus.prefix(size);
            took = time(engine, &Chunks::cut(view, chunking, 1))?;
            if took > Duration::from_millis(20) || view.is_whole() {
                break;
            }
            size *= 4;
        }
        let seconds_a_byte = took.as_secs_f64() / view.len() as f64;
        let affordable = (method.budget.as_secs_f64() / seconds_a_byte) as usize;
        let prefix =
            (affordable < whole.len()).then(|| Chunks::cut(corpus.prefix(affordable), chunking, 1));
        Ok(Self {
            engine,
            bytes: prefix.as_ref().unwrap_or(whole).len(),
            prefix,
            speeds: Vec::with_capacity(method.runs),
        })
    }

    fn run(&mut self, whole: &Chunks<'a>) -> Result<(), String> {
        let took = time(self.engine, self.prefix.as_ref().unwrap_or(whole))?;
        self.speeds
            .push(self.bytes as f64 / took.as_secs_f64() / 1e9);
        Ok(())
    }

    fn finish(self) -> Timing {
        Timing {
            engine: self.engine,
            bytes: self.bytes,
            whole: self.prefix.is_none(),
            speeds: self.speeds,
        }
    }
}

/// Runs the engine once and checks what it found.
fn time(engine: Engine, chunks: &Chunks<'_>) -> Result<Duration, String> {
    let work = (engine.prepare)(chunks);
    let start = cpu_time();
    let found = work();
    let took = cpu_time().saturating_sub(start);
    let expected = expected(found, chunks);
    if found == expected {
        Ok(took.max(Duration::from_nanos(1)))
    } else {
        Err(format!(
            "{} found {found:?}, there is {expected:?}",
            engine.name
        ))
    }
}

fn expected(found: Found, chunks: &Chunks<'_>) -> Found {
    match found {
        Found::Events(_) => Found::Events(chunks.expected()),
        Found::Newlines(_) => Found::Newlines(chunks.newlines()),
    }
}

/// How long this thread has been on a CPU.
#[cfg(unix)]
fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// Without a clock per thread, the wall's.
#[cfg(not(unix))]
fn cpu_time() -> Duration {
    use std::sync::LazyLock;
    use std::time::Instant;
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed()
}
