//! In: a connected socket and the host's name. Out: the encrypted stream and whether HTTP/2 was negotiated.
//! The configuration (roots, provider, client certificate) is loaded once, at the first connection that needs it.
//! Next: `http1.rs`, `http2.rs`.

mod verifier;
pub(super) mod words;

use std::sync::Arc;

use rustls::client::WantsClientCert;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ConfigBuilder, RootCertStore};
use tokio::sync::OnceCell;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::connect::Io;
use super::{TransportError, TransportErrorKind, TransportOptions};

/// The TLS side of one transport.
pub(super) struct Tls {
    material: Arc<Material>,
    config: OnceCell<Arc<ClientConfig>>,
    /// Towards proxies: HTTP/1.1, and no client certificate, which is for the server.
    proxy_config: OnceCell<Arc<ClientConfig>>,
}

/// What the configuration is made of, parsed and checked, not yet loaded.
struct Material {
    roots: Vec<CertificateDer<'static>>,
    identity: Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)>,
    built_in_roots: bool,
    accept_invalid: bool,
    protocols: Vec<Vec<u8>>,
}

impl Tls {
    /// Parses the certificates in `options`.
    pub(super) fn new(options: &TransportOptions) -> Result<Self, TransportError> {
        let mut roots = Vec::new();
        for pem in &options.roots_pem {
            roots.extend(certificates(pem, "root certificates")?);
        }
        roots.extend(
            options
                .roots_der
                .iter()
                .map(|der| CertificateDer::from(der.clone())),
        );
        let identity = match &options.client_certificate_pem {
            None => None,
            Some(pem) => Some((certificates(pem, "client certificate")?, private_key(pem)?)),
        };
        let protocols: &[&[u8]] = match (options.http2_prior_knowledge, options.http2) {
            (true, _) => &[b"h2"],
            (false, true) => &[b"h2", b"http/1.1"],
            (false, false) => &[b"http/1.1"],
        };
        let material = Material {
            roots,
            identity,
            built_in_roots: options.built_in_roots,
            accept_invalid: options.accept_invalid_certificates,
            protocols: protocols.iter().map(|name| name.to_vec()).collect(),
        };
        Ok(Self {
            material: Arc::new(material),
            config: OnceCell::new(),
            proxy_config: OnceCell::new(),
        })
    }

    /// Shakes hands over `io`; `place` is for errors.
    pub(super) async fn connect<I: Io>(
        &self,
        io: I,
        host: &str,
        place: &str,
    ) -> Result<TlsStream<I>, TransportError> {
        let load = || self.load(place, Material::build);
        let config = self.config.get_or_try_init(load).await?;
        shake_hands(config, io, host, place).await
    }

    /// The same with a proxy.
    pub(super) async fn connect_to_proxy<I: Io>(
        &self,
        io: I,
        host: &str,
        place: &str,
    ) -> Result<TlsStream<I>, TransportError> {
        let load = || self.load(place, Material::build_for_proxies);
        let config = self.proxy_config.get_or_try_init(load).await?;
        shake_hands(config, io, host, place).await
    }

    /// Reading the platform's roots touches the disk, so it happens off the async threads.
    async fn load(
        &self,
        place: &str,
        build: fn(&Material, Arc<CryptoProvider>) -> Result<ClientConfig, rustls::Error>,
    ) -> Result<Arc<ClientConfig>, TransportError> {
        let material = self.material.clone();
        let failed = |error| TransportError::caused_by(TransportErrorKind::Tls, place, error);
        let provider = provider().ok_or_else(|| {
            let detail =
                "https needs a cryptography provider; enable the feature `ring` or `aws-lc-rs`";
            TransportError::new(TransportErrorKind::Unsupported, place, detail)
        })?;
        match tokio::task::spawn_blocking(move || build(&material, provider)).await {
            Ok(Ok(config)) => Ok(Arc::new(config)),
            Ok(Err(error)) => Err(failed(
                Box::new(error) as Box<dyn std::error::Error + Send + Sync>
            )),
            Err(stopped) => Err(failed(Box::new(stopped))),
        }
    }
}

async fn shake_hands<I: Io>(
    config: &Arc<ClientConfig>,
    io: I,
    host: &str,
    place: &str,
) -> Result<TlsStream<I>, TransportError> {
    let name = ServerName::try_from(host.to_owned()).map_err(|error| {
        TransportError::caused_by(TransportErrorKind::InvalidRequest, place, error)
    })?;
    TlsConnector::from(config.clone())
        .connect(name, io)
        .await
        .map_err(|error| {
            let words = words::of_handshake(&error);
            TransportError::in_words(TransportErrorKind::Tls, place, &words)
        })
}

impl Material {
    fn build_for_proxies(
        &self,
        provider: Arc<CryptoProvider>,
    ) -> Result<ClientConfig, rustls::Error> {
        let mut config = self.begin(provider)?.with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }

    fn begin(
        &self,
        provider: Arc<CryptoProvider>,
    ) -> Result<ConfigBuilder<ClientConfig, WantsClientCert>, rustls::Error> {
        let builder = ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()?;
        Ok(builder
            .dangerous()
            .with_custom_certificate_verifier(self.verifier(provider)?))
    }

    fn build(&self, provider: Arc<CryptoProvider>) -> Result<ClientConfig, rustls::Error> {
        let builder = self.begin(provider)?;
        let mut config = match &self.identity {
            Some((chain, key)) => builder.with_client_auth_cert(chain.clone(), key.clone_key())?,
            None => builder.with_no_client_auth(),
        };
        config.alpn_protocols.clone_from(&self.protocols);
        Ok(config)
    }

    fn verifier(
        &self,
        provider: Arc<CryptoProvider>,
    ) -> Result<Arc<dyn ServerCertVerifier>, rustls::Error> {
        if self.accept_invalid {
            return Ok(Arc::new(verifier::AcceptAll));
        }
        #[cfg_attr(not(feature = "webpki-roots"), allow(unused_mut))]
        let mut roots = RootCertStore::empty();
        for root in &self.roots {
            roots.add(root.clone())?;
        }
        #[cfg(feature = "webpki-roots")]
        if self.built_in_roots {
            roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        }
        verifier::with_roots(roots, &self.roots, self.built_in_roots, provider)
    }
}

/// The provider the crate was built with, or else the one the program installed for the process.
fn provider() -> Option<Arc<CryptoProvider>> {
    #[cfg(feature = "aws-lc-rs")]
    let provider = Some(Arc::new(rustls::crypto::aws_lc_rs::default_provider()));
    #[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
    let provider = Some(Arc::new(rustls::crypto::ring::default_provider()));
    #[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
    let provider = CryptoProvider::get_default().cloned();
    provider
}

fn certificates(pem: &[u8], what: &str) -> Result<Vec<CertificateDer<'static>>, TransportError> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) => Err(TransportError::new(
            TransportErrorKind::InvalidRequest,
            what,
            "no certificate in the PEM text",
        )),
        Err(error) => Err(TransportError::caused_by(
            TransportErrorKind::InvalidRequest,
            what,
            error,
        )),
    }
}

fn private_key(pem: &[u8]) -> Result<PrivateKeyDer<'static>, TransportError> {
    PrivateKeyDer::from_pem_slice(pem).map_err(|error| {
        TransportError::caused_by(TransportErrorKind::InvalidRequest, "client key", error)
    })
}
