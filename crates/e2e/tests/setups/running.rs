//! A product that runs. In: how it is started, its lines, and where the stream comes from. Out: what to ask; or
//! nothing where its program is not on this machine.
//!
//! Next: `stream.rs`.

use std::fs;
use std::net::SocketAddr;
use std::process::{Command, Stdio};

use tempfile::TempDir;
use wellspring_e2e::children::{Process, free_port, wait_for_listener};

use crate::table::Product;

/// Dropping it ends it.
pub(crate) struct Running {
    pub(crate) port: u16,
    _process: Process,
    _folder: TempDir,
}

impl Running {
    /// What is wrong is its own words.
    pub(crate) fn start(
        product: &Product,
        [lines, more]: [&str; 2],
        server: SocketAddr,
    ) -> Option<Result<Self, String>> {
        let program = wellspring_testkit::tool(&product.program)?;
        let (folder, port) = (TempDir::new().unwrap(), free_port().unwrap());
        let path = folder.path().display().to_string();
        let fill = |text: &str| {
            let filled = text.replace("{lines}", lines).replace("{more}", more);
            let filled = filled.replace("{port}", &port.to_string());
            let filled = filled.replace("{server}", &server.to_string());
            let filled = filled.replace("{host}", &server.ip().to_string());
            let filled = filled.replace("{at}", &server.port().to_string());
            filled.replace("{folder}", &path)
        };
        fs::write(folder.path().join("conf"), fill(&product.conf)).unwrap();
        fs::write(folder.path().join("more"), fill(&format!("{more}\n"))).unwrap();
        let output = fs::File::create(folder.path().join("output")).unwrap();
        let mut command = Command::new(program);
        command.args(product.arguments.iter().map(|argument| fill(argument)));
        for variable in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"] {
            command.env(variable, folder.path());
        }
        command.envs(&product.environment);
        command
            .stdin(Stdio::null())
            .stdout(output.try_clone().unwrap())
            .stderr(output);
        let process = Process::start(&mut command).unwrap();
        // In good order, since some leave shared memory behind otherwise.
        let mut stop = Command::new("kill");
        stop.arg(process.child.id().to_string());
        let process = process.stopped_by(stop);
        let listens = wait_for_listener(port);
        let said = || fs::read_to_string(folder.path().join("output")).unwrap_or_default();
        let started = listens.map_err(|why| format!("{why}: {}", said()));
        Some(started.map(|()| Self {
            port,
            _process: process,
            _folder: folder,
        }))
    }
}
