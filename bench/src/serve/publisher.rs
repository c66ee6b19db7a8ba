//! In: events. Out: the server has them, one write each. Servers that are programs of ours read a line an event from
//! a second port; one that has its own way of publishing gets a request an event, over one connection.
//!
//! Next: `load.rs`, which says when.

use super::scan;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

/// How events come to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Publishing {
    /// A line each.
    Lines,
    /// `POST /publish` each, not waiting for answers.
    Requests,
}

/// One connection to publish through.
#[derive(Debug)]
pub(crate) struct Publisher {
    publishing: Publishing,
    socket: TcpStream,
    number: u32,
}

impl Publisher {
    pub(crate) fn connect(publishing: Publishing, address: SocketAddr) -> Result<Self, String> {
        let failed = |error| format!("cannot publish at {address}: {error}");
        let socket = TcpStream::connect(address).map_err(failed)?;
        socket.set_nodelay(true).map_err(failed)?;
        Ok(Self {
            publishing,
            socket,
            number: 0,
        })
    }

    /// One event, in one write.
    pub(crate) fn publish(&mut self) -> Result<(), String> {
        let data = scan::data(self.number);
        self.number += 1;
        let bytes = match self.publishing {
            Publishing::Lines => format!("{data}\n"),
            Publishing::Requests => format!(
                "POST /publish HTTP/1.1\r\nHost: bench\r\nContent-Length: {}\r\n\r\n{data}",
                data.len()
            ),
        };
        let written = self.socket.write_all(bytes.as_bytes());
        written.map_err(|error| format!("cannot publish: {error}"))
    }

    /// Reads the answers that are there, so that they are not in the server's way.
    pub(crate) fn forget_answers(&mut self, buffer: &mut [u8]) -> Result<(), String> {
        if self.publishing == Publishing::Lines {
            return Ok(());
        }
        let failed = |error| format!("cannot read an answer: {error}");
        self.socket.set_nonblocking(true).map_err(failed)?;
        while matches!(self.socket.read(buffer), Ok(read) if read > 0) {}
        self.socket.set_nonblocking(false).map_err(failed)
    }
}
