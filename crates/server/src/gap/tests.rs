use super::*;

#[test]
fn as_a_comment_and_as_an_event() {
    let gap = Gap {
        reason: "expired",
        asked: "e1-3\"\\\u{1}\n".into(),
        resumes_after: "e1-9".into(),
        missed: Some(6),
    };
    let comment = gap.encode(None);
    let expected = ": gap: expired; asked for what follows \"e1-3\\\"\\\\\\u{1}\\n\"; \
                    events missed: 6; resuming after \"e1-9\"\nid: e1-9\n\n";
    assert_eq!(comment, expected.as_bytes());
    let event = gap.encode(Some(&EventType::new("gap").unwrap()));
    let expected = "event: gap\nid: e1-9\ndata: {\"reason\":\"expired\",\
                    \"asked\":\"e1-3\\\"\\\\\\u0001\\u000a\",\"resumesAfter\":\"e1-9\",\"missed\":6}\n\n";
    assert_eq!(event, expected.as_bytes());
}

#[test]
fn what_is_not_known_is_null() {
    let gap = Gap {
        reason: "other-epoch",
        asked: String::new(),
        resumes_after: "e1-0".into(),
        missed: None,
    };
    assert!(gap.json().ends_with("\"missed\":null}"));
    assert!(gap.comment().contains("events missed: unknown"));
}

#[test]
fn a_long_id_is_quoted_in_part() {
    let gap = Gap {
        reason: "unknown",
        asked: "ä".repeat(100_000),
        resumes_after: "e1-0".into(),
        missed: None,
    };
    let quoted = format!("\"asked\":\"{}…\",", "ä".repeat(MOST_QUOTED / 2));
    assert!(gap.json().contains(&quoted));
    assert!(gap.comment().len() < 2 * MOST_QUOTED);
}
