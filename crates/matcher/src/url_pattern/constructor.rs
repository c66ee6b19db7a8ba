//! A pattern as one string, cut into the patterns of its components (URL Pattern Standard, section
//! 2.2). In: text. Out: the components that it names.
//!
//! Next: `init.rs` adds those of a base URL.

use alloc::string::String;
use alloc::vec::Vec;

use super::init::{Init, Name};
use super::tokens::{Kind, Policy, Token, tokenize};
use super::{UrlPatternError, component};

/// Where in the string the parser is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Init,
    Authority,
    In(Name),
    Done,
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token<'a>>,
    index: usize,
    increment: usize,
    start: usize,
    state: State,
    group_depth: usize,
    ipv6_depth: usize,
    is_special: bool,
    result: Init,
}

pub(super) fn parse(text: &str) -> Result<Init, UrlPatternError> {
    let mut parser = Parser {
        text,
        tokens: tokenize(text, Policy::Lenient)?,
        index: 0,
        increment: 1,
        start: 0,
        state: State::Init,
        group_depth: 0,
        ipv6_depth: 0,
        is_special: false,
        result: Init::default(),
    };
    while parser.index < parser.tokens.len() {
        parser.increment = 1;
        if !parser.step()? {
            break;
        }
        parser.index += parser.increment;
    }
    let result = &mut parser.result;
    if result.get(Name::Hostname).is_some() && result.get(Name::Port).is_none() {
        result.set(Name::Port, String::new());
    }
    Ok(parser.result)
}

impl Parser<'_> {
    /// Takes a token. Returns false at the end.
    fn step(&mut self) -> Result<bool, UrlPatternError> {
        match self.tokens[self.index].kind {
            Kind::End => return Ok(self.end()),
            Kind::Open => self.group_depth += 1,
            Kind::Close if self.group_depth > 0 => self.group_depth -= 1,
            _ if self.group_depth > 0 => {}
            _ => self.outside_of_groups()?,
        }
        Ok(true)
    }

    fn end(&mut self) -> bool {
        match self.state {
            State::Init => {
                self.rewind();
                let (name, skip) = match () {
                    () if self.is(self.index, '#') => (Name::Hash, 1),
                    () if self.is_search_prefix() => (Name::Search, 1),
                    () => (Name::Pathname, 0),
                };
                self.change(State::In(name), skip);
                true
            }
            State::Authority => {
                self.rewind_to(Name::Hostname);
                true
            }
            _ => {
                self.change(State::Done, 0);
                false
            }
        }
    }

    fn outside_of_groups(&mut self) -> Result<(), UrlPatternError> {
        let name = match self.state {
            State::Init if self.is(self.index, ':') => {
                self.rewind_to(Name::Protocol);
                return Ok(());
            }
            State::Authority => {
                self.authority();
                return Ok(());
            }
            State::Init | State::Done => return Ok(()),
            State::In(name) => name,
        };
        match name {
            Name::Protocol if self.is(self.index, ':') => return self.protocol_ends(),
            Name::Username if self.is(self.index, ':') => self.change_to(Name::Password, 1),
            Name::Username | Name::Password if self.is(self.index, '@') => {
                self.change_to(Name::Hostname, 1);
            }
            Name::Hostname => self.hostname(),
            Name::Port => self.behind_host(),
            Name::Pathname => self.behind_path(),
            Name::Search if self.is(self.index, '#') => self.change_to(Name::Hash, 1),
            _ => {}
        }
        Ok(())
    }

    fn protocol_ends(&mut self) -> Result<(), UrlPatternError> {
        self.is_special = component::is_special(self.component())?;
        let slashes = self.is(self.index + 1, '/') && self.is(self.index + 2, '/');
        match (slashes, self.is_special) {
            (true, _) => self.change(State::Authority, 3),
            (false, true) => self.change(State::Authority, 1),
            (false, false) => self.change_to(Name::Pathname, 1),
        }
        Ok(())
    }

    fn authority(&mut self) {
        if self.is(self.index, '@') {
            self.rewind_to(Name::Username);
        } else if self.is(self.index, '/') || self.is_search_prefix() || self.is(self.index, '#') {
            self.rewind_to(Name::Hostname);
        }
    }

    fn hostname(&mut self) {
        if self.is(self.index, '[') {
            self.ipv6_depth += 1;
        } else if self.is(self.index, ']') {
            self.ipv6_depth = self.ipv6_depth.saturating_sub(1);
        } else if self.is(self.index, ':') && self.ipv6_depth == 0 {
            self.change_to(Name::Port, 1);
        } else {
            self.behind_host();
        }
    }

    fn behind_host(&mut self) {
        if self.is(self.index, '/') {
            self.change_to(Name::Pathname, 0);
        } else {
            self.behind_path();
        }
    }

    fn behind_path(&mut self) {
        if self.is_search_prefix() {
            self.change_to(Name::Search, 1);
        } else if self.is(self.index, '#') {
            self.change_to(Name::Hash, 1);
        }
    }

    fn change_to(&mut self, name: Name, skip: usize) {
        self.change(State::In(name), skip);
    }

    /// Ends a component. Those between it and the next one are empty, not left open.
    fn change(&mut self, next: State, skip: usize) {
        if let State::In(name) = self.state {
            let text = String::from(self.component());
            self.result.set(name, text);
        }
        if self.state != State::Init && next != State::Done {
            self.fill(next);
        }
        self.state = next;
        self.index += skip;
        self.start = self.index;
        self.increment = 0;
    }

    fn fill(&mut self, next: State) {
        let State::In(next) = next else {
            return;
        };
        let before = |name| match self.state {
            State::In(current) => current <= name,
            State::Authority => true,
            _ => false,
        };
        let path = if self.is_special { "/" } else { "" };
        let gaps = [
            (Name::Hostname, before(Name::Password), Name::Port, ""),
            (Name::Pathname, before(Name::Port), Name::Search, path),
            (Name::Search, before(Name::Pathname), Name::Hash, ""),
        ];
        for (name, came_before, from, text) in gaps {
            if came_before && next >= from && self.result.get(name).is_none() {
                self.result.set(name, text.into());
            }
        }
    }

    fn rewind(&mut self) {
        self.index = self.start;
        self.increment = 0;
    }

    fn rewind_to(&mut self, name: Name) {
        self.rewind();
        self.state = State::In(name);
    }

    /// The text from where the component begins.
    fn component(&self) -> &str {
        &self.text[self.token(self.start).at..self.token(self.index).at]
    }

    fn token(&self, index: usize) -> &Token<'_> {
        &self.tokens[index.min(self.tokens.len() - 1)]
    }

    /// Whether a token is this character and stands for itself.
    fn is(&self, index: usize, ch: char) -> bool {
        let token = self.token(index);
        let plain = [Kind::Char, Kind::EscapedChar, Kind::InvalidChar].contains(&token.kind);
        plain && token.value.chars().eq([ch])
    }

    /// A question mark begins the search, unless it modifies what stands in front.
    fn is_search_prefix(&self) -> bool {
        if self.is(self.index, '?') {
            return true;
        }
        let modifies = [Kind::Name, Kind::Regexp, Kind::Close, Kind::Asterisk];
        self.token(self.index).value == "?"
            && (self.index == 0 || !modifies.contains(&self.token(self.index - 1).kind))
    }
}
