use super::stream;
use crate::oracle;

const STREAMS: u64 = 10_000;

fn share(has: impl Fn(&[u8]) -> bool) -> f64 {
    let hits = (0..STREAMS).filter(|&seed| has(&stream(seed))).count();
    hits as f64 / STREAMS as f64
}

/// Whether the body holds this line end: the three never count for each other.
fn has_line_end(body: &[u8], kind: &[u8]) -> bool {
    let mut rest = body;
    while let Some(at) = rest.iter().position(|&byte| matches!(byte, b'\r' | b'\n')) {
        let length = if rest[at..].starts_with(b"\r\n") {
            2
        } else {
            1
        };
        if &rest[at..at + length] == kind {
            return true;
        }
        rest = &rest[at + length..];
    }
    false
}

#[test]
fn half_of_the_streams_dispatch_an_event() {
    let share = share(|body| oracle::decode(body).event_count() > 0);
    assert!(share >= 0.5, "{share}");
}

#[test]
fn every_trouble_is_in_one_stream_of_twenty() {
    check("a BOM", |body| body.starts_with(b"\xEF\xBB\xBF"));
    check("LF", |body| has_line_end(body, b"\n"));
    check("CR", |body| has_line_end(body, b"\r"));
    check("CRLF", |body| has_line_end(body, b"\r\n"));
    check("NUL", |body| body.contains(&0));
    check("bad UTF-8", |body| std::str::from_utf8(body).is_err());
}

fn check(name: &str, has: impl Fn(&[u8]) -> bool) {
    let share = share(has);
    assert!(share >= 0.05, "{name}: {share}");
    assert!(share <= 0.8, "{name} leaves no streams without: {share}");
}

#[test]
fn every_kind_of_item_comes_up() {
    let all: String = (0..STREAMS)
        .map(|seed| oracle::decode(&stream(seed)).to_string() + "\n")
        .collect();
    for kind in [
        "event ",
        "comment ",
        "retry ",
        "position ",
        "' type '",
        "' id '",
    ] {
        let count = all.matches(kind).count();
        assert!(count > 500, "{kind}: {count}");
    }
}

#[test]
fn lengths_are_mostly_small_and_sometimes_large() {
    let mut lengths: Vec<usize> = (0..STREAMS).map(|seed| stream(seed).len()).collect();
    lengths.sort_unstable();
    assert!(
        lengths[lengths.len() / 2] < 300,
        "{}",
        lengths[lengths.len() / 2]
    );
    assert!(lengths[lengths.len() - 1] > 8_000);
    assert!(lengths.contains(&0));
}
