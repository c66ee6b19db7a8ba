//! Times, against known ones and against themselves.

use super::{format, parse};
use std::time::Duration;

#[test]
fn known_times() {
    let known = [
        ("1970-01-01T00:00:00Z", Duration::ZERO),
        ("2000-02-29T23:59:59Z", Duration::from_secs(951_868_799)),
        ("2100-03-01T00:00:00Z", Duration::from_secs(4_107_542_400)),
    ];
    for (text, since) in known {
        assert_eq!(parse(text), Some(since), "{text}");
        assert_eq!(format(since), text.replace('Z', ".000000000Z"));
    }
    let fraction = parse("2026-11-30T19:10:03.0512Z");
    let expected = Duration::new(1_796_065_803, 51_200_000);
    assert_eq!(fraction, Some(expected));
    assert_eq!(format(expected), "2026-11-30T19:10:03.051200000Z");
}

#[test]
fn every_day_is_itself() {
    for day in 0..60_000 {
        let since = Duration::from_secs(day * 86_400 + day);
        assert_eq!(parse(&format(since)), Some(since), "{day}");
    }
}

#[test]
fn other_forms_are_nothing() {
    for text in [
        "",
        "Z",
        "2026-11-30",
        "2026-11-30T19:10Z",
        "2026-11-30T19:10:03+01:00",
        "2026-13-30T19:10:03Z",
        "2026-11-30T24:10:03Z",
        "2026-11-30T19:10:03.1234567890Z",
        "2026-11-30T19:10:03.-1Z",
        "0001-01-01T00:00:00Z",
    ] {
        assert_eq!(parse(text), None, "{text}");
    }
}
