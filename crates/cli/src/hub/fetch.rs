//! Sets of keys at URLs, fetched with our own client. In: a URL. Out: what is there.
//!
//! Next: `crates/hub/src/tokens/jwks.rs` reads it.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;

use http::{Request, StatusCode};
use url::Url;
use wellspring::transport::{Body, HttpTransport, Transport};
use wellspring_hub::tokens::{Fetch, MAX_JWKS};

/// Fetches over HTTP and TLS, without following redirects: where keys are is the operator's to say.
#[derive(Debug)]
pub(super) struct Fetcher {
    transport: Arc<HttpTransport>,
}

impl Fetcher {
    pub(super) fn new() -> Self {
        Self {
            transport: HttpTransport::shared(),
        }
    }
}

impl Fetch for Fetcher {
    fn fetch(&self, url: &Url) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, String>> + Send>> {
        let request = Request::get(url.as_str()).header("accept", "application/json");
        let request = request.body(Body::empty());
        let transport = Arc::clone(&self.transport);
        Box::pin(async move {
            let request = request.map_err(|error| error.to_string())?;
            let response = transport.send(request).await;
            let response = response.map_err(|error| format!("{error:#}"))?;
            if response.status() != StatusCode::OK {
                return Err(format!("status {}, not 200", response.status().as_u16()));
            }
            read(response.into_body()).await
        })
    }
}

async fn read(mut body: Body) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = poll_fn(|cx| body.poll_chunk(cx)).await {
        let chunk = chunk.map_err(|error| format!("{error:#}"))?;
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MAX_JWKS {
            return Err(format!("the answer has more than {MAX_JWKS} bytes"));
        }
    }
    Ok(bytes)
}
