//! A Redis server of a test's own. In: how it is set up. Out: its URL; commands to it, and faults.
//!
//! Next: `tools.rs`, which finds the program.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::tool;

/// How long it may take to answer its first command.
const PATIENCE: Duration = Duration::from_secs(20);

/// A process that ends with this value. Its data are in a folder that the test keeps.
#[derive(Debug)]
pub struct RedisServer {
    program: PathBuf,
    child: Child,
    port: u16,
    folder: PathBuf,
    arguments: Vec<String>,
}

impl RedisServer {
    /// Starts `redis-server` on a free port of loopback. It answers for what is on the disk, unless the
    /// arguments say otherwise. None without the program, which is said as by [`tool`].
    ///
    /// # Panics
    /// It does not start.
    #[must_use]
    pub fn start(folder: &Path, arguments: &[&str]) -> Option<Self> {
        let program = tool("redis-server")?;
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let port = listener.local_addr().expect("it is listened on").port();
        drop(listener);
        let durable = [
            "--save",
            "",
            "--appendonly",
            "yes",
            "--appendfsync",
            "always",
        ];
        let all = durable.iter().chain(arguments).map(ToString::to_string);
        let arguments: Vec<String> = all.collect();
        let child = spawn(&program, port, folder, &arguments);
        let server = Self {
            program,
            child,
            port,
            folder: folder.to_owned(),
            arguments,
        };
        server.until_it_answers();
        Some(server)
    }

    /// Where it listens.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The same as a URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Sends a command of words without spaces, and returns the first line of the answer, with its mark.
    ///
    /// # Errors
    /// It is not there, or does not answer within 5 s.
    pub fn command(&self, words: &str) -> io::Result<String> {
        let mut socket = TcpStream::connect(("127.0.0.1", self.port))?;
        socket.set_read_timeout(Some(Duration::from_secs(5)))?;
        socket.write_all(format!("{words}\r\n").as_bytes())?;
        let mut line = Vec::new();
        let mut byte = [0];
        while !line.ends_with(b"\r\n") && socket.read(&mut byte)? > 0 {
            line.extend_from_slice(&byte);
        }
        Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
    }

    /// Kills it, as a crash would.
    ///
    /// # Panics
    /// It cannot be killed.
    pub fn kill(&mut self) {
        self.child.kill().expect("it is a child of ours");
        self.child.wait().expect("it was killed");
    }

    /// Starts it again where it was, with what it has on disk.
    ///
    /// # Panics
    /// It does not start.
    pub fn start_again(&mut self) {
        self.child = spawn(&self.program, self.port, &self.folder, &self.arguments);
        self.until_it_answers();
    }

    /// Sends a signal, such as `STOP`.
    ///
    /// # Panics
    /// It is not there any more.
    pub fn signal(&self, name: &str) {
        let mut kill = Command::new("kill");
        kill.arg(format!("-{name}"))
            .arg(self.child.id().to_string());
        let status = kill.status().expect("there is a program `kill`");
        assert!(status.success(), "the server is not there");
    }

    fn until_it_answers(&self) {
        let began = Instant::now();
        while !self.command("PING").is_ok_and(|line| line == "+PONG") {
            assert!(began.elapsed() < PATIENCE, "the server does not answer");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

fn spawn(program: &Path, port: u16, folder: &Path, arguments: &[String]) -> Child {
    let mut command = Command::new(program);
    command.args(["--port", &port.to_string(), "--bind", "127.0.0.1"]);
    command.arg("--dir").arg(folder).args(arguments);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the program was found")
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        // One that is stopped is killed all the same; one that is gone already does not matter.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
