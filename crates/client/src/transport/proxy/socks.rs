//! In: a connection to a SOCKS5 proxy. Out: the same, as a tunnel to a name or an address (RFC 1928, RFC 1929).
//! Next: back to `../proxy.rs`.

use std::io;
use std::net::IpAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::Proxy;
use crate::transport::connect::Io;
use crate::transport::{TransportError, TransportErrorKind};

const VERSION: u8 = 5;
const NO_AUTHENTICATION: u8 = 0;
const USER_AND_PASSWORD: u8 = 2;
/// What a length of one byte can say.
const LONGEST: usize = 255;

/// Asks for a tunnel to `host`, a name or an address.
pub(in crate::transport) async fn ask<I: Io>(
    io: &mut I,
    proxy: &Proxy,
    host: &str,
    port: u16,
) -> Result<(), TransportError> {
    let shaken = match greet(io, proxy).await {
        Ok(()) => request(io, host, port).await,
        Err(error) => Err(error),
    };
    shaken.map_err(|error| {
        let place = format!("{host}:{port} through {proxy}");
        TransportError::caused_by(TransportErrorKind::Proxy, &place, error)
    })
}

/// Agrees on how we say who we are, and says it.
async fn greet<I: Io>(io: &mut I, proxy: &Proxy) -> io::Result<()> {
    let credentials = proxy.credentials();
    let methods: &[u8] = match credentials {
        Some(_) => &[VERSION, 2, NO_AUTHENTICATION, USER_AND_PASSWORD],
        None => &[VERSION, 1, NO_AUTHENTICATION],
    };
    send(io, methods).await?;
    let answer = read::<2, I>(io).await?;
    match (answer, credentials) {
        ([VERSION, NO_AUTHENTICATION], _) => Ok(()),
        ([VERSION, USER_AND_PASSWORD], Some((user, password))) => {
            let mut message = vec![1];
            push_short(&mut message, user, "the user's name")?;
            push_short(&mut message, password, "the password")?;
            send(io, &message).await?;
            match read::<2, I>(io).await? {
                [_, 0] => Ok(()),
                _ => Err(refused("it does not accept the user's name and password")),
            }
        }
        ([VERSION, _], None) => Err(refused("it wants a user's name and a password")),
        ([VERSION, _], Some(_)) => Err(refused("it accepts none of our ways to say who we are")),
        _ => Err(refused("it does not answer as a SOCKS5 proxy")),
    }
}

async fn request<I: Io>(io: &mut I, host: &str, port: u16) -> io::Result<()> {
    let mut message = vec![VERSION, 1, 0];
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => {
            message.push(1);
            message.extend_from_slice(&address.octets());
        }
        Ok(IpAddr::V6(address)) => {
            message.push(4);
            message.extend_from_slice(&address.octets());
        }
        Err(_) => {
            message.push(3);
            push_short(&mut message, host.as_bytes(), "the host's name")?;
        }
    }
    message.extend_from_slice(&port.to_be_bytes());
    send(io, &message).await?;
    let [version, reply, _, kind] = read::<4, I>(io).await?;
    if version != VERSION {
        return Err(refused("it does not answer as a SOCKS5 proxy"));
    }
    if reply != 0 {
        return Err(refused(reason(reply)));
    }
    // Where the proxy stands on the other side, which is of no use here.
    let length = match kind {
        1 => 4,
        3 => usize::from(io.read_u8().await?),
        4 => 16,
        _ => return Err(refused("its answer has an address of an unknown kind")),
    };
    let mut rest = vec![0; length + 2];
    io.read_exact(&mut rest).await.map(drop)
}

fn reason(reply: u8) -> &'static str {
    match reply {
        1 => "it failed",
        2 => "its rules do not allow the connection",
        3 => "it cannot reach the network",
        4 => "it cannot reach the host",
        5 => "the host refused its connection",
        6 => "the time to live ran out on its way to the host",
        7 => "it does not know the command",
        8 => "it does not know this kind of address",
        _ => "it failed for a reason of its own",
    }
}

fn push_short(message: &mut Vec<u8>, bytes: &[u8], what: &str) -> io::Result<()> {
    let length = u8::try_from(bytes.len());
    let length = length.map_err(|_| {
        refused(&format!(
            "{what} is longer than the {LONGEST} bytes of SOCKS5"
        ))
    })?;
    message.push(length);
    message.extend_from_slice(bytes);
    Ok(())
}

async fn send<I: Io>(io: &mut I, bytes: &[u8]) -> io::Result<()> {
    io.write_all(bytes).await?;
    io.flush().await
}

async fn read<const N: usize, I: Io>(io: &mut I) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    io.read_exact(&mut bytes).await?;
    Ok(bytes)
}

fn refused(detail: &str) -> io::Error {
    io::Error::other(detail.to_owned())
}
