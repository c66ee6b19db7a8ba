//! The patterns of the eight components (URL Pattern Standard, section 3.1). In: those that a string
//! names, a base URL. Out: those of the base added, as far as the string does not come behind them.
//!
//! Next: `component.rs` compiles them.

use alloc::string::String;
use url::{Position, Url};

/// The components, in the order of a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Name {
    Protocol,
    Username,
    Password,
    Hostname,
    Port,
    Pathname,
    Search,
    Hash,
}

impl Name {
    pub(super) const ALL: [Self; 8] = [
        Self::Protocol,
        Self::Username,
        Self::Password,
        Self::Hostname,
        Self::Port,
        Self::Pathname,
        Self::Search,
        Self::Hash,
    ];

    /// What a URL has there.
    pub(super) fn of(self, url: &Url) -> &str {
        match self {
            Self::Protocol => url.scheme(),
            Self::Username => url.username(),
            Self::Password => url.password().unwrap_or_default(),
            Self::Hostname => url.host_str().unwrap_or_default(),
            Self::Port => url[Position::BeforePort..Position::AfterPort].trim_start_matches(':'),
            Self::Pathname => url.path(),
            Self::Search => url.query().unwrap_or_default(),
            Self::Hash => url.fragment().unwrap_or_default(),
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Init([Option<String>; 8]);

impl Init {
    pub(super) fn get(&self, name: Name) -> Option<&str> {
        self.0[name as usize].as_deref()
    }

    pub(super) fn set(&mut self, name: Name, text: String) {
        self.0[name as usize] = Some(text);
    }

    /// Takes away one more mark in front of what it marks, as in `/a??b`.
    pub(super) fn trim(&mut self) {
        for (name, mark) in [(Name::Search, '?'), (Name::Hash, '#')] {
            let text = self.get(name).and_then(|text| text.strip_prefix(mark));
            if let Some(text) = text.map(String::from) {
                self.set(name, text);
            }
        }
    }

    /// Adds what a base URL has to a pattern without a protocol, as far as the pattern does not say it itself or something in front of
    /// it. A user name and a password are never taken over.
    pub(super) fn inherit(&mut self, base: &Url) {
        let own_path = self.get(Name::Pathname).map(String::from);
        let mut says_more = false;
        self.set(Name::Protocol, escape(base.scheme()));
        for name in [
            Name::Hostname,
            Name::Port,
            Name::Pathname,
            Name::Search,
            Name::Hash,
        ] {
            says_more |= self.get(name).is_some();
            if !says_more {
                self.set(name, escape(name.of(base)));
            }
        }
        if let Some(path) = own_path {
            self.resolve(&path, base);
        }
    }

    fn resolve(&mut self, path: &str, base: &Url) {
        if base.cannot_be_a_base() || is_absolute(path) {
            return;
        }
        let folder = escape(base.path());
        if let Some(slash) = folder.rfind('/') {
            self.set(Name::Pathname, String::from(&folder[..=slash]) + path);
        }
    }
}

fn is_absolute(path: &str) -> bool {
    ["/", "\\/", "{/"]
        .iter()
        .any(|start| path.starts_with(start))
}

/// Text as a pattern that matches it alone.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for ch in text.chars() {
        if "+*?:{}()\\".contains(ch) {
            escaped.push('\\');
        }
        escaped.push(ch);
    }
    escaped
}
