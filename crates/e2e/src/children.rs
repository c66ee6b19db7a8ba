//! Other programs. In: a command. Out: a child that does not outlive its test.
//!
//! Next: `tests/interop/`.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

/// A child that is killed when it is dropped.
#[derive(Debug)]
pub struct Process {
    /// What runs.
    pub child: Child,
    /// What ends it in good order, where a kill would leave something behind.
    stop: Option<Command>,
}

impl Process {
    /// Starts it.
    ///
    /// # Errors
    /// There is no such program.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        let child = command.spawn()?;
        Ok(Self { child, stop: None })
    }

    /// Ends it by this command, and by a kill only if it takes longer than 5 s.
    #[must_use]
    pub fn stopped_by(mut self, command: Command) -> Self {
        self.stop = Some(command);
        self
    }

    /// Waits for its end, for so long.
    ///
    /// # Errors
    /// It is still there.
    pub fn wait(&mut self, patience: Duration) -> Result<std::process::ExitStatus, String> {
        let deadline = Instant::now() + patience;
        loop {
            if let Some(status) = self.child.try_wait().map_err(|error| error.to_string())? {
                return Ok(status);
            }
            if Instant::now() >= deadline {
                return Err(format!("it still runs after {patience:?}"));
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(mut stop) = self.stop.take() {
            let _ = stop.status();
            let _ = self.wait(Duration::from_secs(5));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port of loopback that was free a moment ago, for programs that cannot choose one and say which.
///
/// # Errors
/// There is none.
pub fn free_port() -> io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}

/// Waits until somebody listens on this port of loopback.
///
/// # Errors
/// Nobody does within 10 s.
pub fn wait_for_listener(port: u16) -> Result<(), String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let deadline = Instant::now() + Duration::from_secs(10);
    while TcpStream::connect(address).is_err() {
        if Instant::now() > deadline {
            return Err(format!("nobody listens at {address}"));
        }
        thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}
