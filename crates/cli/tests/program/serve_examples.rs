//! The files in `examples/serve`: their command lines run as they stand, on a port and certificates of the
//! test.
//!
//! Next: `serve.rs`.

use std::fs;
use std::path::Path;

use crate::support::wellspring_reading;

fn example(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/serve");
    fs::read_to_string(folder.join(name)).unwrap()
}

/// The rest of the line that begins so.
fn line<'a>(text: &'a str, start: &str) -> &'a str {
    let mut lines = text.lines();
    lines.find_map(|line| line.strip_prefix(start)).unwrap()
}

/// Runs `serve` with these options, other values for some of them, until the end of its input.
async fn runs(options: &[&str], instead: &[(&str, &str)]) {
    let mut arguments = vec!["serve", "--exit-on-eof"];
    let mut last = "";
    for option in options {
        let other = instead.iter().find(|(name, _)| *name == last);
        arguments.push(other.map_or(*option, |(_, value)| *value));
        last = option;
    }
    let run = wellspring_reading(&arguments, b"").await;
    assert_eq!(run.code, Some(0), "{arguments:?}: {run:?}");
    let page = run.stdout.lines().next().unwrap();
    assert!(page.starts_with("The page    http"), "{run:?}");
}

#[tokio::test]
async fn the_image_serves_on_every_address() {
    let text = example("Containerfile");
    let entry: Vec<String> = serde_json::from_str(line(&text, "ENTRYPOINT ")).unwrap();
    assert_eq!(entry, ["wellspring", "serve"]);
    let options: Vec<String> = serde_json::from_str(line(&text, "CMD ")).unwrap();
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    assert!(options.contains(&"0.0.0.0"), "{options:?}");
    assert_eq!(options.last(), Some(&line(&text, "EXPOSE ")));
    runs(&options, &[("--port", "0")]).await;
}

#[tokio::test]
async fn the_service_serves_with_its_certificates() {
    let text = example("wellspring.service");
    let words: Vec<&str> = line(&text, "ExecStart=").split(' ').collect();
    assert_eq!(words[..2], ["/usr/local/bin/wellspring", "serve"]);
    let made = rcgen::generate_simple_self_signed(["a".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let certificate = write("cert.pem", made.cert.pem());
    let key = write("key.pem", made.signing_key.serialize_pem());
    let instead = [
        ("--port", "0"),
        ("--tls-cert", certificate.as_str()),
        ("--tls-key", key.as_str()),
    ];
    runs(&words[2..], &instead).await;
}
