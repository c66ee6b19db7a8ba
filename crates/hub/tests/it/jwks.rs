//! Sets of keys at a URL: fetched, kept, and fetched again when there is a reason.

use std::collections::VecDeque;
use std::future::{Future, pending, ready};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use url::Url;
use wellspring_hub::tokens::{
    Algorithm, Fetch, Keys, MAX_JWKS, PAUSE, Purpose, RemoteKeys, TokenError, Validator,
};

use crate::keys::{ED25519, P256, base64url};
use crate::mint::{now, validator};

type Answer = Result<Vec<u8>, String>;

/// Answers one after the other; the last one for ever.
#[derive(Clone)]
struct Script {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    asked: Arc<Mutex<u32>>,
}

impl Script {
    fn new(answers: impl IntoIterator<Item = Value>) -> Self {
        let answers = answers.into_iter().map(|answer| match answer {
            Value::String(why) => Err(why),
            set => Ok(set.to_string().into_bytes()),
        });
        Self {
            answers: Arc::new(Mutex::new(answers.collect())),
            asked: Arc::default(),
        }
    }

    fn asked(&self) -> u32 {
        *self.asked.lock().unwrap()
    }
}

impl Fetch for Script {
    fn fetch(&self, _: &Url) -> Pin<Box<dyn Future<Output = Answer> + Send>> {
        *self.asked.lock().unwrap() += 1;
        let mut answers = self.answers.lock().unwrap();
        let answer = answers.pop_front().unwrap();
        if answers.is_empty() {
            answers.push_back(answer.clone());
        }
        Box::pin(ready(answer))
    }
}

fn remote(script: &Script) -> Arc<RemoteKeys> {
    let url = "https://auth.example/jwks".parse().unwrap();
    Arc::new(RemoteKeys::new(url, script.clone()))
}

fn trusting(keys: &Arc<RemoteKeys>) -> Validator {
    let mut validator = validator();
    validator.publishers = Keys::new().remote(Arc::clone(keys));
    validator
}

/// The set with the key of each kind that fits into a line, under this name.
fn set(kid: &str) -> Value {
    let der = P256.der();
    let (x, y) = (&der[der.len() - 64..][..32], &der[der.len() - 32..]);
    let ed25519 = ED25519.der();
    json!({ "keys": [
        { "kty": "oct", "k": "c2VjcmV0", "alg": "HS256", "kid": "secret" },
        { "kty": "EC", "crv": "P-256", "x": base64url(x), "y": base64url(y), "kid": kid, "use": "sig" },
        { "kty": "OKP", "crv": "Ed25519", "x": base64url(&ed25519[12..]), "kid": format!("{kid}-ed") },
        { "kty": "EC", "crv": "P-256", "x": base64url(x), "y": base64url(y), "kid": "enc", "use": "enc" },
        { "kty": "new", "kid": "unknown" },
    ] })
}

fn token(kid: Option<&str>) -> String {
    let claims = json!({ "mercure": { "publish": ["*"] } });
    P256.sign_as(Algorithm::Es256, &claims, kid)
}

async fn found(validator: &Validator, kid: Option<&str>) -> Result<(), TokenError> {
    let token = token(kid);
    validator
        .validate(&token, Purpose::Publish, now())
        .await
        .map(drop)
}

#[tokio::test]
async fn keys_are_selected_by_their_name() {
    let script = Script::new([set("one")]);
    let keys = remote(&script);
    assert_eq!(
        keys.refresh().await,
        Ok(2),
        "secrets, and keys for encryption, are passed over"
    );
    let validator = trusting(&keys);
    assert_eq!(found(&validator, Some("one")).await, Ok(()));
    assert_eq!(found(&validator, None).await, Ok(()));
    assert_eq!(
        found(&validator, Some("enc")).await,
        Err(TokenError::UnknownKey)
    );
    let claims = json!({ "mercure": {} });
    let signed = ED25519.sign_as(Algorithm::EdDsa, &claims, Some("one-ed"));
    assert!(
        validator
            .validate(&signed, Purpose::Publish, now())
            .await
            .is_ok()
    );
}

#[tokio::test(start_paused = true)]
async fn an_unknown_name_is_looked_up_once_in_a_while() {
    let script = Script::new([set("one"), set("two"), set("three")]);
    let keys = remote(&script);
    keys.refresh().await.unwrap();
    let validator = trusting(&keys);
    assert_eq!(found(&validator, Some("two")).await, Ok(()));
    assert_eq!(script.asked(), 2);
    for _ in 0..100 {
        assert_eq!(
            found(&validator, Some("three")).await,
            Err(TokenError::UnknownKey)
        );
    }
    assert_eq!(script.asked(), 2, "however many tokens come");
    tokio::time::advance(PAUSE).await;
    assert_eq!(found(&validator, Some("three")).await, Ok(()));
    assert_eq!(script.asked(), 3);
    // A token that names no key causes no fetch.
    tokio::time::advance(PAUSE).await;
    let other = ED25519.sign_as(Algorithm::EdDsa, &json!({ "mercure": {} }), None);
    assert!(
        validator
            .validate(&other, Purpose::Publish, now())
            .await
            .is_ok()
    );
    assert_eq!(script.asked(), 3);
}

#[tokio::test(start_paused = true)]
async fn those_who_wait_for_the_same_fetch_share_it() {
    let script = Script::new([set("one"), set("two")]);
    let keys = remote(&script);
    keys.refresh().await.unwrap();
    let validator = trusting(&keys);
    let (a, b) = tokio::join!(
        found(&validator, Some("two")),
        found(&validator, Some("two"))
    );
    assert_eq!((a, b), (Ok(()), Ok(())));
    assert_eq!(script.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_last_good_set_is_kept() {
    let nonsense = [
        json!("connection refused"),
        json!({}),
        json!({ "keys": [] }),
        json!({ "keys": "one" }),
        json!({ "keys": [1, null, { "kty": "EC" }, { "kty": "EC", "crv": "P-256", "x": "AA", "y": "AA" }] }),
        json!({ "keys": [], "filler": "a".repeat(MAX_JWKS) }),
    ];
    let script = Script::new([set("one")].into_iter().chain(nonsense));
    let keys = remote(&script);
    keys.refresh().await.unwrap();
    let validator = trusting(&keys);
    for _ in 0..6 {
        let failed = keys.refresh().await.unwrap_err();
        assert!(!failed.is_empty());
        assert_eq!(found(&validator, Some("one")).await, Ok(()), "{failed}");
    }
}

struct Silence;

impl Fetch for Silence {
    fn fetch(&self, _: &Url) -> Pin<Box<dyn Future<Output = Answer> + Send>> {
        Box::pin(pending())
    }
}

#[tokio::test(start_paused = true)]
async fn an_address_that_does_not_answer_is_given_up() {
    let url = "https://auth.example/jwks".parse().unwrap();
    let keys = Arc::new(RemoteKeys::new(url, Silence));
    let began = tokio::time::Instant::now();
    assert_eq!(
        keys.refresh().await,
        Err("no answer within 10 s".to_owned())
    );
    assert_eq!(began.elapsed().as_secs(), 10);
    let validator = trusting(&keys);
    assert_eq!(
        found(&validator, Some("one")).await,
        Err(TokenError::UnknownKey)
    );
    assert!(began.elapsed() < Duration::from_secs(25));
}
