//! Keys in PEM. In: a file's text. Out: the public key in it.
//!
//! Next: `der.rs`.

use rustls_pki_types::pem::{PemObject, SectionKind};

use super::algorithm::Algorithm;
use super::der;
use super::key::{Key, KeyError};

impl Key {
    /// Makes a key of a public key in PEM, or of a certificate, for one algorithm.
    ///
    /// # Errors
    /// [`KeyError`] if it is none of RSA, P-256, P-384 or Ed25519, a private one, or not one for this algorithm.
    pub fn pem(text: &[u8], algorithm: Algorithm) -> Result<Self, KeyError> {
        let first = <(SectionKind, Vec<u8>)>::from_pem_slice(text);
        let (kind, bytes) = first.map_err(|_| KeyError::NotPem)?;
        let found = match kind {
            SectionKind::PublicKey => der::subject_public_key_info(&bytes),
            SectionKind::Certificate => der::certificate(&bytes),
            SectionKind::PrivateKey | SectionKind::RsaPrivateKey | SectionKind::EcPrivateKey => {
                return Err(KeyError::PrivateKey);
            }
            _ => None,
        };
        Self::public(found.ok_or(KeyError::NotPem)?, algorithm)
    }
}
