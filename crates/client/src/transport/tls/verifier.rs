//! In: roots. Out: the verifier of server certificates: the platform's, a fixed set of roots, or none at all.
//! Next: back to `tls.rs`.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme};

/// Trusts `roots`, and with `built_in` also those of the platform.
/// `extra` are the roots the user added: all of `roots` that the platform's verifier needs to be told.
pub(super) fn with_roots(
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

/// Believes every certificate; the handshake's signatures are still checked against it.
#[derive(Debug)]
pub(super) struct AcceptAll {
    provider: Arc<CryptoProvider>,
}

impl AcceptAll {
    pub(super) fn new(provider: Arc<CryptoProvider>) -> Self {
        Self { provider }
    }
}

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
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
