//! The run, before it begins. In: the arguments. Out: who reads what, who publishes what and how, all of
//! it sound; otherwise what is wrong.
//!
//! Next: `stage.rs` carries it out.

use std::sync::Arc;
use std::time::Duration;

use url::{Host, Url};
use wellspring::transport::Transport;
use wellspring::{EventSource, EventSourceBuilder, Policy, Reconnection};

use super::coverage::{Part, parts, topics};
use super::cut::{Blade, Cutting};
use super::line::Line;
use super::publishing::Form;
use super::selectors::{Asked, Kind};
use super::token::{Action, Authority, now};
use crate::args::{self, Dialect, Publishing};
use crate::exit::Ending;
use crate::{reach, secrets, words};

/// Tokens outlive the run by so much, in seconds.
const TOKEN_MARGIN: u64 = 3600;
/// Until the server sets another reconnection time.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// What the server sets counts as at most this.
const LONGEST_RECONNECTION_TIME: Duration = Duration::from_secs(5);
/// The longest wait between two attempts to reach a server, so short that late events come before the run ends.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

pub(super) struct Plan<'a> {
    pub(super) args: &'a args::Load,
    pub(super) stream: Url,
    pub(super) name: String,
    pub(super) seed: u64,
    pub(super) topics: Vec<String>,
    /// Of each subscriber.
    pub(super) parts: Vec<Arc<Part>>,
    pub(super) form: Arc<Form>,
    publish_url: Url,
    transport: Arc<dyn Transport>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(args: &'a args::Load) -> Result<Self, Ending> {
        let stream = reach::url(&args.reach, &args.url)?;
        let publish_url = args.publish_url.as_deref().unwrap_or(&args.url);
        let publish_url = reach::url(&args.reach, publish_url)?;
        let seed = args.seed.unwrap_or_else(|| fastrand::u64(..));
        let name = format!("{:08x}", fastrand::u32(..));
        let number = args.topics.unwrap_or(args.publishers);
        if number < args.publishers {
            let wrong = "--topics is less than --publishers: each topic has one publisher, who numbers \
                         its events";
            return Err(Ending::usage(wrong));
        }
        let topics = topics(args, number)?;
        let audience = bare(&stream);
        let authority = Authority {
            dialect: args.dialect,
            issuer: &args.issuer,
            audience: args.audience.as_deref().unwrap_or(&audience),
            until: now() + args.seconds.as_secs() + args.drain.as_secs() + TOKEN_MARGIN,
            run: &name,
        };
        let parts = parts(args, &stream, &topics, &authority)?;
        let token = publisher_token(args, &authority);
        let all = parts.iter().filter_map(|part| part.token.as_deref());
        all.chain(token.as_deref()).for_each(secrets::remember);
        let headers = reach::headers(&args.reach)?;
        let form = Form::new(args.publish, &publish_url, token.as_deref(), headers)?;
        let options = reach::options(&args.reach)?;
        let transport = Arc::new(reach::transport(&args.reach, options)?);
        Ok(Self {
            args,
            form: Arc::new(form),
            stream,
            name,
            seed,
            topics,
            parts,
            publish_url,
            transport,
        })
    }

    /// How many connections there are at the same time.
    pub(super) fn connections(&self) -> u64 {
        u64::from(self.args.subscribers) + u64::from(self.publishers())
    }

    pub(super) fn publishers(&self) -> u32 {
        match self.args.publish {
            Publishing::None => 0,
            _ => self.args.publishers,
        }
    }

    /// A subscriber's source, and what its connection is cut with.
    pub(super) fn source(&self, part: &Part) -> Result<(EventSource, Arc<Blade>), Ending> {
        let blade = Arc::new(Blade::default());
        let transport = Cutting::new(Arc::clone(&self.transport), Arc::clone(&blade));
        let mut builder = EventSource::builder(&part.url)
            .policy(policy())
            .comments(true)
            .transport(transport);
        for (name, value) in &self.args.reach.headers {
            let is_ours = part.token.is_some() && name.eq_ignore_ascii_case("authorization");
            builder = match reach::is_private(name) {
                _ if is_ours => builder,
                true => builder.sensitive_header(name, value),
                false => builder.header(name, value),
            };
        }
        let source = with_token(builder, part).build();
        let source = source.map_err(|error| Ending::usage(words::of(error)))?;
        Ok((source, blade))
    }

    /// A publisher's connection to the server.
    pub(super) fn line(&self) -> Line {
        let url = &self.publish_url;
        let server = url.host_str().zip(url.port_or_known_default());
        match server {
            Some((host, port)) if self.is_direct() => {
                // An IPv6 address is in brackets there.
                let host = host.trim_start_matches('[').trim_end_matches(']');
                Line::kept((host.to_owned(), port))
            }
            _ => Line::Single(Arc::clone(&self.transport)),
        }
    }

    /// Whether the server is reached without TLS, without a proxy, and over HTTP/1.1.
    fn is_direct(&self) -> bool {
        let reach = &self.args.reach;
        let has_own_way =
            reach.proxy.is_some() || reach.unix_socket.is_some() || reach.http2_prior_knowledge;
        let is_here = match self.publish_url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        };
        let may_have_proxy = ["http_proxy", "all_proxy", "ALL_PROXY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some());
        let is_past_proxies = is_here || reach.no_proxy || !may_have_proxy;
        self.publish_url.scheme() == "http" && !has_own_way && is_past_proxies
    }
}

/// As deployed clients are, and patient: a server that is killed is waited for.
fn policy() -> Policy {
    let reconnection = Reconnection::default()
        .with_initial(FIRST_WAIT)
        .with_ceiling(LONGEST_RECONNECTION_TIME)
        .with_cap(LONGEST_WAIT)
        .with_back_off_after_empty(true);
    let statuses = [408, 425, 429].into_iter().chain(500..600);
    Policy::standard()
        .with_reconnection(reconnection)
        .with_retried_statuses(statuses)
}

fn with_token(builder: EventSourceBuilder, part: &Part) -> EventSourceBuilder {
    match &part.token {
        Some(token) => builder.header("authorization", format!("Bearer {token}")),
        None => builder,
    }
}

/// For every topic: one grant each could be more than a server takes.
fn publisher_token(args: &args::Load, authority: &Authority<'_>) -> Option<String> {
    if let Some(token) = &args.publish_token {
        return Some(token.as_str().to_owned());
    }
    let key = args.publisher_key.as_ref()?;
    let all = match args.dialect {
        Dialect::Zero => Asked::new("*", Kind::Template),
        Dialect::One => Asked::new("*", Kind::Exact),
    };
    Some(authority.token(Action::Publish, &[all], key.as_str()))
}

/// Without userinfo, query and fragment.
fn bare(url: &Url) -> String {
    let mut url = url.clone();
    // Fails for URLs that cannot have userinfo, and then there is none.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.to_string()
}
