//! `wellspring decode`.
//!
//! Next: `demo.rs`.

use crate::support::{Program, wellspring, wellspring_reading};

#[tokio::test]
async fn a_stream_becomes_json_lines() {
    let stream = b"\xEF\xBB\xBF: comment\nretry: 5\nevent: a\nid: 1\ndata: x\ndata: y\n\n\
                   data: \xFF\r\rid: 2\n\ndata\n\ndata: never dispatched\n";
    let run = wellspring_reading(&["decode"], stream).await;
    run.is(
        0,
        "{\"type\":\"a\",\"data\":\"x\\ny\",\"lastEventId\":\"1\"}\n\
         {\"type\":\"message\",\"data\":\"\u{FFFD}\",\"lastEventId\":\"1\"}\n\
         {\"type\":\"message\",\"data\":\"\",\"lastEventId\":\"2\"}\n",
    );
    let says = "wellspring: standard input: ended inside an event, which is left out";
    assert!(run.stderr.starts_with(says), "{run:?}");
    assert_eq!(run.stderr.lines().count(), 1, "{run:?}");
}

/// Fields that are not data may wait for more without a word.
#[tokio::test]
async fn an_end_between_events_is_quiet() {
    let run = wellspring_reading(&["decode"], b"data: a\n\n: b\nid: 1\nretry: 5\nevent: c").await;
    assert_eq!((run.stdout.lines().count(), run.stderr.as_str()), (1, ""));
}

#[tokio::test]
async fn a_body_without_an_event_is_named() {
    let utf_16: Vec<u8> = "data: x\n\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let cases: [(&[u8], &str); 5] = [
        (b"", "no event in 0 bytes\n"),
        (
            b"{\"a\":1}\n{\"a\":2}\n",
            "no event in 16 bytes; it looks like JSON lines",
        ),
        (
            b"[1,\n2]",
            "no event in 6 bytes; it looks like JSON, no event stream",
        ),
        (&utf_16, "it looks like UTF-16"),
        (b": only\n\nid: 1\n\n", "no event in 15 bytes\n"),
    ];
    for (body, says) in cases {
        let run = wellspring_reading(&["decode"], body).await;
        assert_eq!((run.stdout.as_str(), run.code), ("", Some(0)));
        assert!(run.stderr.contains(says), "{run:?}");
    }
}

#[tokio::test]
async fn a_file_is_read_by_its_name() {
    let path = std::env::temp_dir().join(format!("wellspring-decode-{}", std::process::id()));
    std::fs::write(&path, "data: a\n\n").unwrap();
    let run = wellspring(&["decode", path.to_str().unwrap()]).await;
    std::fs::remove_file(&path).unwrap();
    run.is(
        0,
        "{\"type\":\"message\",\"data\":\"a\",\"lastEventId\":\"\"}\n",
    );
}

#[tokio::test]
async fn a_dash_is_standard_input() {
    let run = wellspring_reading(&["decode", "-"], b"data: a\n\n").await;
    run.is(
        0,
        "{\"type\":\"message\",\"data\":\"a\",\"lastEventId\":\"\"}\n",
    );
}

#[tokio::test]
async fn a_folder_is_no_stream() {
    let run = wellspring(&["decode", env!("CARGO_MANIFEST_DIR")]).await;
    assert_ne!(run.code, Some(0));
    assert_eq!(run.stderr.lines().count(), 1, "{run:?}");
}

#[tokio::test]
async fn lines_come_while_the_stream_goes_on() {
    let mut decode = Program::start(&["decode"]);
    decode.write("data: a\n\nda").await;
    assert!(decode.line().await.unwrap().contains("\"a\""));
    decode.write("ta: b\n\n").await;
    assert!(decode.line().await.unwrap().contains("\"b\""));
}

#[tokio::test]
async fn a_limit_is_told_with_its_offset_after_what_came_before() {
    let stream = format!("data: a\n\ndata: {}", "x".repeat(17 << 20));
    let run = wellspring_reading(&["decode"], stream.as_bytes()).await;
    assert_eq!(run.stdout.lines().count(), 1);
    // The events before it, the field's name, the limit: the next byte is one too many.
    let offset = 9 + 6 + (16 << 20);
    run.fails(
        1,
        &[
            "standard input",
            &format!("byte {offset}"),
            "line",
            "16777216 bytes; raise --max-line",
        ],
    );
    assert_eq!(run.stderr.lines().count(), 1, "{run:?}");
}

/// Nothing of a comment or an unknown field is kept.
#[tokio::test]
async fn comments_and_unknown_fields_may_be_of_any_length() {
    let long = "x".repeat(17 << 20);
    let stream = format!(": {long}\n{long}: {long}\ndata: a\n\n");
    let run = wellspring_reading(&["decode"], stream.as_bytes()).await;
    assert_eq!(
        (run.code, run.stdout.lines().count()),
        (Some(0), 1),
        "{}",
        run.stderr
    );
}

#[tokio::test]
async fn limits_can_be_set() {
    let run = wellspring_reading(
        &["decode", "--max-line", "3"],
        b"data: abc\n\ndata: abcd\n\n",
    )
    .await;
    assert_eq!(run.stdout.lines().count(), 1);
    run.fails(1, &["raise --max-line"]);
}

#[tokio::test]
async fn a_closed_pipe_is_a_quiet_end() {
    let mut decode = Program::start(&["decode"]);
    decode.write("data: a\n\n").await;
    decode.line().await.unwrap();
    let mut stdin = decode.child.stdin.take().unwrap();
    tokio::spawn(async move {
        use tokio::io::AsyncWriteExt;
        while stdin.write_all(b"data: b\n\n").await.is_ok() {}
    });
    let run = decode.close_stdout().await;
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
}
