//! Certificates that are given as roots and presented by the server itself.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use super::tls::{Authority, TlsServer, exchange};
use super::*;

/// As `openssl req -x509` makes it: its own authority.
fn of_its_own(name: &str, from: i32, until: i32) -> (rcgen::Certificate, KeyPair) {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.not_before = date_time_ymd(from, 1, 1);
    params.not_after = date_time_ymd(until, 1, 1);
    let key = KeyPair::generate().unwrap();
    (params.self_signed(&key).unwrap(), key)
}

async fn serve((certificate, key): &(rcgen::Certificate, KeyPair)) -> TlsServer {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    TlsServer::start_as(config).await
}

fn given(certificate: &rcgen::Certificate) -> TransportOptions {
    TransportOptions::new().root_certificates_pem(certificate.pem())
}

#[tokio::test]
async fn a_certificate_that_was_given_is_trusted_as_the_servers_own() {
    let own = of_its_own("127.0.0.1", 2020, 2300);
    let issued = Authority::new().issue("127.0.0.1");
    for pair in [&own, &issued] {
        let server = serve(pair).await;
        for built_in in [true, false] {
            let options = given(&pair.0).built_in_roots(built_in);
            assert_eq!(exchange(options, &server).await.unwrap().status(), 200);
        }
    }
}

#[tokio::test]
async fn its_name_and_its_dates_are_checked_nevertheless() {
    let table = [
        (
            of_its_own("other.example", 2020, 2300),
            "the server's certificate is for other.example, not for 127.0.0.1",
            "use a name that the certificate is for",
        ),
        (
            of_its_own("127.0.0.1", 2020, 2021),
            "the server's certificate expired on Fri, 01 Jan 2021 00:00:00 GMT",
            "renew the server's certificate",
        ),
        (
            of_its_own("127.0.0.1", 2290, 2300),
            "the server's certificate is not valid before Wed, 01 Jan 2290 00:00:00 GMT",
            "correct this machine's clock",
        ),
    ];
    for (pair, detail, help) in &table {
        let server = serve(pair).await;
        let error = exchange(given(&pair.0), &server).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.detail()),
            (TransportErrorKind::Tls, *detail)
        );
        assert!(error.help().contains(help), "{error}");
    }
}

#[tokio::test]
async fn another_certificate_of_the_same_name_is_not_trusted() {
    let own = of_its_own("127.0.0.1", 2020, 2300);
    let same_name = of_its_own("127.0.0.1", 2020, 2300);
    let server = serve(&own).await;
    for options in [given(&same_name.0), TransportOptions::new()] {
        let error = exchange(options, &server).await.unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Tls);
        assert!(
            error.detail().starts_with("the server's certificate "),
            "{error}"
        );
        assert!(error.help().contains("trust "), "{error}");
    }
}
