//! One selector. In: text. Out: what it matches.
//!
//! Next: `template.rs` for its grammar, `index.rs` for many of them.

use alloc::boxed::Box;
use core::error::Error;
use core::fmt;

use crate::key;
use crate::piece::{self, Piece};
use crate::template::{self, MAX_EXPRESSIONS, MAX_LENGTH, MAX_VARIABLES};
use crate::url_pattern::{UrlPattern, UrlPatternError};
use url::Url;

/// Says which topics are wanted.
///
/// ```
/// use wellspring_matcher::Selector;
///
/// let template = Selector::parse("https://shop.example/{lang}/books{?page}")?;
/// assert!(template.matches("https://shop.example/en/books?page=2"));
/// assert!(!template.matches("https://shop.example/en/us/books"), "no slash in {{lang}}");
///
/// let exact = Selector::parse("news")?;
/// assert!(exact.matches("news"));
/// assert!(Selector::parse("*")?.matches("anything"));
/// # Ok::<(), wellspring_matcher::SelectorError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Selector {
    text: Box<str>,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Any,
    Exact,
    Template(Box<[Piece]>),
    UrlPattern(Box<OverUrls>),
}

/// A URL pattern, and what an index needs of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct OverUrls {
    pattern: UrlPattern,
    base: Option<Url>,
    /// What a URL's key consists of, coarsely.
    pieces: Box<[Piece]>,
}

impl Selector {
    /// Returns the selector that matches every topic, `*`.
    #[must_use]
    pub fn any() -> Self {
        Self {
            text: "*".into(),
            kind: Kind::Any,
        }
    }

    /// Returns the selector that matches only this topic, byte by byte, even if the topic is `*` or a
    /// template.
    ///
    /// # Errors
    /// The topic is longer than [`MAX_LENGTH`].
    pub fn exact(topic: &str) -> Result<Self, SelectorError> {
        Self::with(topic, Kind::Exact)
    }

    /// Compiles a selector of the first dialect: `*`, a URI template with at least one expression, or
    /// else an exact topic. Text that is no valid template, such as `{a`, is an exact topic.
    ///
    /// # Errors
    /// The text is longer than [`MAX_LENGTH`], or a template of more than [`MAX_EXPRESSIONS`]
    /// expressions or [`MAX_VARIABLES`] variables.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        if text.len() > MAX_LENGTH {
            return Err(SelectorError::TooLong);
        }
        let kind = match template::parse(text)? {
            _ if text == "*" => Kind::Any,
            Some(pieces) => Kind::Template(pieces.into()),
            None => Kind::Exact,
        };
        Self::with(text, kind)
    }

    /// Compiles a URL pattern, the selector that the second dialect has beside exact topics: `*`, or a
    /// pattern of the URL Pattern Standard. A relative one and the topics that it is compared with are
    /// resolved against the base URL; a topic that is no URL is never matched.
    ///
    /// One may take 50 KB, and up to 1,024 steps for each byte of a topic whose host and path it may match. A hub
    /// should limit how many a subscriber may bring.
    ///
    /// ```
    /// use wellspring_matcher::Selector;
    /// # let base = "https://hub.example/.well-known/mercure".parse()?;
    ///
    /// let books = Selector::url_pattern("/books/:id(\\d+)", Some(&base))?;
    /// assert!(books.matches("https://hub.example/books/7"));
    /// assert!(books.matches("/books/7"));
    /// assert!(!books.matches("/books/seven"));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The text is longer than [`MAX_LENGTH`], or [`SelectorError::UrlPattern`].
    pub fn url_pattern(text: &str, base: Option<&Url>) -> Result<Self, SelectorError> {
        if text.len() > MAX_LENGTH {
            return Err(SelectorError::TooLong);
        }
        if text == "*" {
            return Ok(Self::any());
        }
        let compiled = UrlPattern::compile(text, base).map_err(SelectorError::UrlPattern)?;
        let over_urls = OverUrls {
            pieces: key::pieces(&compiled).into(),
            pattern: compiled.pattern,
            base: base.cloned(),
        };
        Self::with(text, Kind::UrlPattern(Box::new(over_urls)))
    }

    fn with(text: &str, kind: Kind) -> Result<Self, SelectorError> {
        if text.len() > MAX_LENGTH {
            return Err(SelectorError::TooLong);
        }
        let text = text.into();
        Ok(Self { text, kind })
    }

    /// Returns the text of the selector, as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns true if it matches every topic.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.kind == Kind::Any
    }

    /// Returns the text that every matching topic begins with: all of an exact topic, the text before a template's
    /// first expression, and for a URL pattern the host up to its first group. A hub should limit how many
    /// selectors with an empty prefix a subscriber may bring, since every topic is compared with them.
    #[must_use]
    pub fn literal_prefix(&self) -> &str {
        match &self.kind {
            Kind::Any => "",
            Kind::Exact => &self.text,
            Kind::Template(_) => self.text.split('{').next().unwrap_or_default(),
            Kind::UrlPattern(over_urls) => key::host(&over_urls.pieces),
        }
    }

    /// Returns true if it matches the topic. A template matches its own text too.
    #[must_use]
    pub fn matches(&self, topic: &str) -> bool {
        match &self.kind {
            Kind::Any => true,
            Kind::Exact => *self.text == *topic,
            Kind::Template(pieces) => *self.text == *topic || piece::matches(pieces, topic),
            Kind::UrlPattern(over_urls) => {
                let url = key::parse(topic, over_urls.base.as_ref());
                url.is_some_and(|url| over_urls.pattern.matches(&url))
            }
        }
    }

    /// The pieces of a template, of which a topic must consist, or those of which the key of a URL must
    /// for a URL pattern; none for every other kind.
    pub(crate) fn pieces(&self) -> &[Piece] {
        match &self.kind {
            Kind::Template(pieces) => pieces,
            Kind::UrlPattern(over_urls) => &over_urls.pieces,
            _ => &[],
        }
    }

    /// The URL pattern, if it is one.
    pub(crate) fn over_urls(&self) -> Option<&UrlPattern> {
        match &self.kind {
            Kind::UrlPattern(over_urls) => Some(&over_urls.pattern),
            _ => None,
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Says why a selector was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SelectorError {
    /// The selector has more than [`MAX_LENGTH`] bytes.
    TooLong,
    /// The template has more than [`MAX_EXPRESSIONS`] expressions.
    TooManyExpressions,
    /// The template's expressions have more than [`MAX_VARIABLES`] variables.
    TooManyVariables,
    /// The URL pattern is not valid, or too complex.
    UrlPattern(UrlPatternError),
}

impl fmt::Display for SelectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (most, what) = match self {
            Self::TooLong => (MAX_LENGTH, "bytes"),
            Self::TooManyExpressions => (MAX_EXPRESSIONS, "expressions"),
            Self::TooManyVariables => (MAX_VARIABLES, "variables"),
            Self::UrlPattern(error) => return error.fmt(f),
        };
        write!(f, "the selector has more than {most} {what}")
    }
}

impl Error for SelectorError {}
