use super::*;

fn line(event: EventRef<'_>, origin: Option<&str>) -> String {
    let mut out = Vec::new();
    let extras = Extras {
        origin,
        ..Extras::default()
    };
    write_event(&mut out, event, extras);
    String::from_utf8(out).unwrap()
}

#[test]
fn keys_are_the_standards_and_in_its_order() {
    let event = EventRef::new("notice", "disk is full", "42");
    assert_eq!(
        line(event, None),
        "{\"type\":\"notice\",\"data\":\"disk is full\",\"lastEventId\":\"42\"}\n"
    );
    assert_eq!(
        line(event, Some("http://a.example")),
        "{\"type\":\"notice\",\"data\":\"disk is full\",\"lastEventId\":\"42\",\
         \"origin\":\"http://a.example\"}\n"
    );
}

#[test]
fn a_line_is_one_line_whatever_is_in_it() {
    let data = "a\nb \"c\" \\ \u{0}\u{1f}\u{7f} \u{2028} \u{1F600} \u{FFFD}";
    let line = line(EventRef::new("", data, "\t"), None);
    assert_eq!(line.matches('\n').count(), 1);
    let object: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(object["type"], "message");
    assert_eq!(object["data"], data);
    assert_eq!(object["lastEventId"], "\t");
}

/// JSON leaves DEL, the other control characters above it and what changes direction as they are.
#[test]
fn a_terminal_gets_the_same_json_and_nothing_to_obey() {
    let data = "\u{7f}\u{9b}31m\u{202E}\u{2028}\u{1b}\n\\ tab\t ü";
    let mut out = Vec::new();
    let extras = Extras {
        for_terminal: true,
        ..Extras::default()
    };
    write_event(&mut out, EventRef::new("\u{85}", data, ""), extras);
    let line = String::from_utf8(out).unwrap();
    let line = line.strip_suffix('\n').unwrap();
    assert!(!line.contains(is_obeyed), "{line:?}");
    assert!(line.contains("\\u009b31m\\u202e\\u2028"), "{line}");
    let object: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!(
        (&object["data"], &object["type"]),
        (&data.into(), &"\u{85}".into())
    );
}
