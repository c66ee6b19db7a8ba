//! Addresses, good and bad.

use crate::options::{Login, NatsOptions};
use std::path::PathBuf;

fn parsed(text: &str) -> NatsOptions {
    text.parse().unwrap()
}

#[test]
fn what_is_left_out_has_a_default() {
    let options = parsed("nats://localhost");
    assert_eq!(options.servers, ["nats://localhost:4222"]);
    assert_eq!((options.stream(), options.replicas), ("wellspring", None));
    assert!(options.login == Login::None && !options.require_tls);
}

#[test]
fn all_that_may_stand_in_it() {
    let options = parsed(
        "tls://al%40ice:p%2Fss+@a.example:1,[::1],10.0.0.1:9/shop?replicas=3&ca=/x%20y.pem&certificate=c&key=k",
    );
    assert_eq!(
        options.servers,
        [
            "nats://a.example:1",
            "nats://[::1]:4222",
            "nats://10.0.0.1:9"
        ]
    );
    let user = Login::User {
        name: "al@ice".to_owned(),
        password: "p/ss+".to_owned(),
    };
    assert!(options.login == user && options.require_tls);
    assert_eq!((options.stream(), options.replicas), ("shop", Some(3)));
    assert_eq!(options.authorities, Some(PathBuf::from("/x y.pem")));
    assert_eq!(
        options.certificate,
        Some((PathBuf::from("c"), PathBuf::from("k")))
    );
    assert!(parsed("nats://s3cret@host").login == Login::Token("s3cret".to_owned()));
    let credentials = parsed("nats://host?credentials=/hub.creds");
    assert!(credentials.login == Login::Credentials(PathBuf::from("/hub.creds")));
}

#[test]
fn what_is_wrong_is_said_without_the_password() {
    let cases = [
        ("localhost:4222", "begins with nats://"),
        ("redis://localhost", "begins with nats://"),
        ("nats://", "a host of NATS"),
        ("nats://a,,b", "a host of NATS"),
        ("nats://a:s3cret@b:99999", "a host of NATS"),
        ("nats://:s3cret@b", "behind a user"),
        ("nats://a:s3cret@b/c.d", "name of a stream"),
        ("nats://a:s3cret@b/c/d", "name of a stream"),
        ("nats://a:s3cret@b/c?replicas=2", "replicas is 1, 3 or 5"),
        ("nats://a:s3cret@b/c?replica=3", "\"replica\" is not known"),
        ("nats://a:s3cret@b?credentials=x", "only one of them"),
        ("nats://b?certificate=x", "go together"),
    ];
    for (text, expected) in cases {
        let error = text.parse::<NatsOptions>().unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
        assert!(!error.contains("s3cret"), "{error}");
    }
    assert!(!format!("{:?}", parsed("nats://a:s3cret@b")).contains("s3cret"));
}
