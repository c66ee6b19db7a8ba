//! URL patterns (the URL Pattern Standard of the WHATWG). In: text and a base URL. Out: whether a URL
//! matches, in time proportional to its length.
//!
//! Next: `url_pattern/tokens.rs`, then `constructor.rs`, `init.rs`, `component.rs`.

mod component;
mod constructor;
mod encode;
mod init;
mod parts;
mod program;
mod regex;
mod tokens;

use alloc::string::String;
use alloc::vec::Vec;
use core::error::Error;
use core::fmt;
use url::Url;

use component::Component;
use init::Name;
pub(crate) use parts::Outline;
use program::MAX_STEPS;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct UrlPattern {
    components: [Component; 8],
}

/// A compiled pattern, and what its host and its path consist of.
pub(crate) struct Compiled {
    pub(crate) pattern: UrlPattern,
    pub(crate) host: Vec<Outline>,
    pub(crate) path: Vec<Outline>,
}

impl UrlPattern {
    pub(crate) fn compile(text: &str, base: Option<&Url>) -> Result<Compiled, UrlPatternError> {
        let mut init = constructor::parse(text)?;
        init.trim();
        // The Standard would also put the folder of the base in front of `urn\\:a`; no URL is
        // resolved like that, so that such a pattern would match nothing.
        if init.get(Name::Protocol).is_none() {
            init.inherit(base.ok_or(UrlPatternError::NoBase)?);
        }
        let protocol = init.get(Name::Protocol).unwrap_or("*");
        if init
            .get(Name::Port)
            .is_some_and(|port| component::default_port(protocol) == Some(port))
        {
            init.set(Name::Port, String::new());
        }
        let has_segments = component::is_special(init.get(Name::Protocol).unwrap_or("*"))?;
        let compile = |name| component::compile(name, init.get(name).unwrap_or("*"), has_segments);
        let (mut outlines, mut steps) = (Vec::new(), 0);
        let mut components = [const { Component::Anything }; 8];
        for (name, place) in Name::ALL.into_iter().zip(&mut components) {
            let (component, outline) = compile(name)?;
            steps += component.steps();
            if steps > MAX_STEPS {
                return Err(UrlPatternError::TooComplex);
            }
            *place = component;
            outlines.push(outline);
        }
        Ok(Compiled {
            host: core::mem::take(&mut outlines[Name::Hostname as usize]),
            path: core::mem::take(&mut outlines[Name::Pathname as usize]),
            pattern: Self { components },
        })
    }

    pub(crate) fn matches(&self, url: &Url) -> bool {
        let mut pairs = Name::ALL.iter().zip(&self.components);
        pairs.all(|(name, component)| component.matches(name.of(url)))
    }
}

/// Says why a URL pattern was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UrlPatternError {
    /// The pattern is malformed at this byte: a brace or parenthesis that is not closed, a backslash at the
    /// end, a colon without a name.
    Malformed {
        /// In bytes, from the beginning of the component.
        at: usize,
    },
    /// The pattern is relative, and there is no base URL.
    NoBase,
    /// A literal text is not possible in that component of a URL.
    Component,
    /// Two groups have the same name.
    RepeatedName,
    /// A regular expression is malformed, or uses what this crate does not support:
    /// look-around, back references, assertions, capturing groups or Unicode properties.
    Regexp,
    /// A component has more than 32 groups, all components take more than 1,024 steps, or something is to
    /// be repeated more than 1,000 times.
    TooComplex,
}

impl fmt::Display for UrlPatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed { at } => {
                return write!(
                    f,
                    "the URL pattern is malformed at byte {at} of a component"
                );
            }
            Self::NoBase => "the URL pattern is relative, and there is no base URL",
            Self::Component => "a text in the URL pattern cannot be part of a URL there",
            Self::RepeatedName => "two groups of the URL pattern have the same name",
            Self::Regexp => "a regular expression in the URL pattern is malformed or not supported",
            Self::TooComplex => "the URL pattern is too complex",
        })
    }
}

impl Error for UrlPatternError {}
