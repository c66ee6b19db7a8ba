//! Regular expressions within patterns, such as `(\\d+)`: what can be read in linear time. In: the text
//! between the parentheses. Out: a tree; look-around, back references, assertions and Unicode
//! properties are refused.
//!
//! Next: `program.rs`.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::UrlPatternError;
use super::program::{Bytes, Node};

/// How deep groups may be nested.
const MAX_DEPTH: usize = 32;

/// How often something may be repeated by a number.
const MAX_REPEAT: u16 = 1000;

pub(super) fn parse(text: &str) -> Result<Node, UrlPatternError> {
    let mut parser = Parser {
        rest: text.as_bytes(),
        depth: 0,
    };
    let node = parser.choice()?;
    match parser.rest {
        [] => Ok(node),
        _ => Err(UrlPatternError::Regexp),
    }
}

struct Parser<'a> {
    rest: &'a [u8],
    depth: usize,
}

impl Parser<'_> {
    fn take(&mut self, text: &[u8]) -> bool {
        let Some(rest) = self.rest.strip_prefix(text) else {
            return false;
        };
        self.rest = rest;
        true
    }

    fn byte(&mut self) -> Result<u8, UrlPatternError> {
        let (first, rest) = self.rest.split_first().ok_or(UrlPatternError::Regexp)?;
        self.rest = rest;
        Ok(*first)
    }

    fn choice(&mut self) -> Result<Node, UrlPatternError> {
        let mut nodes = Vec::new();
        loop {
            nodes.push(self.row()?);
            if !self.take(b"|") {
                return Ok(Node::Choice(nodes));
            }
        }
    }

    fn row(&mut self) -> Result<Node, UrlPatternError> {
        let mut nodes = Vec::new();
        while !matches!(self.rest.first(), None | Some(b'|' | b')')) {
            let atom = self.atom()?;
            nodes.push(self.repeated(atom)?);
        }
        Ok(Node::Row(nodes))
    }

    fn atom(&mut self) -> Result<Node, UrlPatternError> {
        match self.byte()? {
            b'(' => self.group(),
            b'[' => self.class().map(Node::Byte),
            b'.' => Ok(Node::Byte(Bytes::of(*b"\n\r").not())),
            b'\\' => self.escape().map(Node::Byte),
            b'*' | b'+' | b'?' | b'{' | b'}' | b']' | b'^' | b'$' => Err(UrlPatternError::Regexp),
            byte => Ok(Node::Byte(Bytes::of([byte]))),
        }
    }

    fn group(&mut self) -> Result<Node, UrlPatternError> {
        if !self.take(b"?:") || self.depth == MAX_DEPTH {
            return Err(UrlPatternError::Regexp);
        }
        self.depth += 1;
        let node = self.choice()?;
        self.depth -= 1;
        match self.take(b")") {
            true => Ok(node),
            false => Err(UrlPatternError::Regexp),
        }
    }

    fn repeated(&mut self, node: Node) -> Result<Node, UrlPatternError> {
        let (least, most) = match self.rest.first() {
            Some(b'*') => (0, None),
            Some(b'+') => (1, None),
            Some(b'?') => (0, Some(1)),
            Some(b'{') => return self.counted(node),
            _ => return Ok(node),
        };
        self.byte()?;
        self.take(b"?");
        Ok(Node::Repeat(Box::new(node), least, most))
    }

    /// `{2}`, `{2,}` or `{2,5}`.
    fn counted(&mut self, node: Node) -> Result<Node, UrlPatternError> {
        self.byte()?;
        let least = self.number()?;
        let most = match self.take(b",") {
            false => Some(least),
            true if self.rest.first() == Some(&b'}') => None,
            true => Some(self.number()?),
        };
        let is_good = self.take(b"}") && most.is_none_or(|most| most >= least);
        if !is_good {
            return Err(UrlPatternError::Regexp);
        }
        self.take(b"?");
        Ok(Node::Repeat(Box::new(node), least, most))
    }

    fn number(&mut self) -> Result<u16, UrlPatternError> {
        let digits = self.rest.iter().take_while(|byte| byte.is_ascii_digit());
        let (digits, rest) = self.rest.split_at(digits.count());
        self.rest = rest;
        let text = core::str::from_utf8(digits).map_err(|_| UrlPatternError::Regexp)?;
        let number = text.parse().map_err(|_| UrlPatternError::Regexp)?;
        match number {
            0..=MAX_REPEAT => Ok(number),
            _ => Err(UrlPatternError::TooComplex),
        }
    }

    fn class(&mut self) -> Result<Bytes, UrlPatternError> {
        let negated = self.take(b"^");
        let mut set = Bytes::default();
        while !self.take(b"]") {
            let (first, single) = self.member()?;
            let Some(first_byte) = single.filter(|_| self.begins_range()) else {
                set = set.or(first);
                continue;
            };
            self.byte()?;
            let (_, last) = self.member()?;
            let last = last.filter(|last| first_byte <= *last);
            let last = last.ok_or(UrlPatternError::Regexp)?;
            set = set.or(Bytes::of(first_byte..=last));
        }
        Ok(if negated { set.not() } else { set })
    }

    fn begins_range(&self) -> bool {
        matches!(self.rest, [b'-', next, ..] if *next != b']')
    }

    /// One member of a class, and its byte if it is a single one. What the flag `v` gives another
    /// meaning there is refused: nested classes, doubled punctuation.
    fn member(&mut self) -> Result<(Bytes, Option<u8>), UrlPatternError> {
        let byte = self.byte()?;
        let doubled = self.rest.first() == Some(&byte) && b"&!#$%*+,.:;<=>?@^`~-".contains(&byte);
        match byte {
            b'\\' => {
                let next = self.rest.first().copied();
                let set = self.escape()?;
                let single = next.filter(|next| Bytes::of([*next]) == set);
                Ok((set, single))
            }
            b'[' | b'(' | b')' | b'{' | b'}' | b'/' | b'|' => Err(UrlPatternError::Regexp),
            _ if doubled => Err(UrlPatternError::Regexp),
            byte => Ok((Bytes::of([byte]), Some(byte))),
        }
    }

    /// Behind a backslash.
    fn escape(&mut self) -> Result<Bytes, UrlPatternError> {
        let word = || {
            (b'a'..=b'z')
                .chain(b'A'..=b'Z')
                .chain(b'0'..=b'9')
                .chain([b'_'])
        };
        Ok(match self.byte()? {
            b'd' => Bytes::of(b'0'..=b'9'),
            b'D' => Bytes::of(b'0'..=b'9').not(),
            b'w' => Bytes::of(word()),
            b'W' => Bytes::of(word()).not(),
            b's' => Bytes::of(*b" \t\n\r\x0B\x0C"),
            b'S' => Bytes::of(*b" \t\n\r\x0B\x0C").not(),
            b't' => Bytes::of(*b"\t"),
            b'n' => Bytes::of(*b"\n"),
            b'r' => Bytes::of(*b"\r"),
            b'v' => Bytes::of([0x0B]),
            b'f' => Bytes::of([0x0C]),
            b'x' => Bytes::of([self.hexadecimal()?]),
            byte if byte.is_ascii_punctuation() => Bytes::of([byte]),
            _ => return Err(UrlPatternError::Regexp),
        })
    }

    /// Two digits; what is not ASCII is more than a byte.
    fn hexadecimal(&mut self) -> Result<u8, UrlPatternError> {
        let digits = [self.byte()?, self.byte()?];
        let text = core::str::from_utf8(&digits).map_err(|_| UrlPatternError::Regexp)?;
        let byte = u8::from_str_radix(text, 16).ok().filter(u8::is_ascii);
        byte.ok_or(UrlPatternError::Regexp)
    }
}
