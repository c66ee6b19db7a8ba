//! The pattern of one component (URL Pattern Standard, section 2.3). In: text, and how its literal text
//! is encoded. Out: a tree for `program.rs`, and what it is for an index.
//!
//! Next: `encode.rs`, then `regex.rs`.

use alloc::string::String;
use alloc::vec::Vec;

use super::UrlPatternError;
use super::program::{Bytes, Node};
use super::regex;
use super::tokens::{Kind, Policy, Token, tokenize};
use crate::template::MAX_EXPRESSIONS;

/// How a component is read.
#[derive(Clone, Copy)]
pub(super) struct Options {
    /// What `:name` stops at.
    pub(super) delimiter: Option<char>,
    /// What belongs to a group that it stands in front of.
    pub(super) prefix: Option<char>,
    /// What its literal text becomes in a URL.
    pub(super) encode: fn(&str) -> Result<String, UrlPatternError>,
}

/// A part, coarsely.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outline {
    Literal(String),
    /// No slash in it.
    Segment,
    Anything,
}

pub(super) struct Parts {
    pub(super) nodes: Vec<Node>,
    pub(super) outline: Vec<Outline>,
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    index: usize,
    options: Options,
    pending: String,
    names: Vec<&'a str>,
    groups: usize,
    parts: Parts,
}

pub(super) fn parse(text: &str, options: Options) -> Result<Parts, UrlPatternError> {
    let mut parser = Parser {
        tokens: tokenize(text, Policy::Strict)?,
        index: 0,
        options,
        pending: String::new(),
        names: Vec::new(),
        groups: 0,
        parts: Parts {
            nodes: Vec::new(),
            outline: Vec::new(),
        },
    };
    while parser.part()? {}
    Ok(parser.parts)
}

/// What a group has in it.
struct Group<'a> {
    prefix: String,
    name: Option<&'a str>,
    /// A regular expression or an asterisk.
    value: Option<Token<'a>>,
    suffix: String,
}

impl<'a> Parser<'a> {
    /// Reads a part. Returns false at the end.
    fn part(&mut self) -> Result<bool, UrlPatternError> {
        let ch = self.take(&[Kind::Char]);
        let (name, value) = self.name_and_value();
        if name.is_some() || value.is_some() {
            self.group_behind(ch, name, value)?;
            return Ok(true);
        }
        if let Some(fixed) = ch.or_else(|| self.take(&[Kind::EscapedChar])) {
            self.pending += fixed.value;
            return Ok(true);
        }
        if self.take(&[Kind::Open]).is_some() {
            self.braces()?;
            return Ok(true);
        }
        self.flush()?;
        self.require(Kind::End)?;
        Ok(false)
    }

    /// A name or a value without braces: the character in front belongs to it if it is the prefix.
    fn group_behind(
        &mut self,
        ch: Option<Token<'a>>,
        name: Option<&'a str>,
        value: Option<Token<'a>>,
    ) -> Result<(), UrlPatternError> {
        let mut prefix = String::from(ch.map_or("", |token| token.value));
        let is_prefix = self
            .options
            .prefix
            .is_some_and(|ch| prefix.chars().eq([ch]));
        if !is_prefix {
            self.pending += &prefix;
            prefix.clear();
        }
        self.flush()?;
        let group = Group {
            prefix,
            name,
            value,
            suffix: String::new(),
        };
        let repeats = self.modifier();
        self.add(&group, repeats)
    }

    fn braces(&mut self) -> Result<(), UrlPatternError> {
        let prefix = self.text();
        let (name, value) = self.name_and_value();
        let suffix = self.text();
        self.require(Kind::Close)?;
        let group = Group {
            prefix,
            name,
            value,
            suffix,
        };
        let repeats = self.modifier();
        self.add(&group, repeats)
    }

