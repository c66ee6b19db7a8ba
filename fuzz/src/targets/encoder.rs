//! Blocks: refused, or decoded to what they were made of. In: for each block, flags and the texts of
//! its fields. Out: a panic when a text is refused that need not be, or a block does not come back as
//! exactly the one event it stands for.
//!
//! Next: `machine.rs`.

use crate::Input;
use crate::trace::visit;
use std::time::Duration;
use wellspring_proto::{Block, Decoder, EventRef, InvalidField, InvalidReason};
use wellspring_testkit::{Trace, oracle};

const TYPE: u8 = 1;
const ID: u8 = 2;
const RETRY: u8 = 4;
const COMMENT: u8 = 8;
const DATA: u8 = 16;

pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let mut body = Vec::new();
    let mut expected = Trace::new();
    let mut id = String::new();
    for _ in 0..8 {
        if input.is_empty() {
            break;
        }
        one(&mut input, &mut body, &mut expected, &mut id);
    }
    // Side by side, no block leaks into the next.
    assert_eq!(oracle::decode(&body), expected);
    let (trace, result) = visit(&mut Decoder::new(), &[&body]);
    assert_eq!((trace, result), (expected.without_comments(), Ok(())));
}

fn one(input: &mut Input<'_>, body: &mut Vec<u8>, expected: &mut Trace, id: &mut String) {
    let flags = input.byte();
    let has = |flag| flags & flag != 0;
    let data = has(DATA).then(|| input.text());
    let mut block = data.clone().map_or_else(Block::empty, Block::data);

    if has(COMMENT) {
        let text = input.text();
        let sent = text.replace('\0', "\u{FFFD}");
        for line in split(&sent) {
            let space = if line.is_empty() { "" } else { " " };
            expected.comment(&format!("{space}{line}"));
        }
        block = block.comment(text);
    }
    let mut event_type = String::new();
    if has(TYPE) {
        let text = input.text();
        if let Some(accepted) = accepted(block.clone().event_type(text.as_ref()), &text) {
            block = accepted.into_owned();
            event_type = text.into_owned();
        }
    }
    let mut moved = false;
    if has(ID) {
        let text = input.text();
        if let Some(accepted) = accepted(block.clone().id(text.as_ref()), &text) {
            moved = *id != text;
            block = accepted.into_owned();
            *id = text.into_owned();
        }
    }
    if has(RETRY) {
        let time = Duration::new(input.number().into(), input.number() % 1_000_000_000);
        let milliseconds = time.as_nanos().div_ceil(1_000_000) as u64;
        expected.retry(Duration::from_millis(milliseconds));
        block = block.retry(time);
    }
    match &data {
        Some(data) => {
            let joined: Vec<&str> = split(data).collect();
            let kind = EventRef::new(&event_type, "", "").event_type;
            expected.event(kind, &joined.join("\n"), id);
            again(EventRef::new(&event_type, &joined.join("\n"), id));
        }
        None if moved => expected.position(id),
        None => {}
    }
    let encoded = block.encode();
    assert_eq!(encoded.len(), block.encoded_len());
    assert!(block.text_len() <= encoded.len() + event_type.len());
    assert_eq!(block.has_data(), data.is_some());
    assert_eq!(block.into_owned().encode(), encoded);
    body.extend(encoded);
}

/// An event that was decoded once goes round again, wherever it stands.
fn again(event: EventRef<'_>) {
    let block = Block::try_from(event).expect("it has been on the wire");
    let mut decoder = Decoder::new();
    decoder.set_last_event_id("another");
    let mut expected = Trace::new();
    expected.event(event.event_type, event.data, event.last_event_id);
    assert_eq!(visit(&mut decoder, &[&block.encode()]).0, expected);
}

/// Exactly texts with LF, CR or NUL are refused, at the first of them.
fn accepted<'a>(block: Result<Block<'a>, InvalidField>, text: &str) -> Option<Block<'a>> {
    let illegal = text.bytes().position(|b| matches!(b, b'\n' | b'\r' | 0));
    match block {
        Ok(block) => {
            assert_eq!(illegal, None, "{text:?} was not refused");
            Some(block)
        }
        Err(error) => {
            assert_eq!(Some(error.offset), illegal, "{text:?}");
            let byte = match error.reason {
                InvalidReason::LineFeed => b'\n',
                InvalidReason::CarriageReturn => b'\r',
                _ => 0,
            };
            assert_eq!(text.as_bytes()[error.offset], byte);
            None
        }
    }
}

/// Lines between LF, CR and CRLF.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let all = rest?;
        let Some(end) = all.find(['\r', '\n']) else {
            rest = None;
            return Some(all);
        };
        let after = &all[end..];
        rest = Some(after.strip_prefix("\r\n").unwrap_or(&after[1..]));
        Some(&all[..end])
    })
}
