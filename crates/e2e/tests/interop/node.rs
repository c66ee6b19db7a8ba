//! `examples/node/server.mjs`, on Node's own `http`.

use crate::tail::{tail, text};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use wellspring_e2e::children::Process;

fn number(event: &Value) -> u64 {
    text(event, "lastEventId").parse().unwrap()
}

#[test]
fn tail_prints_the_events_of_a_node_server_and_resumes() {
    let Some(node) = wellspring_testkit::tool("node") else {
        return;
    };
    let script = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../examples/node/server.mjs"
    );
    let mut command = Command::new(node);
    command.args([script, "0", "50"]).stdout(Stdio::piped());
    let mut server = Process::start(&mut command).unwrap();
    let mut line = String::new();
    let mut output = BufReader::new(server.child.stdout.take().unwrap());
    output.read_line(&mut line).unwrap();
    let url = line.trim().strip_prefix("listening on ").unwrap();

    let events = tail(url, 5, &[]);
    let first = number(&events[0]);
    for (number, event) in (first..).zip(&events) {
        let named = if number % 3 == 0 { "notice" } else { "message" };
        assert_eq!(event["type"], named);
        assert_eq!(text(event, "data"), format!("number {number}\nof 50 ms"));
        assert_eq!(text(event, "lastEventId"), number.to_string());
    }

    let last = number(&events[4]);
    let resumed = tail(url, 4, &["--last-event-id", &last.to_string()]);
    let numbers: Vec<u64> = resumed.iter().map(number).collect();
    assert_eq!(numbers, [last + 1, last + 2, last + 3, last + 4]);

    let notices = tail(url, 2, &["--event", "notice", "--last-event-id", "1"]);
    let numbers: Vec<u64> = notices.iter().map(number).collect();
    assert_eq!(numbers, [3, 6]);
}
