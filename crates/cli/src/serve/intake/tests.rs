use super::*;

/// What comes of the input in chunks of this size: encoded blocks, or messages.
fn read_in(format: Format, limit: usize, input: &[u8], size: usize) -> Vec<(u64, String)> {
    let mut intake = Intake::new(format, limit);
    let mut taken = Vec::new();
    let mut take = |number: u64, result: Result<Block<'_>, Unusable>| {
        let text = match result {
            Ok(block) => String::from_utf8(block.encode()).unwrap(),
            Err(unusable) => format!("! {unusable}"),
        };
        taken.push((number, text));
    };
    for chunk in input.chunks(size) {
        intake.read(chunk, &mut take);
    }
    intake.end(&mut take);
    taken
}

/// The same, whatever the chunks are.
fn read(format: Format, limit: usize, input: &[u8]) -> Vec<(u64, String)> {
    let whole = read_in(format, limit, input, input.len().max(1));
    for size in 1..input.len().min(40) {
        assert_eq!(
            read_in(format, limit, input, size),
            whole,
            "chunks of {size}"
        );
    }
    whole
}

fn is(taken: &[(u64, String)], expected: &[(u64, &str)]) {
    let taken: Vec<_> = taken.iter().map(|(n, text)| (*n, text.as_str())).collect();
    assert_eq!(taken, expected);
}

#[test]
fn each_line_is_an_event() {
    is(
        &read(Format::Lines, 100, b"a\n\nb\r\n\xFFc\nd\re\nlast"),
        &[
            (1, "data: a\n\n"),
            (2, "data:\n\n"),
            (3, "data: b\n\n"),
            (4, "data: \u{FFFD}c\n\n"),
            (5, "data: d\ndata: e\n\n"),
            (6, "data: last\n\n"),
        ],
    );
    is(&read(Format::Lines, 100, b""), &[]);
}

#[test]
fn nul_and_fields_in_a_line_are_data() {
    is(
        &read(Format::Lines, 100, b"id: 7\nevent: \0\n"),
        &[(1, "data: id: 7\n\n"), (2, "data: event: \0\n\n")],
    );
}

#[test]
fn a_line_that_is_too_long_is_skipped() {
    let says = "! longer than 4 bytes, the most there may be: send a link to the data";
    is(
        &read(Format::Lines, 4, b"four\nfive5\nfour\nfour5"),
        &[
            (1, "data: four\n\n"),
            (2, says),
            (3, "data: four\n\n"),
            (4, says),
        ],
    );
}

#[test]
fn an_object_sets_what_it_names() {
    is(
        &read(
            Format::Json,
            1000,
            b"{\"event\":\"notice\",\"id\":\"a\",\"retry\":5,\"data\":\"x\\ny\"}\n\
              {\"data\":\"\"}\n\n\
              {\"data\": {\"b\" : 1.0, \"a\":12345678901234567890123}, \"id\": 7}\n\
              {\"data\":null,\"id\":null}\n\
              {\"retry\":2000}\n\
              {\"id\":\"\"}",
        ),
        &[
            (1, "event: notice\nid: a\nretry: 5\ndata: x\ndata: y\n\n"),
            (2, "data:\n\n"),
            (
                4,
                "id: 7\ndata: {\"b\" : 1.0, \"a\":12345678901234567890123}\n\n",
            ),
            (5, "data: null\n\n"),
            (6, "retry: 2000\n\n"),
            (7, "id:\n\n"),
        ],
    );
}

/// What `tail --json` and `decode` print.
#[test]
fn events_as_json_keep_their_types_and_ids() {
    is(
        &read(
            Format::Json,
            1000,
            b"{\"type\":\"notice\",\"data\":\"a\",\"lastEventId\":\"1\",\"origin\":\"http://h\"}\n\
              {\"type\":\"message\",\"data\":\"b\",\"lastEventId\":\"1\"}\n\
              {\"type\":\"message\",\"data\":\"c\",\"lastEventId\":\"2\"}\n\
              {\"type\":\"message\",\"data\":\"d\",\"lastEventId\":\"\"}",
        ),
        &[
            (1, "event: notice\nid: 1\ndata: a\n\n"),
            (2, "data: b\n\n"),
            (3, "id: 2\ndata: c\n\n"),
            (4, "data: d\n\n"),
        ],
    );
}

