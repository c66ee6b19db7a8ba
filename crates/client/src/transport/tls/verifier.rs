//! In: roots. Out: the verifier of server certificates: the platform's, a fixed set of roots, or none at all.
//! Next: `verifier/given.rs`.

mod given;
mod validity;

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme};

use self::given::Given;

/// Trusts `roots`, and with `built_in` also those of the platform.
/// `extra` are the roots the user added: all of `roots` that the platform's verifier needs to be told. A server may also
/// present one of them itself.
pub(super) fn with_roots(
    roots: RootCertStore,
    extra: &[CertificateDer<'static>],
    built_in: bool,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    let verifier = of_authorities(roots, extra, built_in, provider)?;
    Ok(Given::or(extra, verifier))
}

fn of_authorities(
    roots: RootCertStore,
    extra: &[CertificateDer<'static>],
    built_in: bool,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    #[cfg(feature = "platform-roots")]
    if built_in {
        match rustls_platform_verifier::Verifier::new_with_extra_roots(
            extra.to_vec(),
            provider.clone(),
        ) {
            Ok(verifier) => return Ok(Arc::new(verifier)),
            // A machine without a root store: what else there is still counts.
            Err(error) if roots.is_empty() => return Err(error),
            Err(_) => {}
        }
    }
    #[cfg(not(feature = "platform-roots"))]
    let _ = (extra, built_in);
    if roots.is_empty() {
        let text = "no root certificate is trusted: enable `platform-roots` or `webpki-roots`, or add a root";
        return Err(Error::General(text.to_owned()));
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build();
    Ok(verifier.map_err(|error| Error::Other(OtherError(Arc::new(error))))?)
}

/// Believes every certificate, and the handshake's signatures with it: to check them by the key of a certificate that
/// anyone may have made proves nothing, and fails where the key is of a kind that the provider does not know.
#[derive(Debug)]
pub(super) struct AcceptAll;

/// The schemes that servers may sign with: all of TLS 1.2 and 1.3.
const EVERY_SCHEME: [SignatureScheme; 13] = [
    SignatureScheme::ED25519,
    SignatureScheme::ECDSA_NISTP256_SHA256,
    SignatureScheme::ECDSA_NISTP384_SHA384,
    SignatureScheme::ECDSA_NISTP521_SHA512,
    SignatureScheme::ED448,
    SignatureScheme::RSA_PSS_SHA256,
    SignatureScheme::RSA_PSS_SHA384,
    SignatureScheme::RSA_PSS_SHA512,
    SignatureScheme::RSA_PKCS1_SHA256,
    SignatureScheme::RSA_PKCS1_SHA384,
    SignatureScheme::RSA_PKCS1_SHA512,
    SignatureScheme::ECDSA_SHA1_Legacy,
    SignatureScheme::RSA_PKCS1_SHA1,
];

impl ServerCertVerifier for AcceptAll {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        EVERY_SCHEME.to_vec()
    }
}
