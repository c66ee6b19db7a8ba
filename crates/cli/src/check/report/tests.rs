use super::*;

/// A server sends U+009B as two bytes of a header, and a terminal takes it for the start of a command.
#[test]
fn nothing_that_a_server_sends_steers_a_terminal() {
    let what = "Cache-Control: a\u{9B}2J\u{7F}\u{202E}b\u{1B}[2J";
    let finding = Finding::note("cache", what, "\u{9B}31m").because(what);
    let is_obeyed = |ch: char| crate::plain::is_obeyed(ch) && ch != '\n';
    let findings = [finding];
    let json = as_json("http://h/", Duration::ZERO, &findings);
    assert!(!json.contains(is_obeyed), "{json:?}");
    let read: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(read["findings"][0]["what"], what);
    let table = table("http://h/", Duration::ZERO, &findings, Paint::never());
    assert!(!table.contains(is_obeyed), "{table:?}");
}
