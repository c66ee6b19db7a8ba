//! Signatures against another library: what we take, it takes.

use jsonwebtoken::{Algorithm as Theirs, DecodingKey, EncodingKey, Header, Validation};
use serde_json::{Value, json};
use wellspring_hub::tokens::{Algorithm, Key, Keys, Purpose};

use crate::keys::{ALL, Pair};
use crate::mint::{PUBLISHERS, now, validator};

fn their_key(algorithm: Algorithm, pair: &Pair) -> DecodingKey {
    let public = pair.public();
    match algorithm {
        Algorithm::EdDsa => DecodingKey::from_ed_pem(&public).unwrap(),
        Algorithm::Es256 | Algorithm::Es384 => DecodingKey::from_ec_pem(&public).unwrap(),
        _ => DecodingKey::from_rsa_pem(&public).unwrap(),
    }
}

fn they_take(token: &str, key: &DecodingKey, algorithm: Algorithm) -> bool {
    let mut validation = Validation::new(algorithm.as_str().parse::<Theirs>().unwrap());
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    jsonwebtoken::decode::<Value>(token, key, &validation).is_ok()
}

#[tokio::test]
async fn bent_tokens_are_taken_by_neither() {
    let mut random = fastrand::Rng::with_seed(14);
    let claims = json!({ "mercure": { "publish": ["*"] } });
    let mut refused = 0;
    for (pair, algorithm) in ALL {
        let mut validator = validator();
        validator.publishers = Keys::new().key(Key::pem(&pair.public(), algorithm).unwrap());
        let theirs = their_key(algorithm, pair);
        let good = pair.sign(algorithm, &claims);
        for round in 0..40 {
            let mut token = good.clone().into_bytes();
            if round > 0 {
                let at = random.usize(..token.len());
                token[at] = *b"ABCabc019-_.".get(random.usize(..12)).unwrap();
            }
            let token = String::from_utf8(token).unwrap();
            let ours = validator
                .validate(&token, Purpose::Publish, now())
                .await
                .is_ok();
            let theirs = they_take(&token, &theirs, algorithm);
            assert_eq!(ours, theirs, "{algorithm}: {token}");
            assert!(round > 0 || ours);
            refused += u32::from(!ours);
        }
    }
    assert!(refused > 300, "{refused}");
}

#[tokio::test]
async fn secrets_sign_alike() {
    let claims = json!({ "mercure": { "publish": ["*"] } });
    for algorithm in [Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512] {
        for length in [1, 31, 32, 64, 65, 200] {
            let secret: Vec<u8> = PUBLISHERS.iter().copied().cycle().take(length).collect();
            let header = Header::new(algorithm.as_str().parse().unwrap());
            let key = EncodingKey::from_secret(&secret).unwrap();
            let token = jsonwebtoken::encode(&header, &claims, &key).unwrap();
            let mut validator = validator();
            validator.publishers = Keys::new().key(Key::secret(&secret, algorithm).unwrap());
            let found = validator.validate(&token, Purpose::Publish, now()).await;
            assert!(found.is_ok(), "{algorithm}, {length} bytes: {found:?}");
        }
    }
}
