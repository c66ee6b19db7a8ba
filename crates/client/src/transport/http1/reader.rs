//! The body of a response whose connection is ours alone. In: the connection, what was read of it behind the head, and
//! how the body ends. Out: the body's bytes, in the buffer of the thread.
//!
//! While it waits for the server it holds no buffer.
//! Next: `framing.rs`, `../lent.rs`.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http_body::SizeHint;
use tokio::io::{AsyncRead, ReadBuf};

use super::framing::Framing;
use crate::pace::Pace;
use crate::transport::connect::Io;
use crate::transport::lent::{Buffer, Lending, Lent};
use crate::transport::queue::Permit;
use crate::transport::{TransportError, TransportErrorKind};

const CUT: &str = "the connection was closed before the end of the body";

/// What was read with the head, and how much of it is handed on.
struct Behind {
    bytes: Vec<u8>,
    read: usize,
}

pub(super) struct Reader {
    io: Box<dyn Io>,
    /// Gone once it is handed on.
    behind: Option<Box<Behind>>,
    framing: Framing,
    /// Counts what leads to nothing; what is handed on is counted where it goes.
    pace: Pace,
    place: Box<str>,
    /// Given back when the socket is closed, not before.
    _permit: Option<Permit>,
}

impl Reader {
    pub(super) fn new(
        io: Box<dyn Io>,
        behind: Vec<u8>,
        framing: Framing,
        place: &str,
        permit: Option<Permit>,
    ) -> Self {
        Self {
            io,
            behind: (!behind.is_empty()).then(|| {
                Box::new(Behind {
                    bytes: behind,
                    read: 0,
                })
            }),
            framing,
            pace: Pace::default(),
            place: place.into(),
            _permit: permit,
        }
    }

    /// How many bytes have come; none at the end of the connection.
    fn poll_read(&mut self, cx: &mut Context<'_>, bytes: &mut [u8]) -> Poll<io::Result<usize>> {
        let Some(behind) = &mut self.behind else {
            let mut buffer = ReadBuf::new(bytes);
            ready!(Pin::new(&mut self.io).poll_read(cx, &mut buffer))?;
            return Poll::Ready(Ok(buffer.filled().len()));
        };
        let rest = &behind.bytes[behind.read..];
        let length = rest.len().min(bytes.len());
        bytes[..length].copy_from_slice(&rest[..length]);
        behind.read += length;
        if behind.read == behind.bytes.len() {
            self.behind = None;
        }
        Poll::Ready(Ok(length))
    }

    fn broken(&self, error: io::Error) -> TransportError {
        TransportError::caused_by(TransportErrorKind::Body, &self.place, error)
    }
}

impl Lending for Reader {
    fn poll_lent(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Lent, TransportError>>> {
        while !self.framing.is_over() {
            if let Some(why) = self.framing.broken() {
                let error = io::Error::new(io::ErrorKind::InvalidData, why);
                return Poll::Ready(Some(Err(self.broken(error))));
            }
            ready!(self.pace.poll_proceed(cx));
            let mut buffer = Buffer::take();
            let Poll::Ready(read) = self.poll_read(cx, buffer.bytes()) else {
                self.pace.rest();
                return Poll::Pending;
            };
            let length = match read {
                Ok(0) if self.framing.may_end() => return Poll::Ready(None),
                Ok(0) => {
                    let error = io::Error::new(io::ErrorKind::UnexpectedEof, CUT);
                    return Poll::Ready(Some(Err(self.broken(error))));
                }
                Ok(length) => length,
                Err(error) => return Poll::Ready(Some(Err(self.broken(error)))),
            };
            let data = self.framing.decode(&mut buffer.bytes()[..length]);
            self.pace.spend_bytes(length - data);
            if data > 0 {
                return Poll::Ready(Some(Ok(buffer.lend(0..data))));
            }
        }
        Poll::Ready(None)
    }

    fn size_hint(&self) -> SizeHint {
        self.framing.size_hint()
    }
}
