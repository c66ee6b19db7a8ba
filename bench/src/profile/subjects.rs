//! In: a time. Out: the profile of one of ours that has worked for about that long.
//!
//! Next: `perf.rs`.

use super::names::Names;
use super::perf::{self, Recording};
use super::stacks::Profile;
use crate::client::{server, wire};
use crate::serve::engines;
use crate::serve::load::Load;
use crate::serve::process::{Cores, Server};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

/// What may be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Subject {
    /// The decoder, lending events of the corpus `tokens`, chunks of 16 KiB.
    Decode,
    /// The client, lending the same events, over HTTP/1.1 on loopback.
    Client,
    /// The server with a thousand subscribers, with one event in flight and with sixteen.
    Serve,
}

/// One picture.
pub(super) struct Picture {
    pub(super) of: Subject,
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    /// The function below which the work is done; the rest of the program does not count.
    root: &'static str,
    run: fn(&Recording, Duration) -> Result<(), String>,
}

pub(super) const ALL: [Picture; 4] = [
    Picture {
        of: Subject::Decode,
        name: "decode",
        about: "the decoder, lending events of some 150 bytes out of chunks of 16 KiB",
        root: "decode::run::time",
        run: decode,
    },
    Picture {
        of: Subject::Client,
        name: "client",
        about: "the client, lending the same events, from a socket",
        root: "client::run::child",
        run: client,
    },
    Picture {
        of: Subject::Serve,
        name: "serve-1",
        about: "the server, 1,000 subscribers, one event in flight",
        root: "serve::process::serve",
        run: |recording, time| serve(recording, 1, time),
    },
    Picture {
        of: Subject::Serve,
        name: "serve-16",
        about: "the server, 1,000 subscribers, sixteen events in flight",
        root: "serve::process::serve",
        run: |recording, time| serve(recording, 16, time),
    },
];

const SUBSCRIBERS: usize = 1_000;

impl Picture {
    pub(super) fn profile(&self, time: Duration) -> Result<Profile, String> {
        let recording = Recording::new(self.name);
        (self.run)(&recording, time)?;
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut names = Names::of(&program)?;
        let program = program.display().to_string();
        let profile = Profile::of(&recording.script()?, &program, self.root, &mut names);
        if profile.samples == 0 {
            return Err(format!("perf has seen nothing of {}", self.root));
        }
        Ok(profile)
    }
}

/// A run goes over the corpus 256 times, from the cache.
const RUNS_A_SECOND: u64 = 12;

fn decode(recording: &Recording, time: Duration) -> Result<(), String> {
    let runs = (time.as_secs() * RUNS_A_SECOND).to_string();
    let words =
        "decode --engine wellspring --corpus tokens --chunk 16384 --mib 1 --laps 256 --runs";
    let mut program = recording.program(words.split(' ').chain([&*runs]))?;
    perf::succeeds(program.stdout(Stdio::null()))
}

/// About what it receives on the machines that we know.
const EVENTS_A_SECOND: u64 = 6_000_000;

fn client(recording: &Recording, time: Duration) -> Result<(), String> {
    let lap = wire::lap(wire::Framing::Wide);
    let laps = (time.as_secs() * EVENTS_A_SECOND).div_ceil(lap.totals.events);
    let events = lap.totals.times(laps).events.to_string();
    let url = format!("http://{}/{laps}", server::start(Arc::new(lap))?);
    let words = ["client", "--child", "wellspring", &url, &events];
    perf::succeeds(recording.program(words)?.stdout(Stdio::null()))
}

fn serve(recording: &Recording, in_flight: usize, time: Duration) -> Result<(), String> {
    let cores = Cores::look()?;
    let engine = engines::named("wellspring")?;
    let core = cores.server.to_string();
    let program = recording.program(["serve", "--server", engine.name, &core])?;
    let server = Server::run(program, &engine)?;
    let mut publisher = server.publisher()?;
    let mut load = Load::connect(server.subscribers, SUBSCRIBERS)?;
    load.run(&mut publisher, in_flight, time)?;
    drop((load, server));
    Ok(())
}
