//! The files in `examples/hub`: their command lines run as they stand, on a port and with keys of the test.
//!
//! Next: `hub_tokens.rs`.

use std::fs;
use std::path::Path;

use crate::hub::Hub;
use crate::support::{Program, command};

const SECRET: &str = "a secret of 32 bytes, or of more.";

fn example(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/hub");
    fs::read_to_string(folder.join(name)).unwrap()
}

/// The rest of the line that begins so.
fn line<'a>(text: &'a str, start: &str) -> &'a str {
    let mut lines = text.lines();
    lines.find_map(|line| line.strip_prefix(start)).unwrap()
}

/// The same words, with a free port.
fn on_a_free_port<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let mut changed = words.to_vec();
    let at = words.iter().position(|word| *word == "--port").unwrap();
    changed[at + 1] = "0";
    changed
}

#[tokio::test]
async fn the_image_serves_on_every_address() {
    let text = example("Containerfile");
    let entry: Vec<String> = serde_json::from_str(line(&text, "ENTRYPOINT ")).unwrap();
    assert_eq!(entry, ["wellspring", "hub"]);
    let options: Vec<String> = serde_json::from_str(line(&text, "CMD ")).unwrap();
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    assert!(options.contains(&"0.0.0.0"), "{options:?}");
    assert_eq!(options.last(), Some(&line(&text, "EXPOSE ")));
    let mut words = command(&[&["hub"], &*on_a_free_port(&options)].concat());
    words.env("WELLSPRING_PUBLISHER_KEY", SECRET);
    let hub = Hub::introduced(Program::spawn(words)).await;
    assert!(hub.url.starts_with("http://localhost:"), "{}", hub.url);
}

#[tokio::test]
async fn the_service_serves_with_its_file() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["publisher.key", "subscriber.key"] {
        fs::write(folder.path().join(name), SECRET).unwrap();
    }
    let here = folder.path().to_str().unwrap();
    let file = folder.path().join("hub.toml");
    fs::write(&file, example("hub.toml").replace("/etc/wellspring", here)).unwrap();
    let text = example("wellspring-hub.service");
    let words: Vec<&str> = line(&text, "ExecStart=").split(' ').collect();
    assert_eq!(words[..2], ["/usr/local/bin/wellspring", "hub"]);
    let file = file.to_str().unwrap();
    let words: Vec<&str> = words[1..]
        .iter()
        .map(|word| match *word {
            "/etc/wellspring/hub.toml" => file,
            word => word,
        })
        .collect();
    let hub = Hub::introduced(Program::start(&on_a_free_port(&words))).await;
    assert_eq!(hub.url, "https://hub.example/.well-known/mercure");
    assert!(hub.lines[0].starts_with("Subscribe "), "{:?}", hub.lines);
}
