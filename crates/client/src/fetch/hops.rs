//! In: a request, and the response of each of its hops. Out: the request of the next hop, or what to make of the last
//! response.
//! Next: `redirect.rs`, `cors.rs`, `credentials.rs`.

#[cfg(feature = "cookies")]
use http::header::COOKIE;
use http::{HeaderMap, HeaderName, Method, Request, Response, StatusCode};
use url::Url;

use super::cors::Cors;
use super::credentials::Credentials;
use super::redirect::{MAX_REDIRECTS, NextHop, RedirectError, next_hop};
use super::request::{FetchRequest, FetchResponse, Hop};
use super::{FetchError, FetchErrorKind, bad_port, content_coding, headers, target};
#[cfg(feature = "cookies")]
use crate::fetch::cookies::CookieJar;
use crate::transport::{Body, ConnectOptions};

/// A fetch between two of its hops.
pub(super) struct Hops {
    url: Url,
    method: Method,
    headers: HeaderMap,
    /// The names of the headers that the user has set.
    users: Vec<HeaderName>,
    credentials: Credentials,
    cors: Cors,
    #[cfg(feature = "cookies")]
    jar: Option<CookieJar>,
    /// `None` once a body that cannot be sent twice has been sent.
    body: Option<Body>,
    became_get: bool,
    max_expansion: Option<u32>,
    keeps_content_coding: bool,
    not_sent: Option<&'static str>,
    followed: Vec<Hop>,
    connect_options: ConnectOptions,
}

impl Hops {
    pub(super) fn new(request: FetchRequest) -> Result<Self, FetchError> {
        if !matches!(request.url.scheme(), "http" | "https") {
            return Err(FetchError::new(&request.url, FetchErrorKind::Scheme));
        }
        let not_sent = request.last_event_id_header().reason_not_sent();
        let users = request.headers.keys().cloned().collect();
        let mut headers = headers::assemble(request.headers, &request.last_event_id);
        let home = request.credentials_url.as_ref().unwrap_or(&request.url);
        let credentials = Credentials::split_off(&mut headers, home, &request.credential_headers);
        Ok(Self {
            #[cfg(feature = "cookies")]
            jar: request.cookie_jar,
            cors: Cors::new(request.page, home, request.taint),
            url: request.url,
            method: request.method,
            headers,
            users,
            credentials,
            body: Some(request.body),
            became_get: false,
            max_expansion: request.max_expansion,
            keeps_content_coding: request.keeps_content_coding,
            not_sent,
            followed: Vec::new(),
            connect_options: request.connect_options,
        })
    }

    /// The request of the hop that is due.
    pub(super) fn request(&mut self) -> Result<Request<Body>, FetchError> {
        let uri = target::uri(&self.url)
            .map_err(|reason| self.error(FetchErrorKind::InvalidUrl(reason)))?;
        if self.cors.has_page() && bad_port::is_bad(&self.url) {
            return Err(self.error(FetchErrorKind::BadPort));
        }
        let mut headers = self.headers.clone();
        self.credentials.apply(&mut headers, &self.url);
        let entered = self
            .cors
            .enter(&self.url, &self.method, &mut headers, &self.users);
        entered.map_err(|error| self.error(FetchErrorKind::Cors(error)))?;
        if self.cors.includes_credentials() {
            self.credentials.authorize(&mut headers, &self.url);
        }
        #[cfg(feature = "cookies")]
        self.add_cookies(&mut headers);
        let again = self.body.as_ref().and_then(Body::try_clone);
        let body = std::mem::replace(&mut self.body, again);
        let mut request = Request::new(body.unwrap_or_default());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        request
            .extensions_mut()
            .insert(self.connect_options.clone());
        Ok(request)
    }

    /// Whether the response may be read, and whether another hop follows it.
    pub(super) fn receive(
        &mut self,
        response: &Response<Body>,
    ) -> Result<Option<NextHop>, FetchError> {
        #[cfg(feature = "cookies")]
        self.keep_cookies(response.headers());
        let checked = self.cors.check(response);
        checked.map_err(|error| self.error(FetchErrorKind::Cors(error)))?;
        next_hop(&self.method, &self.url, response)
            .map_err(|error| self.error(FetchErrorKind::Redirect(error)))
    }

    /// The jar's, unless the user has set some.
    #[cfg(feature = "cookies")]
    fn add_cookies(&self, headers: &mut HeaderMap) {
        let url = &self.url;
        if let Some(jar) = &self.jar
            && self.cors.includes_cookies(url)
            && !headers.contains_key(COOKIE)
            && let Some(cookies) = jar.retrieve(url, self.cors.is_same_site(url))
        {
            headers.insert(COOKIE, cookies);
        }
    }

    #[cfg(feature = "cookies")]
    fn keep_cookies(&self, headers: &HeaderMap) {
        if let Some(jar) = &self.jar
            && self.cors.includes_cookies(&self.url)
        {
            jar.keep(&self.url, headers, self.cors.is_same_site(&self.url));
        }
    }

    /// Goes on to the next hop.
    pub(super) fn follow(&mut self, next: NextHop, status: StatusCode) -> Result<(), FetchError> {
        let redirect = |error| FetchErrorKind::Redirect(error);
        if self.followed.len() == MAX_REDIRECTS {
            return Err(self.error(redirect(RedirectError::TooMany)));
        }
        let allowed = self.cors.redirect(&self.url, &next.url);
        allowed.map_err(|error| self.error(FetchErrorKind::Cors(error)))?;
        if next.drops_body {
            self.became_get = true;
            self.body = Some(Body::empty());
            headers::remove_body_headers(&mut self.headers);
        } else if self.body.is_none() {
            return Err(self.error(redirect(RedirectError::BodyNotReplayable)));
        }
        self.followed.push(Hop {
            status,
            url: next.url.clone(),
        });
        self.url = next.url;
        self.method = next.method;
        Ok(())
    }

    /// There are no more hops.
    pub(super) fn finish(self, response: Response<Body>) -> FetchResponse {
        let response = match self.keeps_content_coding {
            true => response,
            false => content_coding::decode(response, self.max_expansion),
        };
        FetchResponse {
            response,
            url: self.url,
            method: self.method,
            became_get: self.became_get,
            last_event_id_not_sent: self.not_sent,
            hops: self.followed,
            taint: self.cors.taint,
        }
    }

    pub(super) fn error(&self, kind: FetchErrorKind) -> FetchError {
        FetchError::new(&self.url, kind)
    }
}
