//! How a hub is set up. In: the operator's words. Out: [`Settings`].
//!
//! Next: `service.rs` obeys them.

use std::ops::RangeInclusive;
use std::time::Duration;

use url::Url;

use crate::limits::Limits;
use crate::network::Network;
use crate::tokens::Validator;

/// Sets a hub up.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// Who may publish and subscribe. Its `resource` is the hub's public URL.
    pub validator: Validator,
    /// Whether public events can be read without a token.
    pub anonymous: bool,
    /// The origins whose pages may read, or `*`.
    pub cors: Vec<String>,
    /// The origins whose pages may publish with a cookie.
    pub publish_origins: Vec<String>,
    /// The cookie that tokens of the 0.x dialect come in.
    pub cookie: String,
    /// Whether tokens of the 0.x dialect may come in the query.
    pub query_token: bool,
    /// Whether active subscriptions are announced in events, and listed below the hub's URL.
    pub subscriptions: bool,
    /// The proxies whose word about a client's address is taken.
    pub trusted_proxies: Vec<Network>,
    /// How much clients may take.
    pub limits: Limits,
    /// Whether a subscriber that is refused for a time gets 429 or 503, which ends a page's event source for
    /// good, rather than a stream that ends at once.
    pub refuse_with_status: bool,
    /// How long an event stream lasts; each ends after 80 to 100 % of it. None for no end.
    pub lifetime: Option<Duration>,
    /// How long a silence lasts before a comment is sent.
    pub keep_alive: Duration,
    /// The reconnection times that clients get, each a random one.
    pub reconnection_times: RangeInclusive<Duration>,
    /// Whether `/metrics` is answered here.
    pub metrics: bool,
    /// Files that are served as they are.
    pub files: &'static [crate::File],
}

impl Settings {
    /// Returns the settings of a hub that is careful: no anonymous readers, no pages of other origins, no
    /// tokens in queries.
    #[must_use]
    pub fn new(validator: Validator) -> Self {
        Self {
            validator,
            anonymous: false,
            cors: Vec::new(),
            publish_origins: Vec::new(),
            cookie: crate::dialect_07::COOKIE.to_owned(),
            query_token: false,
            subscriptions: false,
            trusted_proxies: Vec::new(),
            limits: Limits::default(),
            refuse_with_status: false,
            lifetime: Some(Duration::from_secs(600)),
            keep_alive: Duration::from_secs(40),
            reconnection_times: Duration::from_secs(1)..=Duration::from_secs(3),
            metrics: true,
            files: &[],
        }
    }

    /// Returns the hub's public URL.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.validator.resource
    }
}
