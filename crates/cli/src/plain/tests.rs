use super::*;

#[test]
fn what_changes_direction_is_spelled_out() {
    assert_eq!(visible("tab\tstays ä"), "tab\tstays ä");
    for ch in ['\u{202E}', '\u{2066}', '\u{200F}', '\u{61C}', '\u{2028}'] {
        let text = format!("a{ch}b");
        assert_eq!(visible(&text), format!("a{}b", ch.escape_default()));
    }
}

#[test]
fn times_are_short_and_never_less_than_they_are() {
    let texts =
        [0, 100, 999, 1000, 1001, 1100, 3000, 61_250].map(|ms| seconds(Duration::from_millis(ms)));
    assert_eq!(
        texts,
        [
            "0 ms", "100 ms", "999 ms", "1 s", "1.1 s", "1.1 s", "3 s", "61.3 s"
        ]
    );
    assert_eq!(seconds(Duration::from_micros(1)), "1 ms");
    let texts =
        [600, 3600, 5 * 3600, 86_400 * 4, 86_400 * 3650].map(|s| seconds(Duration::from_secs(s)));
    assert_eq!(texts, ["10 min", "60 min", "5 h", "4 days", "10 years"]);
    // What `retry: 18446744073709551615` asks for, and the longest there is.
    for long in [Duration::from_millis(u64::MAX), Duration::MAX] {
        assert_eq!(seconds(long), "more than 200 years");
    }
}

#[test]
fn a_long_text_is_its_beginning() {
    let text = "ä".repeat(500);
    assert_eq!(shortened(&text), text);
    let long = format!("x{text}");
    assert_eq!(
        shortened(&long),
        format!("x{}… (1001 bytes)", "ä".repeat(499))
    );
}