    fn take(&mut self, kinds: &[Kind]) -> Option<Token<'a>> {
        let token = *self.tokens.get(self.index)?;
        let found = kinds.contains(&token.kind);
        self.index += usize::from(found);
        found.then_some(token)
    }

    fn require(&mut self, kind: Kind) -> Result<(), UrlPatternError> {
        let at = self.tokens.get(self.index).map_or(0, |token| token.at);
        let found = self.take(&[kind]);
        found.map(drop).ok_or(UrlPatternError::Malformed { at })
    }

    fn name_and_value(&mut self) -> (Option<&'a str>, Option<Token<'a>>) {
        let name = self.take(&[Kind::Name]).map(|token| token.value);
        let regexp = self.take(&[Kind::Regexp]);
        let asterisk = |this: &mut Self| match name {
            None => this.take(&[Kind::Asterisk]),
            Some(_) => None,
        };
        (name, regexp.or_else(|| asterisk(self)))
    }

    fn text(&mut self) -> String {
        let mut text = String::new();
        while let Some(token) = self.take(&[Kind::Char, Kind::EscapedChar]) {
            text += token.value;
        }
        text
    }

    /// How often: at least, and at most unless there is no bound. Nothing says once.
    fn modifier(&mut self) -> Option<(u16, Option<u16>)> {
        let token = self.take(&[Kind::OtherModifier, Kind::Asterisk])?;
        Some(match token.value {
            "?" => (0, Some(1)),
            "*" => (0, None),
            _ => (1, None),
        })
    }

    /// Literal text that no group claimed becomes a part.
    fn flush(&mut self) -> Result<(), UrlPatternError> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let text = (self.options.encode)(&self.pending)?;
        self.pending.clear();
        self.parts.nodes.push(Node::text(&text));
        self.parts.outline.push(Outline::Literal(text));
        Ok(())
    }

    fn add(
        &mut self,
        group: &Group<'a>,
        repeats: Option<(u16, Option<u16>)>,
    ) -> Result<(), UrlPatternError> {
        let has_value = group.name.is_some() || group.value.is_some();
        if !has_value && repeats.is_none() {
            self.pending += &group.prefix;
            return Ok(());
        }
        self.groups += 1;
        if self.groups > MAX_EXPRESSIONS {
            return Err(UrlPatternError::TooComplex);
        }
        self.flush()?;
        if has_value {
            return self.add_value(group, repeats);
        }
        if let Some((least, most)) = repeats.filter(|_| !group.prefix.is_empty()) {
            let text = (self.options.encode)(&group.prefix)?;
            self.parts.nodes.push(Node::text(&text).repeat(least, most));
            self.parts.outline.push(Outline::Anything);
        }
        Ok(())
    }

    fn add_value(
        &mut self,
        group: &Group<'a>,
        repeats: Option<(u16, Option<u16>)>,
    ) -> Result<(), UrlPatternError> {
        if let Some(name) = group.name {
            if self.names.contains(&name) {
                return Err(UrlPatternError::RepeatedName);
            }
            self.names.push(name);
        }
        let (value, outline) = self.value(group.value)?;
        let prefix = (self.options.encode)(&group.prefix)?;
        let suffix = (self.options.encode)(&group.suffix)?;
        self.outline(&prefix, outline, &suffix, repeats.is_some());
        let (prefix, suffix) = (Node::text(&prefix), Node::text(&suffix));
        let once = Node::Row(alloc::vec![prefix, value, suffix]);
        let node = match repeats {
            None => once,
            Some((least, most)) => once.repeat(least, most),
        };
        self.parts.nodes.push(node);
        Ok(())
    }

    fn outline(&mut self, prefix: &str, value: Outline, suffix: &str, repeats: bool) {
        let row = match repeats {
            true => [
                Outline::Anything,
                Outline::Literal(String::new()),
                Outline::Literal(String::new()),
            ],
            false => [
                Outline::Literal(prefix.into()),
                value,
                Outline::Literal(suffix.into()),
            ],
        };
        self.parts.outline.extend(row);
    }

    fn value(&self, value: Option<Token<'_>>) -> Result<(Node, Outline), UrlPatternError> {
        let anything = || Node::Byte(Bytes::ALL).repeat(0, None);
        match value {
            Some(token) if token.kind == Kind::Asterisk || token.value == ".*" => {
                Ok((anything(), Outline::Anything))
            }
            Some(token) => Ok((regex::parse(token.value)?, Outline::Anything)),
            None => {
                let stop = self.options.delimiter.and_then(|ch| u8::try_from(ch).ok());
                let set = stop.map_or(Bytes::ALL, |byte| Bytes::of([byte]).not());
                let outline = match stop {
                    Some(b'/') => Outline::Segment,
                    _ => Outline::Anything,
                };
                Ok((Node::Byte(set).repeat(1, None), outline))
            }
        }
    }
}
