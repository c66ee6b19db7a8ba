//! What an index compares of a URL: its host and its path. In: a URL, or a URL pattern. Out: one text,
//! or the pieces of which such a text must consist if the pattern is to match. What is found by its key
//! is then compared in full.
//!
//! Next: `index.rs`.

use alloc::string::String;
use alloc::vec::Vec;
use url::Url;

use crate::expression::Expression;
use crate::piece::Piece;
use crate::set::{BETWEEN, Set};
use crate::url_pattern::{Compiled, Outline};

/// A topic as a URL.
pub(crate) fn parse(topic: &str, base: Option<&Url>) -> Option<Url> {
    Url::options().base_url(base).parse(topic).ok()
}

pub(crate) fn of(url: &Url) -> String {
    let mut key = String::from(url.host_str().unwrap_or_default());
    key.push(char::from(BETWEEN));
    key += url.path();
    key
}

pub(crate) fn pieces(compiled: &Compiled) -> Vec<Piece> {
    let mut pieces = Pieces::default();
    for part in &compiled.host {
        pieces.push(part);
    }
    pieces.literal.push(char::from(BETWEEN));
    for part in &compiled.path {
        pieces.push(part);
    }
    pieces.flush();
    pieces.done
}

/// What the host begins with in any case.
pub(crate) fn host(pieces: &[Piece]) -> &str {
    let text = match pieces.first() {
        Some(Piece::Literal(text)) => core::str::from_utf8(text).unwrap_or_default(),
        _ => "",
    };
    text.split(char::from(BETWEEN)).next().unwrap_or_default()
}

#[derive(Default)]
struct Pieces {
    done: Vec<Piece>,
    literal: String,
}

impl Pieces {
    fn push(&mut self, part: &Outline) {
        let set = match part {
            Outline::Literal(text) => {
                self.literal += text;
                return;
            }
            Outline::Segment => Set::Segment,
            Outline::Anything => Set::Everything,
        };
        self.flush();
        self.done.push(Piece::Expression(Expression::any_of(set)));
    }

    fn flush(&mut self) {
        if !self.literal.is_empty() {
            self.done
                .push(Piece::Literal(self.literal.as_bytes().into()));
            self.literal.clear();
        }
    }
}
