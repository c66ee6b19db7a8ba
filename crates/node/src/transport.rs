//! How requests leave this machine. In: proxies, as `lib/proxies.js` has found them; the certificates that
//! Node trusts besides. Out: a transport.
//!
//! The client would look for proxies in the environment by itself; Node does so only when its options say so.
//!
//! Next: `source.rs`.

use std::sync::{Arc, OnceLock};
use std::{env, fs};

use futures_core::future::BoxFuture;
use http::{Request, Response};
use napi_derive::napi;
use wellspring::transport::{
    Body, ConnectOptions, HttpTransport, Proxy, Route, Transport, TransportError, TransportOptions,
};

/// Proxies by the scheme of what is asked for.
#[napi(object, object_to_js = false)]
#[derive(Debug, Default)]
pub struct ProxyOptions {
    /// The URL of the one for `http`.
    pub http: Option<String>,
    /// The URL of the one for `https`.
    pub https: Option<String>,
    /// Hosts that are reached without, in the form of `no_proxy`.
    pub except: String,
}

/// The one transport of the process, and what the source says of proxies.
pub(crate) fn through(options: &ProxyOptions) -> Result<Arc<dyn Transport>, TransportError> {
    let route = |url: &Option<String>| {
        let proxy = url.as_ref().map(Proxy::new).transpose()?;
        Ok(proxy.map(|proxy| Route::Proxy(proxy.except(&options.except))))
    };
    Ok(match (route(&options.http)?, route(&options.https)?) {
        (None, None) => direct(),
        (http, https) => Arc::new(Proxied {
            direct: direct(),
            http,
            https,
        }),
    })
}

fn direct() -> Arc<dyn Transport> {
    static DIRECT: OnceLock<Arc<HttpTransport>> = OnceLock::new();
    let transport = DIRECT.get_or_init(|| {
        let options = TransportOptions::new().no_proxy();
        let extra = extra_certificates().map(|pem| options.clone().root_certificates_pem(pem));
        // Node too goes on without a file that holds none.
        let transport = extra.and_then(|options| HttpTransport::new(options).ok());
        Arc::new(transport.unwrap_or_else(|| {
            HttpTransport::new(options).expect("there is no PEM text in these options")
        }))
    });
    Arc::clone(transport) as Arc<dyn Transport>
}

fn extra_certificates() -> Option<Vec<u8>> {
    fs::read(env::var_os("NODE_EXTRA_CA_CERTS")?).ok()
}

struct Proxied {
    direct: Arc<dyn Transport>,
    http: Option<Route>,
    https: Option<Route>,
}

impl Transport for Proxied {
    fn send(
        &self,
        mut request: Request<Body>,
    ) -> BoxFuture<'static, Result<Response<Body>, TransportError>> {
        let route = match request.uri().scheme_str() {
            Some("https") => &self.https,
            _ => &self.http,
        };
        if route.is_some() {
            let options = request.extensions_mut();
            let options = options.get_or_insert_default::<ConnectOptions>();
            options.route.clone_from(route);
        }
        self.direct.send(request)
    }
}
