//! Certificate files. In: two paths. Out: what TLS needs of them, and whether they have changed.
//!
//! Next: `reload.rs` looks again and again.

use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::exit::Ending;

use super::offer::configuration;

/// A certificate chain and its private key, both PEM.
#[derive(Clone, Debug)]
pub(super) struct Files {
    pub(super) certificate: PathBuf,
    pub(super) key: PathBuf,
}

impl Files {
    /// Reads both; they must belong together.
    pub(super) fn read(&self) -> Result<ServerConfig, Ending> {
        let unusable = |option: &str, path: &Path, error: &dyn Display| {
            Ending::usage(format_args!("{option} {}: {error}", path.display()))
        };
        let chain: Result<Vec<_>, _> = CertificateDer::pem_file_iter(&self.certificate)
            .and_then(Iterator::collect::<Result<_, _>>);
        let chain = chain.map_err(|error| unusable("--tls-cert", &self.certificate, &error))?;
        if chain.is_empty() {
            let none = &"no certificate in PEM form is in it";
            return Err(unusable("--tls-cert", &self.certificate, none));
        }
        let private = PrivateKeyDer::from_pem_file(&self.key)
            .map_err(|error| unusable("--tls-key", &self.key, &error))?;
        configuration(chain, private).map_err(|error| unusable("--tls-key", &self.key, &error))
    }

    /// How both look from outside.
    pub(super) fn stamps(&self) -> Stamps {
        Stamps {
            certificate: Stamp::of(&self.certificate),
            key: Stamp::of(&self.key),
        }
    }
}

/// How the certificate and the key look; `None` for a file that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamps {
    certificate: Option<Stamp>,
    key: Option<Stamp>,
}

/// What changes when a file is written, or another takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
    /// The inode and when it last changed, on systems that have them.
    inode: (u64, i64, i64),
}

impl Stamp {
    fn of(path: &Path) -> Option<Self> {
        let file = fs::metadata(path).ok()?;
        Some(Self {
            modified: file.modified().ok(),
            length: file.len(),
            inode: inode(&file),
        })
    }
}

#[cfg(unix)]
fn inode(file: &fs::Metadata) -> (u64, i64, i64) {
    use std::os::unix::fs::MetadataExt;

    (file.ino(), file.ctime(), file.ctime_nsec())
}

#[cfg(not(unix))]
fn inode(_: &fs::Metadata) -> (u64, i64, i64) {
    (0, 0, 0)
}
