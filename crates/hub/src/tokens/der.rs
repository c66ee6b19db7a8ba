//! Public keys in DER (RFC 5280, 4.1; RFC 8017, A.1.1; RFC 5480; RFC 8410). In: a `SubjectPublicKeyInfo`, or an
//! `RSAPublicKey`. Out: what kind of key it is, and the key itself as the verifier takes it.
//!
//! Next: `pem.rs` finds the bytes, `key.rs` uses the key.

/// A public key, borrowed from its encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PublicKey<'a> {
    /// An `RSAPublicKey`.
    Rsa(&'a [u8]),
    /// A point that is not compressed.
    P256(&'a [u8]),
    P384(&'a [u8]),
    Ed25519(&'a [u8]),
}

const SEQUENCE: u8 = 0x30;
const BIT_STRING: u8 = 0x03;
const OBJECT_ID: u8 = 0x06;
const INTEGER: u8 = 0x02;
const BOOLEAN_OR_CONTEXT_0: u8 = 0xa0;

const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const PRIME256V1: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const SECP384R1: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// Of `-----BEGIN PUBLIC KEY-----`.
pub(crate) fn subject_public_key_info(der: &[u8]) -> Option<PublicKey<'_>> {
    let (outer, rest) = take(der, SEQUENCE)?;
    let key = inner(outer)?;
    rest.is_empty().then_some(key)
}

fn inner(outer: &[u8]) -> Option<PublicKey<'_>> {
    let (algorithm, rest) = take(outer, SEQUENCE)?;
    let (bits, rest) = take(rest, BIT_STRING)?;
    let (&unused, key) = bits.split_first()?;
    if unused != 0 || !rest.is_empty() {
        return None;
    }
    let (id, parameters) = take(algorithm, OBJECT_ID)?;
    match id {
        RSA_ENCRYPTION => Some(PublicKey::Rsa(key)),
        ED25519 => Some(PublicKey::Ed25519(key)),
        EC_PUBLIC_KEY => match take(parameters, OBJECT_ID)?.0 {
            PRIME256V1 => Some(PublicKey::P256(key)),
            SECP384R1 => Some(PublicKey::P384(key)),
            _ => None,
        },
        _ => None,
    }
}

/// Of `-----BEGIN CERTIFICATE-----`: the key it is for. Nothing else of it is looked at.
pub(crate) fn certificate(der: &[u8]) -> Option<PublicKey<'_>> {
    let (outer, _) = take(der, SEQUENCE)?;
    let (signed, _) = take(outer, SEQUENCE)?;
    let mut rest = match take(signed, BOOLEAN_OR_CONTEXT_0) {
        Some((_, rest)) => rest,
        None => signed,
    };
    rest = take(rest, INTEGER)?.1;
    // The signature's algorithm, the issuer, the time, the subject.
    for _ in 0..4 {
        rest = take(rest, SEQUENCE)?.1;
    }
    inner(take(rest, SEQUENCE)?.0)
}

/// What the element at the front contains, if it is one of this type, and what follows it.
fn take(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let rest = der.strip_prefix(&[tag])?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x83 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let length = bytes
                .iter()
                .fold(0, |length, byte| length << 8 | usize::from(*byte));
            (length, rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}
