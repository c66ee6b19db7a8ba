use super::*;

fn authority(dialect: Dialect) -> Authority<'static> {
    Authority {
        dialect,
        issuer: "https://issuer.example",
        audience: "https://hub.example/.well-known/mercure",
        until: 4_000_000_000,
        run: "k3",
    }
}

fn part(token: &str, part: usize) -> Value {
    let part = token.split('.').nth(part).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// Computed with Python's hmac and base64.
#[test]
fn a_token_of_0_is_signed_as_others_sign_it() {
    let topics = [Asked::new("*", Kind::Template)];
    let token = authority(Dialect::Zero).token(Action::Publish, &topics, "!ChangeMe!");
    let (signed, signature) = token.rsplit_once('.').unwrap();
    assert_eq!(
        String::from_utf8(
            URL_SAFE_NO_PAD
                .decode(signed.split('.').next().unwrap())
                .unwrap()
        )
        .unwrap(),
        r#"{"alg":"HS256","typ":"JWT"}"#
    );
    let claims = json!({ "exp": 4_000_000_000_u64, "mercure": { "publish": ["*"] } });
    assert_eq!(part(&token, 1), claims);
    assert_eq!(signature, "Pi6ymzoj4BKKHQmTR52qW15UfaHcKYrrxbOsf3qlqPY");
}

#[test]
fn a_token_of_1_has_what_rfc_9068_requires() {
    let topics = [
        Asked::new("https://a.example/", Kind::Exact),
        Asked::new("https://a.example/:x", Kind::UrlPattern),
    ];
    let token = authority(Dialect::One).token(Action::Subscribe, &topics, "k");
    assert_eq!(part(&token, 0), json!({ "alg": "HS256", "typ": "at+jwt" }));
    let claims = part(&token, 1);
    for name in ["iss", "aud", "sub", "client_id", "jti", "iat", "exp"] {
        assert!(!claims[name].is_null(), "{name}: {claims}");
    }
    let detail = json!({
        "type": DETAIL,
        "actions": ["subscribe"],
        "topics": [
            { "match": "https://a.example/", "match_type": "exact" },
            { "match": "https://a.example/:x", "match_type": "urlpattern" },
        ],
    });
    assert_eq!(claims["authorization_details"], json!([detail]));
}

#[test]
fn what_a_token_covers_is_read_from_it() {
    let topics = [Asked::new("https://a.example/{x}", Kind::Template)];
    let zero = authority(Dialect::Zero);
    let token = zero.token(Action::Subscribe, &topics, "k");
    assert_eq!(covered(&token).unwrap(), topics);
    let token = zero.token(Action::Publish, &topics, "k");
    assert_eq!(covered(&token).unwrap(), []);
    let topics = [Asked::new("https://a.example/:x", Kind::UrlPattern)];
    let one = authority(Dialect::One);
    let token = one.token(Action::Subscribe, &topics, "k");
    assert_eq!(covered(&token).unwrap(), topics);
    let token = one.token(Action::Publish, &topics, "k");
    assert_eq!(covered(&token).unwrap(), []);
    for text in ["", "a", "a.b.c", "a.e30.c", "a.W10.c"] {
        assert_eq!(covered(text), None, "{text}");
    }
}
