//! Publishers that others wrote, on our hub, and our own program as the reader: what they sent arrives as it was
//! sent, and private events only where a token covers them.
//!
//! Next: the scripts in `php/` and `python/`.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use wellspring_e2e::children::Process;
use wellspring_e2e::program::wellspring;
use wellspring_hub::tokens::sign_hs256;

use crate::installed::python;
use crate::program::{Printer, run};

const SECRET: &str = "!ChangeThisMercureHubJWTSecretKey!";
const SYMFONY: &str = "/usr/share/php/Symfony/Component/Mercure/autoload.php";

fn token(claims: &Value) -> String {
    sign_hs256(SECRET.as_bytes(), "JWT", &json!({ "mercure": claims }))
}

/// A hub with the key that everybody tries first.
fn hub() -> (Process, String) {
    let mut command = Command::new(wellspring().unwrap());
    command.args(["hub", "--port", "0", "--anonymous"]);
    // As an operator of Mercure's own hub has it.
    for name in ["PUBLISHER", "SUBSCRIBER"] {
        command.env(format!("MERCURE_{name}_JWT_KEY"), SECRET);
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut process = Process::start(&mut command).unwrap();
    let mut output = BufReader::new(process.child.stdout.take().unwrap());
    let mut first = String::new();
    output.read_line(&mut first).unwrap();
    let url = first
        .trim_end()
        .strip_prefix("The hub     ")
        .unwrap()
        .to_owned();
    (process, url)
}

/// Our reader, from the beginning: whoever comes late gets everything.
fn tail(url: &str, token: Option<&str>) -> Printer {
    let mut command = Command::new(wellspring().unwrap());
    let url =
        format!("{url}?topic=https%3A%2F%2Fshop.example%2F%7B%2Brest%7D&lastEventID=earliest");
    command.args(["tail", "--json", &url]);
    if let Some(token) = token {
        command.args(["-H", &format!("Authorization: Bearer {token}")]);
    }
    Printer::start(command)
}

/// What both publishers send.
fn arrives_as_it_was_sent(url: &str) {
    let all = token(&json!({ "subscribe": ["https://shop.example/books/{id}"] }));
    let public = tail(url, None);
    let private = tail(url, Some(&all));
    let is_last = |events: &[Value]| events.iter().any(|event| event["data"] == "named");
    for reader in [&public, &private] {
        reader.wait_until("the last of the updates", is_last);
    }
    let data = |events: &[Value]| -> Vec<String> {
        let data = events
            .iter()
            .map(|event| event["data"].as_str().unwrap().replace(' ', ""));
        data.filter(|data| !data.is_empty()).collect()
    };
    assert_eq!(
        data(&private.events()),
        ["{\"stock\":3}", "two\nlines", "named"]
    );
    assert_eq!(
        data(&public.events()),
        ["{\"stock\":3}", "named"],
        "no grant, no private event"
    );
    let events = private.events();
    let named = events
        .iter()
        .find(|event| event["data"] == "named")
        .unwrap();
    assert_eq!(
        (&named["type"], &named["lastEventId"]),
        (&json!("notice"), &json!("order-7"))
    );
}

#[test]
fn symfony_publishes() {
    let Some(php) = wellspring_testkit::tool("php") else {
        return;
    };
    // The tool of an absolute path is that path, or missing aloud.
    if wellspring_testkit::tool(SYMFONY).is_none() {
        return;
    }
    let (_hub, url) = hub();
    let script = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/wild/php/mercure_publisher.php"
    );
    let token = token(&json!({ "publish": ["*"] }));
    let (good, output) = run(Command::new(php).args([script, &url, &token]));
    assert!(good, "{output}");
    let ids = output
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let ids: Vec<Value> = ids.collect();
    assert_eq!(
        (ids.len(), &ids[2]["id"]),
        (3, &json!("order-7")),
        "{output}"
    );
    arrives_as_it_was_sent(&url);
}

#[test]
fn mercure_publisher_publishes() {
    let Some(mut command) = python("mercure_publisher_client.py") else {
        return;
    };
    let (_hub, url) = hub();
    let (good, output) = run(command.args([&url, SECRET]));
    assert!(good && output.contains("\"named\""), "{output}");
    arrives_as_it_was_sent(&url);
}
