//! `wellspring serve` over TLS.
//!
//! Next: `decode.rs`.

use std::path::PathBuf;

use crate::http::Server;
use crate::support::{wellspring, wellspring_reading};

fn file(name: &str, text: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("wellspring-{}-{name}", std::process::id()));
    std::fs::write(&path, text).unwrap();
    path
}

#[tokio::test]
async fn a_certificate_of_its_own_making_carries_http2() {
    let mut server = Server::start(&["--tls-self-signed"]).await;
    assert!(server.origin.starts_with("https://127.0.0.1:"));
    server.write("a\nb\n").await;
    let url = server.stream();
    let run = wellspring(&["tail", &url, "-k", "--data-only", "--count", "2"]).await;
    run.is(0, "a\nb\n");
    assert!(run.stderr.contains("(HTTP/2.0)"), "{}", run.stderr);
    let run = wellspring(&["tail", &url, "--no-reconnect"]).await;
    run.fails(1, &["TLS failed"]);
}

#[tokio::test]
async fn a_certificate_of_the_users_is_the_one_that_is_shown() {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let certificate = file("serve-cert.pem", &made.cert.pem());
    let key = file("serve-key.pem", &made.signing_key.serialize_pem());
    let (certificate, key) = (certificate.to_str().unwrap(), key.to_str().unwrap());
    let options = ["--tls-cert", certificate, "--tls-key", key];
    let mut server = Server::start(&options).await;
    server.write("a\n").await;
    let tail = ["tail", &server.stream(), "--cacert", certificate];
    let run = wellspring(&[&tail[..], &["--data-only", "--count", "1"]].concat()).await;
    run.is(0, "a\n");
    assert!(run.stderr.contains("(HTTP/2.0)"), "{}", run.stderr);
    for path in [certificate, key] {
        std::fs::remove_file(path).unwrap();
    }
}

#[tokio::test]
async fn files_that_make_no_sense_are_usage_errors() {
    let one = rcgen::generate_simple_self_signed(["a".to_owned()]).unwrap();
    let other = rcgen::generate_simple_self_signed(["b".to_owned()]).unwrap();
    let certificate = file("one-cert.pem", &one.cert.pem());
    let key = file("other-key.pem", &other.signing_key.serialize_pem());
    let (certificate, key) = (certificate.to_str().unwrap(), key.to_str().unwrap());
    for (certificate, key, says) in [
        (key, key, "--tls-cert"),
        (certificate, certificate, "--tls-key"),
        (certificate, key, "--tls-key"),
    ] {
        let options = ["--tls-cert", certificate, "--tls-key", key];
        let arguments = [&["serve", "--port", "0"], &options[..]].concat();
        let run = wellspring_reading(&arguments, b"").await;
        assert_eq!(run.stdout, "");
        run.fails(2, &[says]);
    }
    for path in [certificate, key] {
        std::fs::remove_file(path).unwrap();
    }
}

#[tokio::test]
async fn plain_http_is_told_to_use_tls() {
    let mut server = Server::start(&["--tls-self-signed"]).await;
    let answer = server.ask("GET /events", "").await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(answer.ends_with("use an https URL"), "{answer}");
    server.write("a\n").await;
    let tail = ["tail", &server.stream(), "-k", "--count", "1"];
    assert_eq!(wellspring(&tail).await.code, Some(0));
}

#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_ends_streams_over_http2_in_good_order() {
    let mut server = Server::start(&["--tls-self-signed"]).await;
    server.write("a\n").await;
    let url = server.stream();
    let mut tail = crate::support::Program::start(&["tail", &url, "-k", "--no-reconnect"]);
    tail.line().await.unwrap();
    crate::terminal::interrupt(&server.program.child);
    server.program.end().await.is(0, "");
    assert_eq!(tail.end().await.code, Some(0));
}
