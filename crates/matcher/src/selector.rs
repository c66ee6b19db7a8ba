//! One selector. In: text. Out: what it matches.
//!
//! Next: `template.rs` for its grammar, `index.rs` for many of them.

use alloc::boxed::Box;
use core::error::Error;
use core::fmt;

use crate::piece::{self, Piece};
use crate::template::{self, MAX_EXPRESSIONS, MAX_LENGTH, MAX_VARIABLES};

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

    /// Returns the selector that matches this topic alone, byte by byte, even if it is `*` or a
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

    fn with(text: &str, kind: Kind) -> Result<Self, SelectorError> {
        if text.len() > MAX_LENGTH {
            return Err(SelectorError::TooLong);
        }
        let text = text.into();
        Ok(Self { text, kind })
    }

    /// Returns the text that this selector was made of.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns true if it matches every topic.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.kind == Kind::Any
    }

    /// Returns what each topic that it matches begins with: all of an exact topic, the text in front of
    /// a template's first expression. A hub should limit how many selectors with an empty one a
    /// subscriber may bring, since every topic is compared with them.
    #[must_use]
    pub fn literal_prefix(&self) -> &str {
        match self.kind {
            Kind::Any => "",
            Kind::Exact => &self.text,
            Kind::Template(_) => self.text.split('{').next().unwrap_or_default(),
        }
    }

    /// Returns true if it matches the topic. A template matches its own text too.
    #[must_use]
    pub fn matches(&self, topic: &str) -> bool {
        match &self.kind {
            Kind::Any => true,
            Kind::Exact => *self.text == *topic,
            Kind::Template(pieces) => *self.text == *topic || piece::matches(pieces, topic),
        }
    }

    /// The pieces of a template; none for every other kind.
    pub(crate) fn pieces(&self) -> &[Piece] {
        match &self.kind {
            Kind::Template(pieces) => pieces,
            _ => &[],
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Why a selector was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SelectorError {
    /// It has more than [`MAX_LENGTH`] bytes.
    TooLong,
    /// It has more than [`MAX_EXPRESSIONS`] expressions.
    TooManyExpressions,
    /// Its expressions have more than [`MAX_VARIABLES`] variables.
    TooManyVariables,
}

impl fmt::Display for SelectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (most, what) = match self {
            Self::TooLong => (MAX_LENGTH, "bytes"),
            Self::TooManyExpressions => (MAX_EXPRESSIONS, "expressions"),
            Self::TooManyVariables => (MAX_VARIABLES, "variables"),
        };
        write!(f, "the selector has more than {most} {what}")
    }
}

impl Error for SelectorError {}
