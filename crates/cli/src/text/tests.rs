use super::*;

fn shown(event_type: &str, data: &str, id: &str) -> String {
    let mut out = Vec::new();
    let event = EventRef::new(event_type, data, id);
    write_event(&mut out, event, Paint::never());
    String::from_utf8(out).unwrap()
}

#[test]
fn an_event_is_its_type_its_id_and_its_data() {
    assert_eq!(shown("", "hello", ""), "message  hello\n");
    assert_eq!(shown("notice", "hello", "42"), "notice   [42] hello\n");
    assert_eq!(shown("", "", ""), "message  \n");
}

#[test]
fn more_lines_of_data_stand_below_the_first() {
    assert_eq!(
        shown("update", "one\n\nthree", "7"),
        "update   [7] one\n             \n             three\n"
    );
    assert_eq!(
        shown("a-long-type", "x\ny", ""),
        "a-long-type x\n            y\n"
    );
}

#[test]
fn control_characters_are_shown_not_obeyed() {
    let event = shown("\u{1b}[2J", "red \u{1b}[31m\u{7}\u{9b}", "\u{8}");
    assert!(
        !event.contains(['\u{1b}', '\u{7}', '\u{9b}', '\u{8}']),
        "{event:?}"
    );
    assert!(event.contains(r"red \u{1b}[31m\u{7}\u{9b}"), "{event:?}");
}
