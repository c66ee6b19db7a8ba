//! In: a connection to an HTTP proxy. Out: the same, as a tunnel to the endpoint (RFC 9110, 9.3.6).
//! Next: `socks.rs`.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::Proxy;
use crate::transport::connect::Io;
use crate::transport::interim::{Interim, TOO_MANY};
use crate::transport::{TransportError, TransportErrorKind};

/// The longest head of the proxy's answer, interim responses in front of it included.
const HEAD: usize = 16 * 1024;

/// Asks for a tunnel to `target`, which is `host:port`.
pub(in crate::transport) async fn open<I: Io>(
    io: &mut I,
    proxy: &Proxy,
    target: &str,
) -> Result<(), TransportError> {
    let place = format!("{target} through {proxy}");
    let failed = |error| TransportError::caused_by(TransportErrorKind::Proxy, &place, error);
    let mut request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n").into_bytes();
    if let Some(value) = proxy.authorization() {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(value.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    io.write_all(&request).await.map_err(failed)?;
    io.flush().await.map_err(failed)?;
    let head = read_final_head(io).await.map_err(failed)?;
    let line = String::from_utf8_lossy(head.split(|&byte| byte == b'\r').next().unwrap_or(&head));
    let mut words = line.splitn(2, ' ');
    let version = words.next().unwrap_or_default();
    let status = words.next().unwrap_or_default();
    if version.starts_with("HTTP/1.") && status.starts_with('2') {
        return Ok(());
    }
    let detail = if version.starts_with("HTTP/") {
        format!("it answered {status:?} to CONNECT")
    } else {
        "it does not answer as an HTTP proxy".to_owned()
    };
    Err(TransportError::new(
        TransportErrorKind::Proxy,
        &place,
        &detail,
    ))
}

/// What is interim is skipped (RFC 9110, 15.2), but for 101: no other protocol was asked for.
async fn read_final_head<I: Io>(io: &mut I) -> io::Result<Vec<u8>> {
    let mut room = HEAD;
    let skipped = Interim::default();
    loop {
        let head = read_head(io, room).await?;
        let status = head.strip_prefix(b"HTTP/1.").and_then(|rest| rest.get(1..));
        let interim = status.is_some_and(|status| status.starts_with(b" 1"));
        if !interim || status.is_some_and(|status| status.starts_with(b" 101")) {
            return Ok(head);
        }
        room -= head.len();
        skipped.add();
        if skipped.are_too_many() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, TOO_MANY));
        }
    }
}

/// Byte by byte: what comes after the head is of the tunnel.
async fn read_head<I: Io>(io: &mut I, room: usize) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() == room {
            let detail = "the head of the proxy's answer is longer than 16 KiB";
            return Err(io::Error::new(io::ErrorKind::InvalidData, detail));
        }
        head.push(io.read_u8().await?);
    }
    Ok(head)
}
