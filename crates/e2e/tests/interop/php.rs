//! `examples/php/sse.php` under `php -S`.

use crate::tail::{tail, text};
use std::process::{Command, Stdio};
use wellspring_e2e::children::{Process, free_port, wait_for_listener};

#[test]
fn tail_prints_the_events_of_a_php_page() {
    let Some(php) = wellspring_testkit::tool("php") else {
        return;
    };
    let port = free_port().unwrap();
    let pages = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/php");
    let mut command = Command::new(php);
    command.args(["-S", &format!("127.0.0.1:{port}"), "-t", pages]);
    // One worker at a time is enough, and a second client must find it free again.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let _server = Process::start(&mut command).unwrap();
    wait_for_listener(port).unwrap();

    let url = format!("http://127.0.0.1:{port}/sse.php");
    // A message comes after five pings at most.
    let events = tail(&url, 6, &[]);
    let of_type = |name: &str| -> Vec<_> {
        let chosen = events.iter().filter(|event| event["type"] == name);
        chosen.map(|event| text(event, "data")).collect()
    };
    let (pings, messages) = (of_type("ping"), of_type("message"));
    assert!(pings.len() >= 3, "{events:?}");
    assert!(!messages.is_empty(), "{events:?}");
    assert_eq!(pings.len() + messages.len(), 6, "{events:?}");
    for ping in pings {
        let ping: serde_json::Value = serde_json::from_str(ping).unwrap();
        assert!(text(&ping, "time").starts_with("20"), "{ping}");
    }
    assert!(messages[0].starts_with("This is a message at time "));
    let origin = format!("http://127.0.0.1:{port}");
    assert!(events.iter().all(|event| event["origin"] == origin));

    // The page has stopped, since its client went: its only worker answers the next one.
    let ping = tail(&url, 1, &["--event", "ping"]);
    assert_eq!(ping[0]["type"], "ping");
}