#[test]
fn what_is_wrong_with_an_object_is_said() {
    let cases = [
        ("\"text\"", "not a JSON object"),
        ("[1]", "use --format lines"),
        (
            "{\"data\":\"x\"",
            "not JSON at column 11: EOF while parsing",
        ),
        (
            "{\"data\":\"x\"} x",
            "not JSON at column 14: trailing characters",
        ),
        ("{\"data\":\"\\ud800\"}", "not JSON at column"),
        (
            "{\"temperature\":21}",
            "the key \"temperature\" is none of event, id, retry and data",
        ),
        (
            "{\"data\":1,\"event\":\"a\",\"type\":\"b\"}",
            "event and type say the same",
        ),
        (
            "{\"data\":1,\"lastEventId\":true}",
            "the lastEventId is not a string",
        ),
        ("{}", "without data there is no event"),
        ("{\"event\":\"notice\"}", "without data there is no event"),
        ("{\"data\":1,\"event\":5}", "the event is not a string"),
        ("{\"data\":1,\"id\":[]}", "the id is not a string"),
        ("{\"data\":1,\"id\":1.5}", "the id is not a string"),
        (
            "{\"data\":1,\"retry\":-1}",
            "the retry is not a whole number of milliseconds",
        ),
        (
            "{\"data\":1,\"retry\":\"5\"}",
            "the retry is not a whole number",
        ),
        ("{\"data\":1,\"event\":\"a\\ndata: forged\"}", "line feed"),
        ("{\"data\":1,\"id\":\"a\\rb\"}", "carriage return"),
        ("{\"data\":1,\"id\":\"a\\u0000b\"}", "NUL"),
    ];
    for (line, says) in cases {
        let taken = read(Format::Json, 1000, line.as_bytes());
        let [(1, text)] = taken.as_slice() else {
            panic!("{line}: {taken:?}");
        };
        assert!(
            text.starts_with("! ") && text.contains(says),
            "{line}: {text}"
        );
    }
}

#[test]
fn an_event_stream_keeps_its_types_and_ids() {
    is(
        &read(
            Format::Sse,
            100,
            b": comment\nretry: 7\nid: 1\nevent: notice\ndata: a\ndata: b\n\n\
              data: same id\n\nid: 2\ndata\n\nid\ndata: reset\n\ndata: incomplete\n",
        ),
        &[
            (1, "event: notice\nid: 1\nretry: 7\ndata: a\ndata: b\n\n"),
            (2, "data: same id\n\n"),
            (3, "id: 2\ndata:\n\n"),
            (4, "data: reset\n\n"),
        ],
    );
}

#[test]
fn a_reconnection_time_goes_with_the_event_behind_it_or_alone_at_the_end() {
    is(
        &read(
            Format::Sse,
            100,
            b"retry: 1\n\nretry: 7\n\ndata: a\n\ndata: b\n\nretry: 8\n\n",
        ),
        &[
            (1, "retry: 7\ndata: a\n\n"),
            (2, "data: b\n\n"),
            (3, "retry: 8\n\n"),
        ],
    );
}

#[test]
fn an_event_that_is_too_long_is_skipped_to_its_end() {
    let says = "! longer than 8 bytes, the most there may be: send a link to the data";
    for end in ["\n", "\r", "\r\n"] {
        let input = "data: a\n\ndata: 123456789\ndata: b\n\ndata: c\n\ndata: 123\ndata: 45678\n\ndata: d\n\n";
        let input = input.replace('\n', end);
        is(
            &read(Format::Sse, 8, input.as_bytes()),
            &[
                (1, "data: a\n\n"),
                (2, says),
                (3, "data: c\n\n"),
                (4, says),
                (5, "data: d\n\n"),
            ],
        );
    }
}

/// However long an event may be; the message names the limit that was met.
#[test]
fn an_event_whose_id_is_too_long_is_skipped_to_its_end() {
    let id = "7".repeat((64 << 10) + 1);
    let input = format!("data: a\n\nid: {id}\ndata: b\n\ndata: c\n\n");
    is(
        &read_in(Format::Sse, 1 << 20, input.as_bytes(), 1_000),
        &[
            (1, "data: a\n\n"),
            (
                2,
                "! longer than 65536 bytes, the most there may be: send a link to the data",
            ),
            (3, "data: c\n\n"),
        ],
    );
}

#[test]
fn a_type_with_nul_is_refused() {
    let taken = read(Format::Sse, 100, b"event: a\0b\ndata: x\n\ndata: y\n\n");
    assert!(taken[0].1.contains("NUL"), "{taken:?}");
    assert_eq!(taken[1], (2, "data: y\n\n".to_owned()));
}
