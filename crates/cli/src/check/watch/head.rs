//! The head of a response, as far as it is judged. In: a response. Out: a [`Head`].
//!
//! Next: `../head.rs` judges it.

use std::time::Duration;

use http::{HeaderMap, StatusCode, Version};
use wellspring::fetch::FetchResponse;

#[derive(Clone, Debug)]
pub(in crate::check) struct Head {
    pub(in crate::check) status: StatusCode,
    pub(in crate::check) version: Version,
    pub(in crate::check) headers: HeaderMap,
    /// The URLs that redirects led to, with their statuses.
    pub(in crate::check) hops: Vec<(StatusCode, String)>,
    pub(in crate::check) https: bool,
    /// From the request to the head.
    pub(in crate::check) after: Duration,
}

impl Head {
    pub(super) fn of(fetched: &FetchResponse, after: Duration) -> Self {
        let hops = fetched.hops.iter();
        Self {
            status: fetched.response.status(),
            version: fetched.response.version(),
            headers: fetched.response.headers().clone(),
            hops: hops
                .map(|hop| (hop.status, crate::reach::shown(&hop.url)))
                .collect(),
            https: fetched.url.scheme() == "https",
            after,
        }
    }

    /// All values of a header, in one.
    pub(in crate::check) fn header(&self, name: &str) -> Option<String> {
        let values = self.headers.get_all(name).iter();
        let values = values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        values.reduce(|all, value| format!("{all}, {value}"))
    }
}
