//! Keys of every kind: taken, refused, and used with what they are for.

use std::fs;

use jsonwebtoken::{EncodingKey, Header};
use serde_json::{Value, json};
use wellspring_hub::tokens::{Algorithm, Key, KeyError, Keys, Purpose, TokenError};

use crate::mint::{now, validator};

/// A key pair in a file.
pub(crate) struct Pair(&'static str);

pub(crate) const RSA: Pair = Pair("rsa");
pub(crate) const P256: Pair = Pair("p256");
pub(crate) const P384: Pair = Pair("p384");
pub(crate) const ED25519: Pair = Pair("ed25519");

/// Each with what it can be used with.
pub(crate) const ALL: [(&Pair, Algorithm); 9] = [
    (&RSA, Algorithm::Rs256),
    (&RSA, Algorithm::Rs384),
    (&RSA, Algorithm::Rs512),
    (&RSA, Algorithm::Ps256),
    (&RSA, Algorithm::Ps384),
    (&RSA, Algorithm::Ps512),
    (&P256, Algorithm::Es256),
    (&P384, Algorithm::Es384),
    (&ED25519, Algorithm::EdDsa),
];

pub(crate) fn pem(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/keys");
    fs::read(format!("{folder}/{name}.pem")).unwrap()
}

impl Pair {
    pub(crate) fn public(&self) -> Vec<u8> {
        pem(&format!("{}.pub", self.0))
    }

    /// The bytes between the lines of PEM.
    pub(crate) fn der(&self) -> Vec<u8> {
        let text = String::from_utf8(self.public()).unwrap();
        let lines = text.lines().filter(|line| !line.starts_with('-'));
        let joined: String = lines.collect();
        let key = jsonwebtoken::DecodingKey::from_base64_secret(&joined).unwrap();
        key.try_get_as_bytes().unwrap().to_vec()
    }

    fn private(&self) -> EncodingKey {
        let text = pem(self.0);
        match self.0 {
            "rsa" => EncodingKey::from_rsa_pem(&text).unwrap(),
            "ed25519" => EncodingKey::from_ed_pem(&text).unwrap(),
            _ => EncodingKey::from_ec_pem(&text).unwrap(),
        }
    }

    pub(crate) fn sign(&self, algorithm: Algorithm, claims: &Value) -> String {
        self.sign_as(algorithm, claims, None)
    }

    pub(crate) fn sign_as(
        &self,
        algorithm: Algorithm,
        claims: &Value,
        kid: Option<&str>,
    ) -> String {
        let mut header = Header::new(algorithm.as_str().parse().unwrap());
        header.kid = kid.map(str::to_owned);
        jsonwebtoken::encode(&header, claims, &self.private()).unwrap()
    }
}

pub(crate) fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits = bytes
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
    let bits: Vec<u8> = bits.collect();
    let letters = bits.chunks(6).map(|six| {
        let index = (0..6).fold(0, |sum, at| sum << 1 | six.get(at).copied().unwrap_or(0));
        char::from(LETTERS[usize::from(index)])
    });
    letters.collect()
}

#[tokio::test]
async fn each_kind_of_key_verifies_what_it_signed_and_nothing_else() {
    let claims = json!({ "mercure": { "publish": ["*"] } });
    for (pair, algorithm) in ALL {
        let mut validator = validator();
        let key = Key::pem(&pair.public(), algorithm).unwrap();
        assert_eq!(key.secret_len(), None);
        validator.publishers = Keys::new().key(key);
        for (other, of_other) in ALL {
            let token = other.sign(of_other, &claims);
            let found = validator.validate(&token, Purpose::Publish, now()).await;
            let expected = match of_other == algorithm {
                true => Ok(()),
                false => Err(TokenError::UnknownKey),
            };
            assert_eq!(
                found.map(drop),
                expected,
                "{algorithm} asked, {of_other} brought"
            );
        }
    }
}

#[test]
fn a_certificate_is_taken_for_its_key() {
    assert!(Key::pem(&pem("rsa.crt"), Algorithm::Rs256).is_ok());
    let mismatch = Key::pem(&pem("rsa.crt"), Algorithm::Es256).map(drop);
    assert_eq!(mismatch, Err(KeyError::DoesNotFit(Algorithm::Es256)));
}

#[test]
fn what_is_no_key_says_what_it_should_be() {
    let cut = &RSA.public()[..200];
    let rows: [(Vec<u8>, Algorithm, KeyError); 8] = [
        (pem("rsa"), Algorithm::Rs256, KeyError::PrivateKey),
        (pem("ed25519"), Algorithm::EdDsa, KeyError::PrivateKey),
        (
            RSA.public(),
            Algorithm::Hs256,
            KeyError::DoesNotFit(Algorithm::Hs256),
        ),
        (
            RSA.public(),
            Algorithm::EdDsa,
            KeyError::DoesNotFit(Algorithm::EdDsa),
        ),
        (
            P384.public(),
            Algorithm::Es256,
            KeyError::DoesNotFit(Algorithm::Es256),
        ),
        (b"a secret".to_vec(), Algorithm::Rs256, KeyError::NotPem),
        (Vec::new(), Algorithm::Rs256, KeyError::NotPem),
        (cut.to_vec(), Algorithm::Rs256, KeyError::NotPem),
    ];
    for (text, algorithm, expected) in rows {
        assert_eq!(
            Key::pem(&text, algorithm).map(drop),
            Err(expected),
            "{algorithm}"
        );
    }
    let rows: [(&[u8], Algorithm, KeyError); 3] = [
        (b"", Algorithm::Hs256, KeyError::Empty),
        (
            b" -----BEGIN PUBLIC KEY-----",
            Algorithm::Hs512,
            KeyError::PublicKeyAsSecret,
        ),
        (
            b"a secret",
            Algorithm::Rs256,
            KeyError::DoesNotFit(Algorithm::Rs256),
        ),
    ];
    for (secret, algorithm, expected) in rows {
        assert_eq!(
            Key::secret(secret, algorithm).map(drop),
            Err(expected),
            "{algorithm}"
        );
    }
}

/// Damage anywhere in a key makes it no key, or one that verifies nothing; it never breaks the reader.
#[tokio::test]
async fn a_damaged_key_verifies_nothing() {
    let claims = json!({ "mercure": { "publish": ["*"] } });
    let token = P256.sign(Algorithm::Es256, &claims);
    let der = P256.der();
    for at in 0..der.len() {
        let mut bent = der.clone();
        bent[at] ^= 0x11;
        let text = format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
            base64(&bent)
        );
        let Ok(key) = Key::pem(text.as_bytes(), Algorithm::Es256) else {
            continue;
        };
        let mut validator = validator();
        validator.publishers = Keys::new().key(key);
        let found = validator.validate(&token, Purpose::Publish, now()).await;
        assert_eq!(found, Err(TokenError::Signature), "byte {at}");
    }
}

#[tokio::test]
async fn a_short_rsa_key_verifies_nothing() {
    let claims = json!({ "mercure": { "publish": ["*"] } });
    let private = EncodingKey::from_rsa_pem(&pem("weak")).unwrap();
    let header = Header::new(jsonwebtoken::Algorithm::RS256);
    let token = jsonwebtoken::encode(&header, &claims, &private).unwrap();
    let mut validator = validator();
    let key = Key::pem(&pem("weak.pub"), Algorithm::Rs256).unwrap();
    validator.publishers = Keys::new().key(key);
    let found = validator.validate(&token, Purpose::Publish, now()).await;
    assert_eq!(found, Err(TokenError::Signature));
}

fn base64(bytes: &[u8]) -> String {
    let mut text = base64url(bytes).replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}
