//! In: an engine. Out: the process it runs in, on the last of the machine's cores, and what that process has spent and
//! holds, as the kernel counts it: nanoseconds on a processor, bytes resident, of all its threads and of its children.
//!
//! A server ends with its standard input, so none outlives the benchmark.
//!
//! Next: `engines.rs` (what it serves), `run.rs` (who starts it).

use super::engines::{Engine, named};
use super::publisher::{Publisher, Publishing};
use rustix::process::{Pid, Signal, kill_process};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use std::fs;
use std::io::{BufRead, BufReader, Read, stdin, stdout};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long a server may take to begin or to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where a server listens: for subscribers, and for lines to publish.
#[derive(Debug)]
pub(crate) struct Listeners {
    pub(crate) subscribers: TcpListener,
    pub(crate) publisher: TcpListener,
}

/// The process that is measured.
pub(crate) fn serve(name: &str, core: usize) -> Result<(), String> {
    let engine = named(name)?;
    pin(core)?;
    let listen = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|e| e.to_string());
    let listeners = Listeners {
        subscribers: listen()?,
        publisher: listen()?,
    };
    let port = |listener: &TcpListener| listener.local_addr().map(|address| address.port());
    let subscribers = port(&listeners.subscribers).map_err(|error| error.to_string())?;
    let publisher = match engine.publishing {
        Publishing::Lines => port(&listeners.publisher).map_err(|error| error.to_string())?,
        Publishing::Requests => subscribers,
    };
    println!("{subscribers} {publisher}");
    if engine.publishing == Publishing::Lines {
        thread::spawn(|| {
            let _ = stdin().read_to_end(&mut Vec::new());
            std::process::exit(0);
        });
    }
    let _ = std::io::Write::flush(&mut stdout());
    (engine.serve)(listeners)
}

/// A server, until it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    pub(crate) subscribers: SocketAddr,
    publisher: SocketAddr,
    publishing: Publishing,
}

impl Server {
    pub(crate) fn start(engine: &Engine, core: usize) -> Result<Self, String> {
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut command = Command::new(program);
        command.args(["serve", "--server", engine.name, &core.to_string()]);
        Self::run(command, engine)
    }

    /// A command that comes to the same.
    pub(crate) fn run(mut command: Command, engine: &Engine) -> Result<Self, String> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            let read = BufReader::new(output).read_line(&mut line);
            read.map_err(|error| error.to_string())?;
        }
        let mut ports = line.split_whitespace().map(str::parse::<u16>);
        let (Some(Ok(subscribers)), Some(Ok(publisher))) = (ports.next(), ports.next()) else {
            return Err(format!("it did not begin: {line:?}"));
        };
        let server = Self {
            child,
            subscribers: (Ipv4Addr::LOCALHOST, subscribers).into(),
            publisher: (Ipv4Addr::LOCALHOST, publisher).into(),
            publishing: engine.publishing,
        };
        server.wait_until_it_listens()?;
        Ok(server)
    }

    fn wait_until_it_listens(&self) -> Result<(), String> {
        let start = Instant::now();
        while let Err(error) = TcpStream::connect(self.subscribers) {
            if start.elapsed() > PATIENCE {
                return Err(format!("it does not listen: {error}"));
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    pub(crate) fn publisher(&self) -> Result<Publisher, String> {
        Publisher::connect(self.publishing, self.publisher)
    }

    /// On a processor, until now.
    pub(crate) fn cpu(&self) -> Result<Duration, String> {
        let mut nanoseconds = 0;
        for process in self.processes()? {
            for task in tasks(&process)? {
                let stat = fs::read_to_string(format!("{task}/schedstat"));
                let stat = stat.map_err(|error| format!("{task}/schedstat: {error}"))?;
                let on = stat.split(' ').next().and_then(|word| word.parse().ok());
                nanoseconds += on.unwrap_or(0_u64);
            }
        }
        Ok(Duration::from_nanos(nanoseconds))
    }

    /// In main memory, in bytes.
    pub(crate) fn resident(&self) -> Result<u64, String> {
        self.status("VmRSS:")
    }

    /// The most there ever was in main memory, in bytes.
    pub(crate) fn most_resident(&self) -> Result<u64, String> {
        self.status("VmHWM:")
    }

    fn status(&self, name: &str) -> Result<u64, String> {
        let mut bytes = 0;
        for process in self.processes()? {
            let path = format!("{process}/status");
            let status = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|line| line.split_whitespace().next());
            bytes += number.and_then(|word| word.parse().ok()).unwrap_or(0_u64) << 10;
        }
        Ok(bytes)
    }

    /// Its folder in `/proc`, and those of its children.
    fn processes(&self) -> Result<Vec<String>, String> {
        let own = format!("/proc/{}", self.child.id());
        let mut processes = vec![own.clone()];
        for task in tasks(&own)? {
            let children = fs::read_to_string(format!("{task}/children")).unwrap_or_default();
            let folders = children.split_whitespace().map(|id| format!("/proc/{id}"));
            processes.extend(folders);
        }
        Ok(processes)
    }
}

fn tasks(process: &str) -> Result<Vec<String>, String> {
    let folder = format!("{process}/task");
    let entries = fs::read_dir(&folder).map_err(|error| format!("{folder}: {error}"))?;
    let paths = entries.flatten().map(|entry| entry.path());
    Ok(paths.map(|path| path.display().to_string()).collect())
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        // nginx has no use for its standard input.
        if self.publishing == Publishing::Requests
            && let Ok(id) = i32::try_from(self.child.id())
            && let Some(id) = Pid::from_raw(id)
        {
            let _ = kill_process(id, Signal::TERM);
        }
        let start = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) {
            if start.elapsed() > PATIENCE {
                let _ = self.child.kill();
                let _ = self.child.wait();
            }
            thread::sleep(Duration::from_millis(1));
        }
    }
}

/// Who runs where: apart, if there are two cores.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cores {
    pub(crate) load: usize,
    pub(crate) server: usize,
}

impl Cores {
    /// The first and the last of those we may run on.
    pub(crate) fn look() -> Result<Self, String> {
        let all = sched_getaffinity(None).map_err(|error| error.to_string())?;
        let mut cores = (0..CpuSet::MAX_CPU).filter(|core| all.is_set(*core));
        let load = cores.next().unwrap_or(0);
        Ok(Self {
            load,
            server: cores.next_back().unwrap_or(load),
        })
    }
}

/// Stays on one core from now on, with all that is started later.
pub(crate) fn pin(core: usize) -> Result<(), String> {
    let mut set = CpuSet::new();
    set.set(core);
    let failed = |error| format!("cannot stay on core {core}: {error}");
    sched_setaffinity(None, &set).map_err(failed)
}
