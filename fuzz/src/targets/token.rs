//! Tokens: what is taken was signed. In: the three parts of a token, signed or bent. Out: a panic when a token is
//! taken whose signature is not the secret's, when two texts are one token, or when a refusal shows the token.
//!
//! Next: `form.rs`.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use wellspring_hub::tokens::{
    Access, Algorithm, Issuer, Key, Keys, Purpose, TokenError, Validator, sign_hs256,
};

const SECRET: &[u8] = b"a secret of at least 32 bytes, please";
const TYPES: [&str; 4] = ["JWT", "at+jwt", "application/at+jwt", "at+JWT"];

pub(crate) fn run(bytes: &[u8]) {
    let (kind, rest) = bytes.split_first().unwrap_or((&0, &[]));
    let text = String::from_utf8_lossy(rest);
    match kind % 3 {
        // As it is.
        0 => {
            refused_or_signed(&text);
        }
        // Claims that are signed: whatever they say, they are read, and held to their rules.
        1 => {
            let typ = TYPES[usize::from(kind / 3) % TYPES.len()];
            if let Ok(claims) = serde_json::from_str(&text) {
                refused_or_signed(&sign_hs256(SECRET, typ, &claims));
            }
        }
        // A good token, bent in places.
        _ => {
            let claims = serde_json::json!({ "mercure": { "publish": ["*"] } });
            let good = sign_hs256(SECRET, "JWT", &claims);
            let mut bent = good.clone().into_bytes();
            for pair in rest.chunks_exact(2) {
                let at = usize::from(pair[0]) % bent.len();
                bent[at] = pair[1] & 0x7f;
            }
            let bent = String::from_utf8(bent).expect("ASCII");
            let taken = refused_or_signed(&bent);
            assert_eq!(taken, bent == good, "{bent}");
        }
    }
}

/// Whether it was taken.
fn refused_or_signed(token: &str) -> bool {
    match validate(token) {
        Ok(access) => {
            let (signed, _) = token.rsplit_once('.').expect("it has three parts");
            assert!(token.is_ascii() && !signed.contains('='), "{token}");
            assert!(access.expires.is_none_or(|expires| expires > now()));
            true
        }
        Err(error) => {
            let shown = error.to_string();
            assert!(token.len() < 24 || !shown.contains(token), "{shown}");
            false
        }
    }
}

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_700_000_000)
}

fn validate(token: &str) -> Result<Access, TokenError> {
    let key = Key::secret(SECRET, Algorithm::Hs256).expect("it is one");
    let keys = Keys::new().key(key);
    let validator = Validator {
        publishers: keys.clone(),
        subscribers: Keys::new(),
        issuers: vec![Issuer {
            name: "i".to_owned(),
            keys,
        }],
        resource: "https://hub.example/.well-known/mercure"
            .parse()
            .expect("a URL"),
        legacy: true,
    };
    let validated = pin!(validator.validate(token, Purpose::Publish, now()));
    match validated.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(validated) => validated,
        Poll::Pending => panic!("no key has to be fetched"),
    }
}
