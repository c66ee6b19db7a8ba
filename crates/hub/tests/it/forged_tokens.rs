//! Tokens as an attacker makes them: none is taken, and no answer shows anything of them.

use serde_json::{Value, json};
use wellspring_hub::tokens::{
    Algorithm, Issuance, Key, KeyError, Keys, MAX_TOKEN, Purpose, TokenError, sign_hs256,
};

use crate::keys::{P256, RSA, base64url, pem};
use crate::mint::{PUBLISHERS, access_token, legacy, now, publisher, validator};

fn good() -> String {
    legacy(&json!({ "mercure": { "publish": ["*"] } }))
}

/// A good token's claims and secret under this header.
fn with_header(header: &str) -> String {
    let claims = json!({ "mercure": { "publish": ["*"] } }).to_string();
    sign(header.as_bytes(), claims.as_bytes())
}

fn sign(header: &[u8], claims: &[u8]) -> String {
    let signed = format!("{}.{}", base64url(header), base64url(claims));
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, PUBLISHERS);
    let signature = ring::hmac::sign(&key, signed.as_bytes());
    format!("{signed}.{}", base64url(signature.as_ref()))
}

#[tokio::test]
async fn the_forge_itself_makes_good_tokens() {
    let token = with_header(r#"{"alg":"HS256","typ":"JWT"}"#);
    assert_eq!(
        publisher(&token).await.unwrap().issuance,
        Issuance::MercureClaim
    );
    assert!(publisher(&with_header(r#"{"alg":"HS256"}"#)).await.is_ok());
    assert!(
        publisher(&with_header(r#"{"alg":"HS256","kid":"any"}"#))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_header_brings_neither_keys_nor_algorithms() {
    for alg in [
        "none", "None", "NONE", "nOnE", "", "HS1", "hs256", "HS512256", "ES512", "HS256 ",
    ] {
        let token = with_header(&json!({ "alg": alg }).to_string());
        assert_eq!(publisher(&token).await, Err(TokenError::Algorithm), "{alg}");
        let (unsigned, _) = token.rsplit_once('.').unwrap();
        assert_eq!(
            publisher(&format!("{unsigned}.")).await,
            Err(TokenError::Algorithm)
        );
    }
    for name in ["jku", "jwk", "x5u", "x5c", "crit", "b64", "enc"] {
        for value in [
            json!("https://evil.example/jwks"),
            json!([]),
            json!(null),
            json!({}),
        ] {
            let token = with_header(&json!({ "alg": "HS256", name: value }).to_string());
            assert_eq!(publisher(&token).await, Err(TokenError::HeaderMember(name)));
        }
    }
    // The hub's key is for HS256 alone.
    for alg in ["HS384", "HS512", "RS256", "PS256", "ES256", "EdDSA"] {
        let token = with_header(&json!({ "alg": alg }).to_string());
        assert_eq!(
            publisher(&token).await,
            Err(TokenError::UnknownKey),
            "{alg}"
        );
    }
}

#[tokio::test]
async fn a_header_is_an_object_that_says_each_thing_once() {
    for header in [
        r#"{"alg":"HS256","alg":"none"}"#,
        r#"{"alg":"none","alg":"HS256"}"#,
        r#"{"alg":"HS256","\u0061lg":"HS256"}"#,
        r#"{"typ":"JWT"}"#,
        r#"{"alg":null}"#,
        r#"{"alg":["HS256"]}"#,
        r#"{"alg":"HS256","typ":1}"#,
        r#"{"alg":"HS256","kid":["a"]}"#,
        r#"["HS256"]"#,
        r#""HS256""#,
        "",
        "{",
        "{\"alg\":\"HS256\"}{}",
        "\u{feff}{\"alg\":\"HS256\"}",
    ] {
        let refused = publisher(&with_header(header)).await.unwrap_err();
        assert_eq!(refused, TokenError::Header, "{header}");
    }
}

#[tokio::test]
async fn claims_say_each_thing_once() {
    let header = br#"{"alg":"HS256"}"#;
    for claims in [
        r#"{"mercure":{"publish":[]},"mercure":{"publish":["*"]}}"#,
        r#"{"mercure":{"publish":[],"publish":["*"]}}"#,
        r#"{"exp":1,"exp":1800000000,"mercure":{}}"#,
        "{}{}",
    ] {
        let refused = publisher(&sign(header, claims.as_bytes()))
            .await
            .unwrap_err();
        assert!(
            matches!(refused, TokenError::Claims(_)),
            "{claims}: {refused}"
        );
    }
    let refused = publisher(&sign(header, b"{\"a\":\"\xff\",\"mercure\":{}}")).await;
    assert!(matches!(refused, Err(TokenError::Claims(_))));
}

#[tokio::test]
async fn a_token_has_one_spelling() {
    let good = good();
    let [header, claims, signature] = good.split('.').collect::<Vec<_>>()[..] else {
        panic!("not three parts");
    };
    // Of 43 letters for 32 bytes, the last has two bits that no byte takes.
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let last = letters.find(&signature[42..]).unwrap();
    let lax = format!("{}{}", &signature[..42], &letters[last + 1..last + 2]);
    for bad in [
        format!("{header}.{claims}.{lax}"),
        format!("{header}.{claims}.{signature}="),
        format!("{header}.{claims}=.{signature}"),
        format!("{header}=.{claims}.{signature}"),
        format!(" {good}"),
        format!("{good} "),
        format!("{good}\n"),
        format!("{header}. {claims}.{signature}"),
        format!("{header}.{claims}.{signature}.{signature}"),
        format!("{header}.{claims}.{signature}."),
        format!(".{header}.{claims}.{signature}"),
        format!("{header}.{claims}"),
        format!("{header}{claims}{signature}"),
        format!("{header}.{claims}.{}", signature.replace(['-', '_'], "+")) + "+",
        format!("{header}.{claims}.{}\u{e9}", &signature[..41]),
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "...".to_owned(),
    ] {
        let refused = publisher(&bad).await.unwrap_err();
        let is_form = matches!(refused, TokenError::NotCompact | TokenError::Header);
        assert!(is_form, "{bad}: {refused}");
    }
    for length in 0..good.len() {
        assert!(publisher(&good[..length]).await.is_err(), "cut at {length}");
    }
}

#[tokio::test]
async fn every_other_byte_is_another_token() {
    let good = good();
    for at in 0..good.len() {
        for letter in [b'A', b'z', b'_', b'.', b'%'] {
            let mut bent = good.clone().into_bytes();
            if bent[at] == letter {
                continue;
            }
            bent[at] = letter;
            let bent = String::from_utf8(bent).unwrap();
            assert!(
                publisher(&bent).await.is_err(),
                "byte {at} as {}",
                char::from(letter)
            );
        }
    }
}

/// The oldest trick: the public key, which everybody has, as the secret of an HMAC.
#[tokio::test]
async fn a_public_key_is_no_secret() {
    let public = pem("rsa.pub");
    let mut validator = validator();
    validator.publishers = Keys::new().key(Key::pem(&public, Algorithm::Rs256).unwrap());
    let claims = json!({ "mercure": { "publish": ["*"] } });
    let trimmed = public.trim_ascii_end();
    for secret in [&public[..], trimmed, &RSA.der()] {
        let forged = sign_hs256(secret, "JWT", &claims);
        let refused = validator.validate(&forged, Purpose::Publish, now()).await;
        assert_eq!(refused, Err(TokenError::UnknownKey));
    }
    let honest = RSA.sign(Algorithm::Rs256, &claims);
    assert!(
        validator
            .validate(&honest, Purpose::Publish, now())
            .await
            .is_ok()
    );
    // A signature of the right kind by another key, and by the right key under another name.
    let other = P256.sign(Algorithm::Es256, &claims);
    let refused = validator.validate(&other, Purpose::Publish, now()).await;
    assert_eq!(refused, Err(TokenError::UnknownKey));
    let padded = RSA.sign(Algorithm::Ps256, &claims);
    let refused = validator.validate(&padded, Purpose::Publish, now()).await;
    assert_eq!(refused, Err(TokenError::UnknownKey));
    // Nor can an operator make it one by mistake.
    let mistaken = Key::secret(&public, Algorithm::Hs256).map(drop);
    assert_eq!(mistaken, Err(KeyError::PublicKeyAsSecret));
}

#[tokio::test]
async fn a_huge_token_is_refused_unread() {
    let filler = "a".repeat(MAX_TOKEN);
    let token = legacy(&json!({ "mercure": {}, "filler": filler }));
    assert_eq!(publisher(&token).await, Err(TokenError::TooLong));
    let deep = sign(br#"{"alg":"HS256"}"#, "[".repeat(9_000).as_bytes());
    assert!(matches!(publisher(&deep).await, Err(TokenError::Claims(_))));
    let many: Vec<Value> = (0..900).map(|n| json!(format!("t{n}"))).collect();
    let full = legacy(&json!({ "mercure": { "publish": many } }));
    assert!(full.len() < MAX_TOKEN && publisher(&full).await.is_ok());
}

#[tokio::test]
async fn no_refusal_shows_the_token() {
    let secret = "do-not-show-me";
    let tokens = [
        with_header(&json!({ "alg": secret }).to_string()),
        with_header(&json!({ "alg": "HS256", "jku": secret }).to_string()),
        with_header(&json!({ "alg": "HS256", secret: 1, "typ": 1 }).to_string()),
        legacy(&json!({ secret: secret, "mercure": secret })),
        legacy(&json!({ "mercure": { "publish": secret } })),
        access_token(&json!({ "iss": secret })),
        access_token(&json!({ "aud": secret })),
        secret.to_owned(),
    ];
    for token in tokens {
        let refused = publisher(&token).await.unwrap_err();
        for shown in [refused.to_string(), format!("{refused:?}")] {
            assert!(
                !shown.contains(secret) && !shown.contains(&token[..6]),
                "{shown}"
            );
        }
    }
    let key = Key::secret(secret.as_bytes(), Algorithm::Hs256).unwrap();
    assert!(!format!("{key:?} {:?}", Keys::new().key(key.clone())).contains(secret));
}
