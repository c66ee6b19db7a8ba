use super::*;

fn line(event: EventRef<'_>, origin: Option<&str>) -> String {
    let mut out = Vec::new();
    write_event(&mut out, event, origin, None);
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
