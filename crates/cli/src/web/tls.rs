//! TLS. In: certificate files, or names for a certificate made on the spot; accepted sockets. Out:
//! encrypted streams that have agreed on HTTP/2 if the client can speak it.
//!
//! Next: `tls/reload.rs` for certificates that change; `connections.rs`.

mod current;
mod files;
mod offer;
mod reload;

use std::fmt::{self, Display};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::Duration;

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::server::TlsStream;

use crate::exit::Ending;

use current::Current;
use files::Files;
use offer::configuration;
pub(crate) use reload::Reload;

/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// The first byte of every TLS connection: the type of a record with a handshake in it.
const HANDSHAKE_RECORD: u8 = 22;

/// The answer to plain HTTP.
const PLAIN: &[u8] = b"HTTP/1.1 400 Bad Request\r\n\
    Content-Type: text/plain; charset=utf-8\r\n\
    Content-Length: 38\r\n\
    Connection: close\r\n\r\n\
    This port speaks TLS: use an https URL";

/// Turns sockets into encrypted streams.
#[derive(Clone)]
pub(crate) struct Tls {
    current: Current,
}

impl Tls {
    /// With a new self-signed certificate for these names; and that certificate as PEM.
    pub(crate) fn self_signed(names: Vec<String>) -> Result<(Self, String), Ending> {
        let failed = |error: &dyn Display| {
            Ending::failed(format_args!("cannot make a certificate: {error}"))
        };
        let made = rcgen::generate_simple_self_signed(names).map_err(|error| failed(&error))?;
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let chain = vec![made.cert.der().clone()];
        let configuration = configuration(chain, PrivateKeyDer::Pkcs8(key));
        let current = Current::new(configuration.map_err(|error| failed(&error))?);
        Ok((Self { current }, made.cert.pem()))
    }

    /// With a certificate chain and its private key, both PEM; and what reads them again.
    pub(crate) fn from_files(certificate: &Path, key: &Path) -> Result<(Self, Reload), Ending> {
        let files = Files {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
        };
        let stamps = files.stamps();
        let current = Current::new(files.read()?);
        let reload = Reload::new(current.clone(), files, stamps);
        Ok((Self { current }, reload))
    }

    /// Shakes hands, or answers that plain HTTP is not spoken here.
    pub(crate) async fn accept(&self, mut socket: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let accepted = timeout(HANDSHAKE, async {
            let mut first = [HANDSHAKE_RECORD];
            socket.peek(&mut first).await?;
            if first[0] != HANDSHAKE_RECORD {
                // What is left unread would make the system throw the answer away.
                let _ = socket.read(&mut [0; 4096]).await?;
                socket.write_all(PLAIN).await?;
                socket.shutdown().await?;
                return Err(ErrorKind::InvalidData.into());
            }
            self.current.acceptor().accept(socket).await
        });
        accepted
            .await
            .unwrap_or_else(|_| Err(ErrorKind::TimedOut.into()))
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}
