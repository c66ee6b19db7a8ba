//! In: engines, and how many subscribe. Out: what each spends. Every run starts the server anew; the engines take
//! turns, and each run is checked: a subscriber that misses an event, or gets one twice, fails the benchmark.
//!
//! The clock is the CPU time of the server's process, so that what else the machine does matters little. Bars compare
//! figures of the same round.
//!
//! Next: `bars.rs`.

use super::engines::Engine;
use super::load::{Deliveries, Load};
use super::process::{Cores, Server};
use std::thread;
use std::time::Duration;

/// How long, and how often.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Method {
    pub(crate) cores: Cores,
    pub(crate) runs: usize,
    pub(crate) time: Duration,
}

/// How many events may be on their way.
pub(crate) const IN_FLIGHT: [usize; 2] = [1, 16];

/// What is not measured, before each mode.
const WARM_UP: Duration = Duration::from_millis(200);

/// Until a server has come to rest.
const REST: Duration = Duration::from_millis(200);

/// One mode of one run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figures {
    /// Microseconds of CPU a delivery.
    pub(crate) cpu: f64,
    /// Deliveries a second.
    pub(crate) speed: f64,
    /// Microseconds from publishing to reading.
    pub(crate) p50: f64,
    pub(crate) p99: f64,
}

/// One run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    /// With one event in flight, and with sixteen.
    pub(crate) modes: [Figures; 2],
    /// Bytes for each subscriber that waits for its first event.
    pub(crate) idle: f64,
    /// The same after all events.
    pub(crate) after: f64,
}

/// One engine's runs, in the order of the rounds.
#[derive(Clone, Debug)]
pub(crate) struct Timing {
    pub(crate) engine: Engine,
    pub(crate) runs: Vec<Run>,
}

/// All engines for one number of subscribers.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) subscribers: usize,
    pub(crate) timings: Vec<Timing>,
}

impl Row {
    pub(crate) fn timing(&self, name: &str) -> Option<&Timing> {
        self.timings
            .iter()
            .find(|timing| timing.engine.name == name)
    }
}

pub(crate) fn row(subscribers: usize, engines: &[Engine], method: Method) -> Result<Row, String> {
    let empty = |engine: &Engine| Timing {
        engine: *engine,
        runs: Vec::new(),
    };
    let mut timings: Vec<Timing> = engines.iter().map(empty).collect();
    for round in 0..method.runs {
        for turn in 0..timings.len() {
            let turn = (round + turn) % timings.len();
            let timing = &mut timings[turn];
            let name = timing.engine.name;
            let run = measure(&timing.engine, subscribers, method.cores, method.time)
                .map_err(|why| format!("{name}: {why}"))?;
            let [one, sixteen] = run.modes;
            eprintln!(
                "{subscribers} subscribers, round {} of {}: {name:24} {:6.2} µs, {:6.3} µs, {:6.0} B",
                round + 1,
                method.runs,
                one.cpu,
                sixteen.cpu,
                run.idle
            );
            timing.runs.push(run);
        }
    }
    Ok(Row {
        subscribers,
        timings,
    })
}

fn measure(
    engine: &Engine,
    subscribers: usize,
    cores: Cores,
    time: Duration,
) -> Result<Run, String> {
    let server = Server::start(engine, cores.server)?;
    let mut publisher = server.publisher()?;
    thread::sleep(REST);
    let before = server.resident()?;
    let mut load = Load::connect(server.subscribers, subscribers)?;
    let each = |resident: u64| resident.saturating_sub(before) as f64 / subscribers as f64;
    thread::sleep(REST);
    let idle = each(server.resident()?);
    let mut mode = |in_flight| {
        load.run(&mut publisher, in_flight, WARM_UP)?;
        let before = server.cpu()?;
        let deliveries = load.run(&mut publisher, in_flight, time)?;
        Ok::<_, String>(figures(deliveries, server.cpu()? - before))
    };
    let modes = [mode(IN_FLIGHT[0])?, mode(IN_FLIGHT[1])?];
    thread::sleep(REST);
    let after = each(server.resident()?);
    Ok(Run { modes, idle, after })
}

fn figures(deliveries: Deliveries, cpu: Duration) -> Figures {
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    Figures {
        cpu: micros(cpu) / deliveries.count as f64,
        speed: deliveries.count as f64 / deliveries.wall.as_secs_f64(),
        p50: micros(deliveries.p50),
        p99: micros(deliveries.p99),
    }
}
