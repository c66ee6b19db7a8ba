//! One key. In: a secret, or a public key; the algorithms it may be used with. Out: whether a signature is one
//! of this key's.
//!
//! A key knows what it is, so a public key is never taken for a secret, whatever the header of a token says.
//!
//! Next: `pem.rs` and `jwk.rs` make keys, `key_set.rs` selects one.

use std::fmt;

use ring::hmac;
use ring::signature::{self, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey};

use super::algorithm::Algorithm;
use super::der::PublicKey;

/// Verifies signatures. Its `Debug` shows no key.
#[derive(Clone)]
pub struct Key {
    /// The name that tokens give it.
    kid: Option<String>,
    allowed: Vec<Algorithm>,
    material: Material,
}

#[derive(Clone)]
pub(super) enum Material {
    Secret(Vec<u8>),
    /// An `RSAPublicKey` in DER.
    Rsa(Vec<u8>),
    RsaNumbers {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    P256(Vec<u8>),
    P384(Vec<u8>),
    Ed25519(Vec<u8>),
}

impl Material {
    /// With which algorithms such a key can be used at all.
    fn fits(&self, algorithm: Algorithm) -> bool {
        match self {
            Self::Secret(_) => algorithm.is_hmac(),
            Self::Rsa(_) | Self::RsaNumbers { .. } => Algorithm::RSA.contains(&algorithm),
            Self::P256(_) => algorithm == Algorithm::Es256,
            Self::P384(_) => algorithm == Algorithm::Es384,
            Self::Ed25519(_) => algorithm == Algorithm::EdDsa,
        }
    }

    /// All of them.
    fn algorithms(&self) -> Vec<Algorithm> {
        match self {
            Self::Secret(_) => vec![Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512],
            Self::Rsa(_) | Self::RsaNumbers { .. } => Algorithm::RSA.to_vec(),
            Self::P256(_) => vec![Algorithm::Es256],
            Self::P384(_) => vec![Algorithm::Es384],
            Self::Ed25519(_) => vec![Algorithm::EdDsa],
        }
    }
}

impl Key {
    /// Makes a key of a secret, for one algorithm of the HMAC family.
    ///
    /// # Errors
    /// [`KeyError`] if the algorithm is for public keys, if the secret is empty, or if it looks like a key in
    /// PEM: a public key is no secret.
    pub fn secret(secret: &[u8], algorithm: Algorithm) -> Result<Self, KeyError> {
        if secret.trim_ascii_start().starts_with(b"-----BEGIN") && algorithm.is_hmac() {
            return Err(KeyError::PublicKeyAsSecret);
        }
        if secret.is_empty() {
            return Err(KeyError::Empty);
        }
        Self::with(Material::Secret(secret.to_vec()), Some(algorithm), None)
    }

    /// Makes one, for one algorithm or for all that the key can be used with.
    pub(super) fn with(
        material: Material,
        algorithm: Option<Algorithm>,
        kid: Option<String>,
    ) -> Result<Self, KeyError> {
        let allowed = match algorithm {
            None => material.algorithms(),
            Some(algorithm) if material.fits(algorithm) => vec![algorithm],
            Some(algorithm) => return Err(KeyError::DoesNotFit(algorithm)),
        };
        Ok(Self {
            kid,
            allowed,
            material,
        })
    }

    pub(super) fn public(key: PublicKey<'_>, algorithm: Algorithm) -> Result<Self, KeyError> {
        let material = match key {
            PublicKey::Rsa(der) => Material::Rsa(der.to_vec()),
            PublicKey::P256(point) => Material::P256(point.to_vec()),
            PublicKey::P384(point) => Material::P384(point.to_vec()),
            PublicKey::Ed25519(point) => Material::Ed25519(point.to_vec()),
        };
        Self::with(material, Some(algorithm), None)
    }

    pub(super) fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    pub(super) fn allows(&self, algorithm: Algorithm) -> bool {
        self.allowed.contains(&algorithm)
    }

    /// Returns how many bytes a secret has; nothing for a public key. RFC 7518 asks for at least 32 with HS256.
    #[must_use]
    pub fn secret_len(&self) -> Option<usize> {
        match &self.material {
            Material::Secret(secret) => Some(secret.len()),
            _ => None,
        }
    }

