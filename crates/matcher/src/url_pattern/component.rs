//! One component of a pattern, compiled. In: its name and text. Out: whether a URL's text there is one
//! that it matches.
//!
//! Next: `program.rs`.

use alloc::string::String;
use alloc::vec::Vec;

use super::UrlPatternError;
use super::encode;
use super::init::Name;
use super::parts::{Options, Outline, parse};
use super::program::{Node, Program};

/// The schemes that the URL Standard calls special, and their ports.
const SPECIAL: [(&str, &str); 6] = [
    ("ftp", "21"),
    ("file", ""),
    ("http", "80"),
    ("https", "443"),
    ("ws", "80"),
    ("wss", "443"),
];

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Component {
    /// `*`.
    Anything,
    Text(String),
    Program(Program),
}

impl Component {
    pub(super) fn matches(&self, text: &str) -> bool {
        match self {
            Self::Anything => true,
            Self::Text(own) => own == text,
            Self::Program(program) => program.matches(text),
        }
    }

    /// How many steps its program has.
    pub(super) fn steps(&self) -> usize {
        match self {
            Self::Program(program) => program.steps(),
            Self::Anything | Self::Text(_) => 0,
        }
    }

    /// Whether it matches at least one special scheme.
    pub(super) fn matches_special(&self) -> bool {
        SPECIAL.iter().any(|(scheme, _)| self.matches(scheme))
    }
}

/// Whether a pattern for the protocol matches a special scheme.
pub(super) fn is_special(pattern: &str) -> Result<bool, UrlPatternError> {
    let (component, _) = compile(Name::Protocol, pattern, true)?;
    Ok(component.matches_special())
}

/// The port that need not be named, of a special scheme.
pub(super) fn default_port(protocol: &str) -> Option<&'static str> {
    let mut special = SPECIAL.iter();
    let (_, port) = special.find(|(scheme, _)| *scheme == protocol)?;
    (!port.is_empty()).then_some(*port)
}

/// Compiles a component of a URL whose path has segments, or is opaque.
pub(super) fn compile(
    name: Name,
    pattern: &str,
    has_segments: bool,
) -> Result<(Component, Vec<Outline>), UrlPatternError> {
    let mut parts = parse(pattern, options(name, pattern, has_segments))?;
    parts
        .outline
        .retain(|part| !matches!(part, Outline::Literal(text) if text.is_empty()));
    let component = match parts.outline.as_slice() {
        [] if parts.nodes.is_empty() => Component::Text(String::new()),
        [Outline::Literal(text)] if parts.nodes.len() == 1 => Component::Text(text.clone()),
        _ if pattern == "*" => Component::Anything,
        _ => Component::Program(Program::new(&Node::Row(parts.nodes))?),
    };
    Ok((component, parts.outline))
}

fn options(name: Name, pattern: &str, has_segments: bool) -> Options {
    let is_ipv6 = ["[", "{[", "\\["]
        .iter()
        .any(|start| pattern.starts_with(start));
    let encode: fn(&str) -> Result<String, UrlPatternError> = match name {
        Name::Protocol => encode::protocol,
        Name::Username => encode::username,
        Name::Password => encode::password,
        Name::Hostname if is_ipv6 => encode::ipv6_hostname,
        Name::Hostname => encode::hostname,
        Name::Port => encode::port,
        Name::Pathname if has_segments => encode::pathname,
        Name::Pathname => encode::opaque_pathname,
        Name::Search => encode::search,
        Name::Hash => encode::hash,
    };
    let (delimiter, prefix) = match name {
        Name::Hostname => (Some('.'), None),
        Name::Pathname if has_segments => (Some('/'), Some('/')),
        _ => (None, None),
    };
    Options {
        delimiter,
        prefix,
        encode,
    }
}
