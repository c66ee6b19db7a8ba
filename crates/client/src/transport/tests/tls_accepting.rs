//! Certificates that no root could vouch for, accepted without any check. The server has none of their keys: it signs the
//! handshake with nonsense, which proves as little as a right signature would.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::{CertifiedKey, Signer, SigningKey};
use rustls::{ServerConfig, SignatureAlgorithm, SignatureScheme, SupportedProtocolVersion};

use super::tls::{TlsServer, exchange};
use super::*;

#[derive(Clone, Copy, Debug)]
struct Nonsense(SignatureScheme, SignatureAlgorithm);

impl SigningKey for Nonsense {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        offered
            .contains(&self.0)
            .then(|| Box::new(*self) as Box<dyn Signer>)
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.1
    }
}

impl Signer for Nonsense {
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        Ok(b"nonsense".to_vec())
    }

    fn scheme(&self) -> SignatureScheme {
        self.0
    }
}

#[derive(Debug)]
struct Presents(Arc<CertifiedKey>);

impl ResolvesServerCert for Presents {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }
}

async fn serve(pem: &str, key: Nonsense, version: &'static SupportedProtocolVersion) -> TlsServer {
    let chain = vec![CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()];
    let presents = Presents(Arc::new(CertifiedKey::new(chain, Arc::new(key))));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(presents));
    TlsServer::start_as(config).await
}

const RSA: Nonsense = Nonsense(SignatureScheme::RSA_PSS_SHA256, SignatureAlgorithm::RSA);
const P256: Nonsense = Nonsense(
    SignatureScheme::ECDSA_NISTP256_SHA256,
    SignatureAlgorithm::ECDSA,
);
const P521: Nonsense = Nonsense(
    SignatureScheme::ECDSA_NISTP521_SHA512,
    SignatureAlgorithm::ECDSA,
);
const ED448: Nonsense = Nonsense(SignatureScheme::ED448, SignatureAlgorithm::ED448);

const CERTIFICATES: [(&str, Nonsense); 4] = [
    (include_str!("certificates/version-1.pem"), P256),
    (include_str!("certificates/rsa-1024.pem"), RSA),
    (include_str!("certificates/p-521.pem"), P521),
    (include_str!("certificates/ed448.pem"), ED448),
];

#[tokio::test]
async fn every_certificate_is_accepted_where_that_is_asked_for() {
    for (pem, key) in CERTIFICATES {
        for version in [&rustls::version::TLS13, &rustls::version::TLS12] {
            // rustls, as a server, has no TLS 1.2 for this kind of key.
            if key.1 == SignatureAlgorithm::ED448 && *version == rustls::version::TLS12 {
                continue;
            }
            let server = serve(pem, key, version).await;
            let options = TransportOptions::new().danger_accept_invalid_certificates(true);
            let response = exchange(options, &server).await;
            assert_eq!(response.unwrap().status(), 200, "{pem} {version:?}");
        }
    }
}

#[tokio::test]
async fn otherwise_each_is_an_error_in_plain_words() {
    for (pem, key) in CERTIFICATES {
        let given = TransportOptions::new().root_certificates_pem(pem);
        for options in [TransportOptions::new(), given] {
            let server = serve(pem, key, &rustls::version::TLS13).await;
            let error = exchange(options, &server).await.unwrap_err();
            assert_eq!(error.kind(), TransportErrorKind::Tls);
            let text = error.to_string();
            for debug in [
                "Other(",
                "Unsupported",
                "Handshake",
                "Error",
                "::",
                "https://",
            ] {
                assert!(!text.contains(debug), "{text}");
            }
        }
    }
}

#[tokio::test]
async fn an_error_without_checks_does_not_advise_to_trust_an_issuer() {
    let server = super::server::Server::start().await;
    let url = server.url().replace("http:", "https:");
    let options = TransportOptions::new().danger_accept_invalid_certificates(true);
    let transport = HttpTransport::new(options).unwrap();
    let (response, _) = tokio::join!(send(&transport, get(&url)), async {
        let mut socket = server.accept().await;
        let alert = b"\x15\x03\x03\x00\x02\x02\x28";
        let _ = tokio::io::AsyncWriteExt::write_all(&mut socket, alert).await;
        socket
    });
    let error = response.unwrap_err();
    assert!(
        error.detail().ends_with("alert 'handshake failure'"),
        "{error}"
    );
    assert!(error.help().contains("TLS 1.3"), "{error}");
    assert!(!error.to_string().contains("trust"), "{error}");
}
