//! Event streams that no person would write by hand. In: a seed. Out: a body; the same for the same
//! seed. Most of a body is made of likely lines, so that events come of it; the rest are tokens in
//! any order: names cut short, stray colons, each kind of line end, NUL, broken UTF-8.
//!
//! ```
//! use wellspring_testkit::generate;
//!
//! assert_eq!(generate::stream(7), generate::stream(7));
//! ```
//!
//! Next: `oracle.rs` says what each of them means; `chunks.rs` cuts them.

use fastrand::Rng;

const BOM: &str = "\u{FEFF}";

/// Field names, weighted by repetition, with near misses among them.
const NAMES: &[&str] = &[
    "data",
    "data",
    "data",
    "data",
    "event",
    "event",
    "id",
    "id",
    "retry",
    "dat",
    "dataa",
    "Data",
    "DATA",
    " data",
    "e",
    "even",
    "events",
    "i",
    "ids",
    "Id",
    "r",
    "retr",
    "comment",
    "\u{FEFF}data",
    "d\u{0}ata",
    "",
];

/// What stands between a name and a value.
const COLONS: &[&str] = &[
    ": ", ": ", ": ", ":", ":", ":  ", ":\t", "::", " :", " ", "",
];

/// Values of `event`.
const TYPES: &[&str] = &[
    "notice", "update", "message", "error", "open", "", "a b", "é", "x:y",
];

/// Values of `id`.
const IDS: &[&str] = &[
    "1", "2", "42", "", "é", "a\u{0}b", "\u{0}", " x ", "a:b", "\u{1}", "日本",
];

/// Values of `retry`.
const RETRIES: &[&str] = &[
    "0",
    "5",
    "100",
    "3000",
    "007",
    "99999999999999999999",
    "18446744073709551616",
    "",
    "+5",
    "-1",
    "5 ",
    " 5",
    "1e3",
    "\u{FF15}",
    "1000x",
    "0x10",
    "1.5",
];

/// Pieces of values of `data`.
const TEXTS: &[&str] = &[
    "",
    "x",
    "hello",
    "{\"a\":1}",
    "12345",
    " ",
    "  two",
    "a:b",
    ":",
    "é",
    "日本語",
    "\u{1F600}",
    "\u{2028}",
    "\u{2029}",
    "\u{85}",
    "\u{B}",
    "\u{C}",
    "\u{FEFF}",
    "\u{FFFD}",
    "\u{7F}",
    "data: no",
];

/// Byte strings that are not UTF-8: stray, cut short, overlong, surrogates, beyond the last scalar.
const BROKEN: &[&[u8]] = &[
    b"\x80",
    b"\xFF",
    b"\xC3",
    b"\xE2\x82",
    b"\xF0\x9F\x98",
    b"\xC0\xAF",
    b"\xE0\x80\x80",
    b"\xED\xA0\x80",
    b"\xF4\x90\x80\x80",
    b"\xEF\xBB",
    b"\xFE\xFF",
];

/// A body, made from a seed. Some are empty, most are below 300 bytes, a few have a line of 20 KB.
#[must_use]
pub fn stream(seed: u64) -> Vec<u8> {
    let mut writer = Writer::new(seed);
    if writer.one_in(8) {
        writer.push(BOM);
    }
    for _ in 0..writer.rng.usize(..8) {
        writer.block();
    }
    writer.body
}

struct Writer {
    rng: Rng,
    body: Vec<u8>,
    /// The line end that this body mostly uses.
    usual_end: &'static str,
    /// One token in this many is broken UTF-8; likewise NUL. Zero for never.
    broken: usize,
    nul: usize,
}

impl Writer {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let usual_end = ["\n", "\n", "\r", "\r\n"][rng.usize(..4)];
        let broken = if rng.usize(..4) == 0 { 8 } else { 0 };
        let nul = if rng.usize(..4) == 0 { 8 } else { 0 };
        let body = Vec::new();
        Self {
            rng,
            body,
            usual_end,
            broken,
            nul,
        }
    }

    fn one_in(&mut self, count: usize) -> bool {
        count > 0 && self.rng.usize(..count) == 0
    }

    fn push(&mut self, text: &str) {
        self.body.extend_from_slice(text.as_bytes());
    }

    fn pick(&mut self, table: &'static [&'static str]) -> &'static str {
        table[self.rng.usize(..table.len())]
    }

    fn block(&mut self) {
        match self.rng.usize(..10) {
            0 => self.tokens(),
            1 => self.push(BOM),
            _ => {}
        }
        for _ in 0..self.rng.usize(1..5) {
            self.line();
        }
        if !self.one_in(10) {
            self.end();
        }
    }

    fn line(&mut self) {
        match self.rng.usize(..20) {
            0..=9 => self.data(),
            10 | 11 => self.field("event", TYPES),
            12..=14 => self.field("id", IDS),
            15 | 16 => self.field("retry", RETRIES),
            17 => self.field("", TEXTS),
            18 => {
                let name = self.pick(NAMES);
                self.field(name, TEXTS);
            }
            _ => self.tokens(),
        }
        self.end();
    }

    fn field(&mut self, name: &str, values: &'static [&'static str]) {
        self.push(name);
        let colon = self.pick(COLONS);
        self.push(colon);
        let value = self.pick(values);
        self.push(value);
        self.damage();
    }

    fn data(&mut self) {
        self.push("data");
        if self.one_in(12) {
            return;
        }
        let colon = self.pick(&[":", ": ", ": "]);
        self.push(colon);
        let longest = if self.one_in(1500) { 8_000 } else { 5 };
        for _ in 0..self.rng.usize(..longest) {
            let text = self.pick(TEXTS);
            self.push(text);
            self.damage();
        }
    }

    fn tokens(&mut self) {
        for _ in 0..self.rng.usize(..6) {
            let table = [NAMES, COLONS, TYPES, IDS, RETRIES, TEXTS][self.rng.usize(..6)];
            let token = self.pick(table);
            self.push(token);
            self.damage();
            if self.one_in(6) {
                self.end();
            }
        }
    }

    fn damage(&mut self) {
        if self.one_in(self.broken) {
            let bytes = BROKEN[self.rng.usize(..BROKEN.len())];
            self.body.extend_from_slice(bytes);
        }
        if self.one_in(self.nul) {
            self.push("\0");
        }
    }

    fn end(&mut self) {
        let end = if self.one_in(6) {
            ["\n", "\r", "\r\n", "\n\r", "\r\r"][self.rng.usize(..5)]
        } else {
            self.usual_end
        };
        self.push(end);
    }
}

#[cfg(test)]
mod tests;
