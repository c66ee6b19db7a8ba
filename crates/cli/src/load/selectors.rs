//! Selectors as they are written on the command line. In: text with {n} in it. Out: what one subscriber
//! asks for, and the query that does.
//!
//! Next: `coverage.rs` says what they match.

use url::Url;
use wellspring_matcher::{Selector, SelectorError};

use crate::args::Dialect;

const URL_PATTERN: &str = "urlpattern:";

/// How a selector is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// By 0.x: a template, or else a topic.
    Template,
    /// By 1.0: a topic, or `*`.
    Exact,
    /// By 1.0: a URL pattern.
    UrlPattern,
}

/// One selector.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Asked {
    pub(super) text: String,
    pub(super) kind: Kind,
}

impl Asked {
    pub(super) fn new(text: &str, kind: Kind) -> Self {
        Self {
            text: text.to_owned(),
            kind,
        }
    }

    /// The same to be compared with topics; relative URL patterns mean the hub's own place.
    pub(super) fn selector(&self, base: &Url) -> Result<Selector, SelectorError> {
        match self.kind {
            Kind::Template => Selector::parse(&self.text),
            Kind::Exact if self.text == "*" => Ok(Selector::any()),
            Kind::Exact => Selector::exact(&self.text),
            Kind::UrlPattern => Selector::url_pattern(&self.text, Some(base)),
        }
    }

    fn parameter(&self) -> &'static str {
        match self.kind {
            Kind::Template => "topic",
            Kind::Exact => "match",
            Kind::UrlPattern => "match_urlpattern",
        }
    }
}

/// Text with its number in place of `{n}`.
pub(super) fn numbered(text: &str, number: u32) -> String {
    text.replace("{n}", &number.to_string())
}

/// The selectors of one subscriber.
pub(super) fn asked(text: &str, number: u32, dialect: Dialect) -> Vec<Asked> {
    let words = text.split_ascii_whitespace().map(|word| {
        let word = numbered(word, number);
        match (dialect, word.strip_prefix(URL_PATTERN)) {
            (Dialect::Zero, _) => Asked::new(&word, Kind::Template),
            (Dialect::One, Some(pattern)) => Asked::new(pattern, Kind::UrlPattern),
            (Dialect::One, None) => Asked::new(&word, Kind::Exact),
        }
    });
    words.collect()
}

/// The URL that asks for them.
pub(super) fn url(stream: &Url, asked: &[Asked]) -> Url {
    let mut url = stream.clone();
    if !asked.is_empty() {
        let mut query = url.query_pairs_mut();
        for asked in asked {
            query.append_pair(asked.parameter(), &asked.text);
        }
    }
    url
}

#[cfg(test)]
mod tests;
