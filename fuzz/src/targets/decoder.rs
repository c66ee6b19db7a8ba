//! The decoder against the naive one. In: a head (flags, a seed for the chunks and, if the flags say
//! so, three limits and the limit of an id), then the body. Out: a panic when the traces differ, when a limit is not reached
//! exactly where the naive count reaches it, or when the chunks make a difference to either.
//!
//! Next: `decoder/count.rs` counts naively; `splits.rs`.

mod count;

use crate::Input;
use crate::trace::visit;
use wellspring_proto::{Decoder, LimitExceeded, LimitKind, Limits};
use wellspring_testkit::{Trace, TraceItem, chunks, oracle};

const COMMENTS: u8 = 1;
const LIMITS: u8 = 2;
const ID_LIMIT: u8 = 4;

pub(crate) const VECTOR_HEADS: &[&[u8]] = &[
    &[COMMENTS, 5],
    &[COMMENTS | LIMITS, 7, 6, 9, 2],
    &[LIMITS, 9, 40, 3, 0],
    &[LIMITS | ID_LIMIT, 11, 40, 40, 9, 1],
];

pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let flags = input.byte();
    let seed = u64::from(input.byte());
    let comments = flags & COMMENTS != 0;
    let mut limits = Limits::default().with_comment(usize::MAX);
    if flags & LIMITS != 0 {
        limits = limits
            .with_line(usize::from(input.byte()))
            .with_event(usize::from(input.byte()))
            .with_comment(usize::from(input.byte()));
    }
    if flags & ID_LIMIT != 0 {
        limits = limits.with_id(usize::from(input.byte()));
    }
    let body = input.rest();
    let (expected, excess) = expect(body, limits, comments);
    let bytewise: Vec<&[u8]> = chunks::bytes(body).collect();
    for pieces in [vec![body], chunks::random(body, seed), bytewise] {
        let mut decoder = Decoder::with_limits(limits).comments(comments);
        let (trace, result) = visit(&mut decoder, &pieces);
        assert_eq!(trace, expected, "{limits:?}, cut into {pieces:?}");
        let found = result.map_err(|e| (e.kind, e.limit, e.offset));
        let named = excess.map(|(kind, offset)| (kind, limit(limits, kind), offset));
        assert_eq!(found.err(), named, "{limits:?}, cut into {pieces:?}");
        after(decoder, body, result);
    }
}

/// The trace up to the limit that is exceeded, and where that is.
fn expect(body: &[u8], limits: Limits, comments: bool) -> (Trace, Option<(LimitKind, u64)>) {
    let excess = count::excess(body, limits);
    let before = excess.as_ref().map_or(body.len(), |excess| excess.line);
    let mut trace = oracle::decode(&body[..before]);
    if !comments {
        trace = trace.without_comments();
    }
    // The naive decoder keeps whole comments, and repairs before there is anything to cut.
    let raw = count::comments(&body[..before]);
    let texts = trace.items.iter_mut().filter_map(|item| match item {
        TraceItem::Comment(text) => Some(text),
        _ => None,
    });
    for (text, raw) in texts.zip(raw) {
        *text = String::from_utf8_lossy(&raw[..raw.len().min(limits.comment)]).into_owned();
    }
    (trace, excess.map(|excess| (excess.kind, excess.offset)))
}

fn limit(limits: Limits, kind: LimitKind) -> usize {
    match kind {
        LimitKind::Line => limits.line,
        LimitKind::Event => limits.event,
        LimitKind::Id => limits.id,
        _ => unreachable!("the count knows no such limit"),
    }
}

/// A decoder that failed stays failed; one that begins another body is as good as new.
fn after(mut decoder: Decoder, body: &[u8], result: Result<(), LimitExceeded>) {
    match result {
        Ok(()) => assert_eq!(decoder.bytes_read(), body.len() as u64),
        Err(error) => assert_eq!(visit(&mut decoder, &[b"data\n\n"]).1, Err(error)),
    }
    let id = decoder.last_event_id().to_owned();
    decoder.start_stream();
    assert_eq!(decoder.bytes_read(), 0);
    let mut expected = Trace::new();
    expected.event("message", "", &id);
    let (trace, _) = visit(&mut decoder, &[b"\xEF\xBB\xBFdata\n\n"]);
    assert_eq!(trace, expected);
}
