//! Proxies that others wrote, in front of our program. In: where that listens. Out: a proxy on a port of
//! loopback, and what comes back through it.
//!
//! Next: `hosts.rs`, `prefix.rs`, `check.rs`.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use wellspring_e2e::children::{Process, free_port, wait_for_listener};
use wellspring_e2e::program::wellspring;
use wellspring_testkit::tool;

/// `serve` or `demo`, on a port that it chose.
pub(crate) struct Upstream {
    pub(crate) port: u16,
    _process: Process,
}

impl Upstream {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(wellspring().unwrap());
        command.args(arguments).args(["--port", "0"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        command.stderr(Stdio::null());
        let mut process = Process::start(&mut command).unwrap();
        let mut line = String::new();
        let output = process.child.stdout.take().unwrap();
        // The demo goes on printing, so somebody has to go on reading.
        let mut output = BufReader::new(output);
        output.read_line(&mut line).unwrap();
        std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
        let (_, port) = line
            .trim_end()
            .trim_end_matches('/')
            .rsplit_once(':')
            .unwrap();
        Self {
            port: port.parse().unwrap(),
            _process: process,
        }
    }
}

/// A proxy that runs.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    _process: Process,
    _folder: TempDir,
}

impl Proxy {
    /// nginx with this inside its `server`.
    pub(crate) fn nginx(inside: &str) -> Option<Self> {
        let program = tool("nginx")?;
        let configuration = |port, folder: &Path| {
            let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
            let temporary = temporary.map(|name| format!("{name}_temp_path {name};\n"));
            format!(
                "daemon off;
                # One process, so that a kill leaves no worker behind.
                master_process off;
                error_log stderr crit;
                pid {}/nginx.pid;
                events {{ worker_connections 64; }}
                http {{
                    access_log off;
                    {}
                    server {{ listen 127.0.0.1:{port}; {inside} }}
                }}",
                folder.display(),
                temporary.concat()
            )
        };
        Some(Self::start("nginx.conf", configuration, |folder| {
            let mut command = Command::new(&program);
            command.arg("-p").arg(folder);
            command.args(["-c", "nginx.conf", "-e", "stderr"]);
            command
        }))
    }

    pub(crate) fn haproxy(upstream: u16) -> Option<Self> {
        let program = tool("haproxy")?;
        let configuration = |port, _: &Path| {
            format!(
                "defaults\n mode http\n timeout connect 5s\n timeout client 30s\n timeout server 30s\n\
                 frontend front\n bind 127.0.0.1:{port}\n default_backend back\n\
                 backend back\n server one 127.0.0.1:{upstream}\n"
            )
        };
        Some(Self::start("haproxy.cfg", configuration, |folder| {
            let mut command = Command::new(&program);
            command.arg("-db").arg("-f").arg(folder.join("haproxy.cfg"));
            command
        }))
    }

    pub(crate) fn caddy(upstream: u16) -> Option<Self> {
        let program = tool("caddy")?;
        let configuration = |port, _: &Path| {
            format!(
                "{{\n admin off\n auto_https off\n}}\n\
                 http://:{port} {{\n bind 127.0.0.1\n reverse_proxy 127.0.0.1:{upstream}\n}}\n"
            )
        };
        Some(Self::start("Caddyfile", configuration, |folder| {
            let mut command = Command::new(&program);
            command.args(["run", "--adapter", "caddyfile", "--config"]);
            command.arg(folder.join("Caddyfile"));
            for variable in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"] {
                command.env(variable, folder);
            }
            command
        }))
    }

    /// Writes the configuration under this name, and runs the command once it listens.
    pub(crate) fn start(
        name: &str,
        configuration: impl Fn(u16, &Path) -> String,
        command: impl Fn(&Path) -> Command,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port().unwrap();
        let text = configuration(port, folder.path());
        fs::write(folder.path().join(name), text).unwrap();
        let mut command = command(folder.path());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let process = Process::start(&mut command).unwrap();
        wait_for_listener(port).unwrap();
        Self {
            port,
            _process: process,
            _folder: folder,
        }
    }
}

/// What is answered to a GET, up to its end or to this text.
pub(crate) fn get(port: u16, host: &str, path: &str, until: &str) -> String {
    let mut socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    socket.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let length = socket.read(&mut piece).unwrap();
        answer.extend_from_slice(&piece[..length]);
        let text = String::from_utf8_lossy(&answer);
        if length == 0 || text.contains(until) {
            return text.into_owned();
        }
    }
}

/// The status of an answer.
pub(crate) fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}
