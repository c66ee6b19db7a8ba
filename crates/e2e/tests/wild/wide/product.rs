//! A proxy that others wrote. In: what to run and how to set it. Out: a running one, which can be killed, ended and
//! started again on the same port.
//!
//! Next: `products.rs` has them all.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use wellspring_e2e::children::{free_port, wait_for_listener};

use super::reader::{Front, Way};

/// What a setting is there to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Everything is looked at.
    Plain,
    /// Compression is switched on.
    Gzip,
    /// Caching is switched on.
    Cache,
}

/// Lines of a configuration, and what they are called.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting {
    pub(crate) kind: Kind,
    pub(crate) lines: &'static str,
}

pub(crate) const fn plain(lines: &'static str) -> Setting {
    Setting {
        kind: Kind::Plain,
        lines,
    }
}

pub(crate) const fn gzip(lines: &'static str) -> Setting {
    Setting {
        kind: Kind::Gzip,
        lines,
    }
}

pub(crate) const fn cache(lines: &'static str) -> Setting {
    Setting {
        kind: Kind::Cache,
        lines,
    }
}

/// What a configuration is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) port: u16,
    pub(crate) upstream: u16,
    pub(crate) front: Front,
    pub(crate) lines: &'a str,
}

/// How one product is run.
#[derive(Debug)]
pub(crate) struct Product {
    pub(crate) name: &'static str,
    /// Debian's package, whose version is recorded.
    pub(crate) package: &'static str,
    pub(crate) program: &'static str,
    pub(crate) fronts: &'static [Front],
    /// Clients have to name the server in their requests.
    pub(crate) forwards: bool,
    pub(crate) settings: &'static [Setting],
    /// The file of its configuration, and its text.
    pub(crate) file: &'static str,
    pub(crate) text: fn(Place<'_>) -> String,
    /// The arguments of the program.
    pub(crate) arguments: fn(Place<'_>) -> Vec<String>,
}

impl Product {
    /// As the package system names it; `None` where it is not installed.
    pub(crate) fn version(&self) -> Option<String> {
        let mut query = Command::new("dpkg-query");
        query.args(["-W", "-f", "${Version}", self.package]);
        let output = query
            .output()
            .ok()
            .filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Starts it before this port of loopback.
    pub(crate) fn start(
        &'static self,
        front: Front,
        lines: &'static str,
        upstream: u16,
    ) -> Option<Running> {
        self.version()?;
        let program = wellspring_testkit::tool(self.program)?;
        let folder = tempfile::tempdir().unwrap();
        // Some give up the rights of root, and write here nevertheless.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
        let port = free_port().unwrap();
        let place = Place {
            folder: folder.path(),
            port,
            upstream,
            front,
            lines,
        };
        fs::write(folder.path().join(self.file), (self.text)(place)).unwrap();
        let mut command = Command::new(program);
        command
            .args((self.arguments)(place))
            .current_dir(folder.path());
        command.env("HOME", folder.path()).process_group(0);
        command.stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut running = Running {
            way: Way {
                front,
                port,
                forward_to: self.forwards.then_some(upstream),
            },
            command,
            child: None,
            folder,
        };
        running.start()?;
        Some(running)
    }
}

/// A proxy with all its processes, which are a group.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) way: Way,
    command: Command,
    child: Option<Child>,
    folder: TempDir,
}

impl Running {
    /// Starts it, again if need be, and waits until it listens.
    pub(crate) fn start(&mut self) -> Option<()> {
        self.child = Some(self.command.spawn().unwrap());
        // Varnish asks a compiler first.
        (0..6).find_map(|_| wait_for_listener(self.way.port).ok())
    }

    /// Ends it with this signal, and with a kill if it is still there after 5 s.
    pub(crate) fn stop(&mut self, signal: &str) {
        let Some(mut child) = self.child.take() else {
            return;
        };
        let group = child.id();
        let target = match signal {
            "KILL" => format!("-{group}"),
            _ => group.to_string(),
        };
        send(signal, &target);
        let deadline = Instant::now() + Duration::from_secs(5);
        while matches!(child.try_wait(), Ok(None)) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
        // What is left, if anything is: of the group, and of children with groups of their own.
        send("KILL", &format!("-{group}"));
        for id in self.ids() {
            send("KILL", &id);
        }
        let _ = child.wait();
    }
}

impl Running {
    /// The process ids that the proxy wrote into files.
    fn ids(&self) -> Vec<String> {
        let files = fs::read_dir(self.folder.path())
            .into_iter()
            .flatten()
            .flatten();
        let paths = files.map(|file| file.path());
        let of_ids = paths.filter(|path| path.extension().is_some_and(|ending| ending == "pid"));
        let texts = of_ids.filter_map(|path| fs::read_to_string(path).ok());
        texts.map(|text| text.trim().to_owned()).collect()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop("KILL");
    }
}

/// Sends a signal to a process, or to a group of them when a minus stands before the number.
pub(crate) fn send(signal: &str, target: &str) {
    let mut kill = Command::new("kill");
    kill.args(["-s", signal, "--", target]);
    let _ = kill.stdout(Stdio::null()).stderr(Stdio::null()).status();
}
