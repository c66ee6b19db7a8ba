//! What a scripted connection heard. In: bytes of a socket. Out: a [`Request`] with its head as text
//! and as bytes.
//!
//! Next: `../tests` of the crates that send such requests.

use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};

/// One HTTP/1.1 request as it came over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The request line and the header lines, the blank line included.
    pub head: Vec<u8>,
    /// As many bytes as `Content-Length` said.
    pub body: Vec<u8>,
}

impl Request {
    /// The head as text, for a look; bytes that are not UTF-8 are replaced.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.head).into_owned()
    }

    /// The request line, as in `GET /events HTTP/1.1`.
    #[must_use]
    pub fn line(&self) -> String {
        self.text().lines().next().unwrap_or_default().to_owned()
    }

    /// The values of every header line of this name, without the white space around them.
    #[must_use]
    pub fn headers(&self, name: &str) -> Vec<Vec<u8>> {
        let lines = self.head.split(|&byte| byte == b'\n').skip(1);
        let values = lines.filter_map(|line| {
            let colon = line.iter().position(|&byte| byte == b':')?;
            let (found, value) = (&line[..colon], &line[colon + 1..]);
            let same = found.eq_ignore_ascii_case(name.as_bytes());
            same.then(|| value.trim_ascii().to_vec())
        });
        values.collect()
    }

    /// The value of the first header line of this name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<Vec<u8>> {
        self.headers(name).into_iter().next()
    }

    /// Reads a request; nothing when the other side ended in its midst.
    pub(super) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Self>> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            if stream.read(&mut byte).await? == 0 {
                return Ok(None);
            }
            head.push(byte[0]);
        }
        let body = Vec::new();
        let mut request = Self { head, body };
        let length = request.header("content-length").unwrap_or_default();
        let length = String::from_utf8_lossy(&length).parse().unwrap_or(0);
        request.body.resize(length, 0);
        stream.read_exact(&mut request.body).await?;
        Ok(Some(request))
    }
}
