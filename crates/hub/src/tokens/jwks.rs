//! Keys at a URL. In: the set that is there now. Out: the last one that was good: an address that does not
//! answer, or answers nonsense, takes no key away.
//!
//! Next: back to `key_set.rs`.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};
use url::Url;

use super::jwk::{self, Origin};
use super::key::Key;

/// How often a set is fetched when nothing asks for it.
pub const REFRESH: Duration = Duration::from_secs(300);
/// How long it is not fetched again for a token with an unknown key, however many come.
pub const PAUSE: Duration = Duration::from_secs(30);
/// How long a fetch may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The largest set that is read, in bytes.
pub const MAX_JWKS: usize = 256 << 10;

/// Fetches what is at a URL: the body of a response with status 200, at most [`MAX_JWKS`] bytes.
pub trait Fetch: Send + Sync + 'static {
    /// Starts a fetch; the error is a sentence for the operator.
    fn fetch(&self, url: &Url) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, String>> + Send>>;
}

/// Holds the keys of a set at a fixed URL.
pub struct RemoteKeys {
    url: Url,
    fetch: Box<dyn Fetch>,
    current: RwLock<Arc<[Key]>>,
    /// When it was last fetched for an unknown key. Held while it is, so that one fetch serves all who wait.
    asked: Mutex<Option<Instant>>,
}

impl RemoteKeys {
    /// Makes a set without keys, until the first [`refresh`](Self::refresh).
    #[must_use]
    pub fn new(url: Url, fetch: impl Fetch) -> Self {
        Self {
            url,
            fetch: Box::new(fetch),
            current: RwLock::new(Arc::new([])),
            asked: Mutex::new(None),
        }
    }

    /// Returns the address of the set.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Fetches the set. On an error the keys are those of before.
    ///
    /// # Errors
    /// A sentence that says what was wrong.
    pub async fn refresh(&self) -> Result<usize, String> {
        let fetched = timeout(PATIENCE, self.fetch.fetch(&self.url)).await;
        let text = fetched.map_err(|_| format!("no answer within {} s", PATIENCE.as_secs()))??;
        if text.len() > MAX_JWKS {
            return Err(format!("the set has more than {MAX_JWKS} bytes"));
        }
        let keys = jwk::keys(&text, Origin::Url).map_err(|error| error.to_string())?;
        let count = keys.len();
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = keys.into();
        Ok(count)
    }

    pub(super) fn current(&self) -> Arc<[Key]> {
        let current = self.current.read();
        Arc::clone(&current.unwrap_or_else(PoisonError::into_inner))
    }

    /// Fetches the set because a token names a key that is not in it, unless that was done a moment ago.
    /// Returns whether the keys may have changed since the caller looked.
    pub(super) async fn refresh_for_unknown_key(&self) -> bool {
        let came = Instant::now();
        let mut asked = self.asked.lock().await;
        if let Some(last) = *asked
            && last + PAUSE > came
        {
            // Another task may have fetched it while this one waited.
            return last >= came;
        }
        *asked = Some(Instant::now());
        self.refresh().await.is_ok()
    }
}

impl fmt::Debug for RemoteKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteKeys")
            .field("url", &self.url.as_str())
            .finish_non_exhaustive()
    }
}
