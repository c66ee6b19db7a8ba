//! In: a corpus name. Out: a writer of its blocks, one after the other, modelled on streams one meets.
//!
//! Next: `words.rs`, the texts of several scripts they are filled with.

mod words;

use self::words::{ASCII, SCRIPTS};
use super::Writer;
use crate::decode::random::Random;
use std::fmt::Write as _;

/// Writes one block at a time.
pub(super) struct Blocks {
    random: Random,
    written: u64,
    data: String,
    write: fn(&mut Blocks, &mut Writer),
}

/// The blocks of the corpus `name`, which must be one of `NAMES`.
pub(super) fn of(name: &'static str) -> Blocks {
    let (seed, write): (u64, fn(&mut Blocks, &mut Writer)) = match name {
        "tokens" => (1, Blocks::tokens),
        "data-only" => (2, Blocks::data_only),
        "wikimedia" => (3, Blocks::wikimedia),
        "ticks" => (4, Blocks::ticks),
        "long-lines" => (5, Blocks::long_lines),
        "multi-line-crlf" => (6, Blocks::multi_line_crlf),
        _ => (7, Blocks::comments),
    };
    Blocks {
        random: Random::new(seed),
        written: 0,
        data: String::new(),
        write,
    }
}

impl Blocks {
    pub(super) fn write(&mut self, to: &mut Writer) {
        self.data.clear();
        (self.write)(self, to);
        self.written += 1;
    }

    /// A language model's stream: an event type and some 120 bytes of JSON.
    fn tokens(&mut self, to: &mut Writer) {
        self.data.push_str(
            r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":""#,
        );
        let text = self.random.range(20, 56);
        self.words(ASCII, text);
        self.data.push_str(r#""}}"#);
        to.text("event: content_block_delta\ndata: ")
            .text(&self.data)
            .text("\n\n");
        to.end_event("content_block_delta", &self.data, "");
    }

    /// Another language model's stream: nothing but data, some 250 bytes of JSON.
    fn data_only(&mut self, to: &mut Writer) {
        self.data.push_str(r#"{"id":"chatcmpl-"#);
        self.hex(20);
        self.data.push_str(r#"","object":"chat.completion.chunk","created":1795219200,"model":"large-4","system_fingerprint":"fp_"#);
        self.hex(10);
        self.data
            .push_str(r#"","choices":[{"index":0,"delta":{"content":""#);
        let text = self.random.range(4, 28);
        self.words(ASCII, text);
        self.data
            .push_str(r#""},"logprobs":null,"finish_reason":null}]}"#);
        to.text("data: ").text(&self.data).text("\n\n");
        to.end_event("message", &self.data, "");
    }

    /// Wikimedia's recent changes: an ID that is a JSON array, some 1.5 KB of JSON in several scripts.
    fn wikimedia(&mut self, to: &mut Writer) {
        let number = self.written;
        let script = self.random.pick(&SCRIPTS);
        let id = format!(
            r#"[{{"topic":"eqiad.mediawiki.recentchange","partition":0,"timestamp":{}}},{{"topic":"codfw.mediawiki.recentchange","partition":0,"offset":-1}}]"#,
            1_795_219_200_000 + number * 37
        );
        let _ = write!(
            self.data,
            r#"{{"$schema":"/mediawiki/recentchange/1.0.0","meta":{{"uri":"https://www.wikidata.org/wiki/Q{number}","request_id":""#
        );
        self.hex(32);
        self.data.push_str(r#"","id":""#);
        self.hex(32);
        let _ = write!(
            self.data,
            r#"","domain":"www.wikidata.org","stream":"mediawiki.recentchange","topic":"eqiad.mediawiki.recentchange","partition":0,"offset":{}}},"id":{},"type":"edit","namespace":0,"title":""#,
            6_014_000_000 + number,
            2_700_000_000 + number
        );
        self.words(script, 60);
        self.data.push_str(
            r#"","title_url":"https://www.wikidata.org/wiki/Special:Redirect/","comment":""#,
        );
        self.words(script, 240);
        let _ = write!(
            self.data,
            r#"","timestamp":{},"user":""#,
            1_795_219_200 + number / 30
        );
        self.words(script, 24);
        let _ = write!(
            self.data,
            r#"","bot":false,"notify_url":"https://www.wikidata.org/w/index.php?diff={0}&oldid={0}","minor":false,"patrolled":true,"length":{{"old":42814,"new":42910}},"revision":{{"old":{0},"new":{0}}},"server_url":"https://www.wikidata.org","server_name":"www.wikidata.org","server_script_path":"/w","wiki":"wikidatawiki","parsedcomment":""#,
            2_290_000_000 + number
        );
        let text = self.random.range(240, 520);
        self.words(script, text);
        self.data.push_str(r#""}"#);
        to.text("event: message\nid: ")
            .text(&id)
            .text("\ndata: ")
            .text(&self.data)
            .text("\n\n");
        to.end_event("message", &self.data, &id);
    }

    /// The smallest events: five digits each.
    fn ticks(&mut self, to: &mut Writer) {
        let _ = write!(self.data, "{}", self.random.range(10_000, 100_000));
        to.text("data: ").text(&self.data).text("\n\n");
        to.end_event("message", &self.data, "");
    }

    /// One data line of 64 KiB, such as an image in base64.
    fn long_lines(&mut self, to: &mut Writer) {
        const DIGITS: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        while self.data.len() < 64 * 1024 {
            let mut bits = self.random.next();
            for _ in 0..8 {
                self.data.push(char::from(DIGITS[(bits & 63) as usize]));
                bits >>= 6;
            }
        }
        to.text("data: ").text(&self.data).text("\n\n");
        to.end_event("message", &self.data, "");
    }

    /// Three to six data lines of 20 to 80 bytes, each ended by CRLF.
    fn multi_line_crlf(&mut self, to: &mut Writer) {
        for line in 0..self.random.range(3, 7) {
            if line > 0 {
                self.data.push('\n');
            }
            let text = self.random.range(20, 80);
            self.words(ASCII, text);
        }
        for line in self.data.split('\n') {
            to.text("data: ").text(line).text("\r\n");
        }
        to.text("\r\n");
        to.end_event("message", &self.data, "");
    }

    /// What keeps an idle connection alive, as several servers write it, each for 64 blocks on end.
    fn comments(&mut self, to: &mut Writer) {
        let shapes = [
            ": keep-alive\n\n",
            ":\n\n",
            ": keep-alive\n\n",
            ": ping - 2026-11-21 01:42:00.123456+00:00\n\n",
            ": keep-alive\n",
        ];
        to.text(shapes[(self.written / 64 % shapes.len() as u64) as usize]);
        to.end_block();
    }

    /// Appends some `length` bytes of words.
    fn words(&mut self, of: &[&str], length: usize) {
        let end = self.data.len() + length;
        loop {
            self.data.push_str(self.random.pick(of));
            if self.data.len() >= end {
                return;
            }
            self.data.push(' ');
        }
    }

    fn hex(&mut self, digits: usize) {
        let text = format!("{:016x}{:016x}", self.random.next(), self.random.next());
        self.data.push_str(&text[..digits]);
    }
}
