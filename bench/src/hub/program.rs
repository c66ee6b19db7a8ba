//! In: nothing. Out: how large the program is that users get, and how long `wellspring hub` takes until it listens.
//!
//! Next: `../serve.rs`.

use super::part::{Part, ours};
use super::{Method, text};
use crate::median::median;
use std::env;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use wellspring_report::chart::Chart;

/// How long it may take at the very most.
const PATIENCE: Duration = Duration::from_secs(10);

/// Between two attempts to connect.
const PAUSE: Duration = Duration::from_micros(200);

pub(super) fn measure(method: Method) -> Result<Part, String> {
    let program = build()?;
    let megabytes = fs::metadata(&program).map_err(text)?.len() as f64 / 1e6;
    let mut starts = Vec::new();
    // The first has the program read from the disk.
    for _ in 0..=method.runs {
        starts.push(start(&program)?);
    }
    let first = starts.remove(0);
    let start = median(&starts);
    let table = format!(
        "| what | value |\n|---|---:|\n| the program | {megabytes:.2} MB |\n| start to listening, the first time | {first:.1} ms |\n\
         | start to listening, after that | {start:.1} ms |\n\n"
    );
    Ok(Part::new("program", "The program, and its start")
        .how(format!(
            "`cargo build --release -p wellspring-cli`, without line tables; `wellspring hub --data` in an empty folder, until \
             a connection is accepted: the median of {} starts",
            method.runs
        ))
        .tables(&table)
        .charts(vec![Chart {
            title: "From start to listening".to_owned(),
            unit: "ms, less is better".to_owned(),
            bars: vec![ours("wellspring hub", start)],
        }])
        .at_most("MB of the program", megabytes, 15.0, None)
        .at_most("ms from start to listening", start, 50.0, None))
}

/// The program as it is released.
fn build() -> Result<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo.args(["build", "--release", "--locked", "-p", "wellspring-cli"]);
    let status = cargo.current_dir(&root).status().map_err(text)?;
    if !status.success() {
        return Err("the program does not build".to_owned());
    }
    let folder = env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
    Ok(folder.join("release/wellspring"))
}

/// Milliseconds.
fn start(program: &Path) -> Result<f64, String> {
    let folder = tempfile::tempdir().map_err(text)?;
    let address = free()?;
    let mut hub = Command::new(program);
    hub.args(["hub", "--port", &address.port().to_string(), "--data"]);
    hub.arg(folder.path().join("data"));
    let key = "a key of 32 bytes and a few more";
    hub.args(["--publisher-key", key, "--subscriber-key", key]);
    hub.stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let before = Instant::now();
    let mut child = hub.spawn().map_err(text)?;
    let listens = wait_until_it_listens(&mut child, address);
    let took = before.elapsed();
    let _ = child.kill();
    let _ = child.wait();
    listens.map(|()| took.as_secs_f64() * 1e3)
}

fn wait_until_it_listens(child: &mut Child, address: SocketAddr) -> Result<(), String> {
    let before = Instant::now();
    while TcpStream::connect(address).is_err() {
        if let Ok(Some(status)) = child.try_wait() {
            return Err(format!("the hub ended: {status}"));
        }
        if before.elapsed() > PATIENCE {
            return Err(format!("the hub does not listen at {address}"));
        }
        thread::sleep(PAUSE);
    }
    Ok(())
}

/// An address that nobody listens at.
fn free() -> Result<SocketAddr, String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(text)?;
    listener.local_addr().map_err(text)
}