    /// Whether the signature of the message is this key's, by an algorithm that the key may be used with.
    pub(super) fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        if !self.allows(algorithm) {
            return false;
        }
        match &self.material {
            Material::Secret(secret) => hmac_of(algorithm).is_some_and(|hash| {
                let key = hmac::Key::new(hash, secret);
                hmac::verify(&key, message, signature).is_ok()
            }),
            Material::Rsa(der) => rsa_of(algorithm).is_some_and(|parameters| {
                let key = UnparsedPublicKey::new(parameters, der);
                key.verify(message, signature).is_ok()
            }),
            Material::RsaNumbers { n, e } => rsa_of(algorithm).is_some_and(|parameters| {
                let key = RsaPublicKeyComponents { n, e };
                key.verify(parameters, message, signature).is_ok()
            }),
            Material::P256(point) => {
                let key = UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point);
                key.verify(message, signature).is_ok()
            }
            Material::P384(point) => {
                let key = UnparsedPublicKey::new(&signature::ECDSA_P384_SHA384_FIXED, point);
                key.verify(message, signature).is_ok()
            }
            Material::Ed25519(point) => {
                let key = UnparsedPublicKey::new(&signature::ED25519, point);
                key.verify(message, signature).is_ok()
            }
        }
    }
}

fn hmac_of(algorithm: Algorithm) -> Option<hmac::Algorithm> {
    match algorithm {
        Algorithm::Hs256 => Some(hmac::HMAC_SHA256),
        Algorithm::Hs384 => Some(hmac::HMAC_SHA384),
        Algorithm::Hs512 => Some(hmac::HMAC_SHA512),
        _ => None,
    }
}

fn rsa_of(algorithm: Algorithm) -> Option<&'static RsaParameters> {
    match algorithm {
        Algorithm::Rs256 => Some(&signature::RSA_PKCS1_2048_8192_SHA256),
        Algorithm::Rs384 => Some(&signature::RSA_PKCS1_2048_8192_SHA384),
        Algorithm::Rs512 => Some(&signature::RSA_PKCS1_2048_8192_SHA512),
        Algorithm::Ps256 => Some(&signature::RSA_PSS_2048_8192_SHA256),
        Algorithm::Ps384 => Some(&signature::RSA_PSS_2048_8192_SHA384),
        Algorithm::Ps512 => Some(&signature::RSA_PSS_2048_8192_SHA512),
        _ => None,
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key")
            .field("allowed", &self.allowed)
            .finish_non_exhaustive()
    }
}

/// Says why something is not a key that the hub can use. Shows nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// There is no byte of it.
    Empty,
    /// A key in PEM was given as the secret of an HMAC: who knows the public key could sign.
    PublicKeyAsSecret,
    /// A private key was given; the hub needs the public one.
    PrivateKey,
    /// It is not a key of this algorithm.
    DoesNotFit(Algorithm),
    /// It is no public key in PEM of RSA, P-256, P-384 or Ed25519.
    NotPem,
    /// It is no set of JSON Web Keys.
    NotJwks,
    /// No key of the set can be used.
    NoneUsable,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the key is empty",
            Self::PublicKeyAsSecret => {
                "the key is in PEM, and the algorithm takes a secret: name the algorithm that belongs to it, \
                 such as RS256, ES256 or EdDSA"
            }
            Self::PrivateKey => {
                "the key is a private one: the hub needs the public key, such as 'openssl pkey -pubout' writes"
            }
            Self::DoesNotFit(algorithm) => {
                return write!(f, "the key is not one that {algorithm} can be used with");
            }
            Self::NotPem => {
                "the key is not in PEM, or not of RSA, P-256, P-384 or Ed25519: it begins with \
                 '-----BEGIN PUBLIC KEY-----'"
            }
            Self::NotJwks => "that is no set of JSON Web Keys: an object with a list \"keys\"",
            Self::NoneUsable => {
                "the set has no key for signatures of RSA, P-256, P-384 or Ed25519"
            }
        })
    }
}

impl std::error::Error for KeyError {}
