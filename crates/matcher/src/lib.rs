//! Topic selectors, and an index that finds those that match a topic.
//!
//! A publisher gives an update one or more topics; a subscriber says with selectors which topics it
//! wants. This crate compiles selectors, compares them with topics, and keeps any number of them in an
//! [`Index`] whose cost does not depend on the selectors that do not match. It has no I/O, no clock
//! and no threads, and needs `alloc` only.
//!
//! The selectors are those of both dialects of the Mercure protocol. The first (draft-07 and before,
//! which deployed clients of version 0.x send) has `*`, an exact topic, or a URI template of RFC 6570:
//! [`Selector::parse`]. The second (draft-08, version 1.0) has exact topics ([`Selector::exact`]) and
//! patterns of the URL Pattern Standard ([`Selector::url_pattern`]).
//!
//! ```
//! use wellspring_matcher::{Index, Matches, Selector};
//!
//! let mut index = Index::new();
//! let book = index.insert(Selector::parse("https://shop.example/books/{id}")?)?;
//! let all = index.insert(Selector::any())?;
//!
//! let mut matches = Matches::new();
//! index.find("https://shop.example/books/7", &mut matches);
//! assert_eq!(matches.ids(), [book, all]);
//! index.find("https://shop.example/authors/7", &mut matches);
//! assert_eq!(matches.ids(), [all]);
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```
//!
//! | limit | value | when it is passed |
//! |---|---|---|
//! | [`MAX_LENGTH`] | 4,096 bytes a selector | [`SelectorError::TooLong`] |
//! | [`MAX_EXPRESSIONS`] | 32 expressions a template | [`SelectorError::TooManyExpressions`] |
//! | [`MAX_VARIABLES`] | 256 variables a template | [`SelectorError::TooManyVariables`] |
//! | a URL pattern | 1,024 steps, 32 groups a component, 1,000 repetitions by a number | [`UrlPatternError::TooComplex`] |
//! | [`MAX_CROWD`] | 1,024 expressions that begin at one place of the index, or are read beside another one | [`Crowded`] |
#![cfg_attr(docsrs, feature(doc_cfg))]
#![no_std]

extern crate alloc;

mod expression;
mod index;
mod key;
mod piece;
mod selector;
mod set;
mod template;
mod url_pattern;

pub use index::{Crowded, Index, MAX_CROWD, Matches, SelectorId};
pub use selector::{Selector, SelectorError};
pub use template::{MAX_EXPRESSIONS, MAX_LENGTH, MAX_VARIABLES};
pub use url_pattern::UrlPatternError;

/// The README of this crate, so that its example runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
