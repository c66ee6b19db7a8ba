//! `wellspring hub`: what it prints works, its options come from three places, and it ends in good order.
//!
//! Next: `hub_tokens.rs`.

use std::process::Stdio;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::{PATIENCE, Program, Run, command, wellspring};

const SECRET: &str = "a secret of 32 bytes, or of more.";

/// A hub that runs, and where it is.
pub(crate) struct Hub {
    pub(crate) program: Program,
    pub(crate) url: String,
    /// The other lines it begins with, up to the last.
    pub(crate) lines: Vec<String>,
}

impl Hub {
    pub(crate) async fn start(options: &[&str]) -> Self {
        let program = Program::start(&[&["hub", "--port", "0"], options].concat());
        Self::introduced(program).await
    }

    pub(crate) async fn introduced(mut program: Program) -> Self {
        let first = program.line().await.expect("it begins");
        let url = first.strip_prefix("The hub     ").unwrap().to_owned();
        let mut lines = Vec::new();
        loop {
            let line = program.line().await.unwrap();
            if line == "Ctrl-C ends it." {
                return Self {
                    program,
                    url,
                    lines,
                };
            }
            lines.push(line);
        }
    }

    fn command(&self, name: &str) -> &str {
        let mut lines = self.lines.iter();
        lines
            .find_map(|line| line.strip_prefix(name))
            .unwrap()
            .trim_start()
    }

    /// Sends a request by hand, and reads the answer to its end.
    pub(crate) async fn ask(&self, head: &str, body: &str) -> String {
        let (_, rest) = self.url.split_once("://").unwrap();
        let authority = rest.split('/').next().unwrap();
        let mut socket = TcpStream::connect(authority).await.unwrap();
        let host = if head.contains("Host: ") {
            String::new()
        } else {
            format!("Host: {authority}\r\n")
        };
        let length = body.len();
        let request =
            format!("{head}\r\n{host}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}");
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        let read = socket.read_to_string(&mut answer);
        timeout(PATIENCE, read).await.unwrap().unwrap();
        answer
    }
}

/// Runs a line as a shell does.
async fn shell(line: &str) -> Run {
    let folder = std::path::Path::new(env!("CARGO_BIN_EXE_wellspring"))
        .parent()
        .unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let mut shell = tokio::process::Command::new("sh");
    shell
        .arg("-c")
        .arg(line)
        .env("PATH", path)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let output = timeout(PATIENCE, shell.output()).await.unwrap().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run {
        stdout: text(output.stdout),
        stderr: text(output.stderr),
        code: output.status.code(),
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_commands_that_are_printed_work() {
    let hub = Hub::start(&["--dev"]).await;
    assert!(hub.url.starts_with("http://127.0.0.1:"), "{}", hub.url);
    let subscribe = format!("{} --data-only --count 1", hub.command("Subscribe"));
    let reader = tokio::spawn(async move { shell(&subscribe).await });
    while !hub
        .ask("GET /metrics HTTP/1.1", "")
        .await
        .contains("wellspring_hub_subscribers 1.0")
    {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let published = shell(&format!("{} -s", hub.command("Publish"))).await;
    assert!(published.stdout.starts_with('~'), "{published:?}");
    let read = reader.await.unwrap();
    assert_eq!(
        (read.code, read.stdout.as_str()),
        (Some(0), "hello\n"),
        "{}",
        read.stderr
    );
}

#[tokio::test]
async fn in_dev_only_this_machine_is_answered() {
    let hub = Hub::start(&["--dev"]).await;
    let other = hub
        .ask("GET /healthz HTTP/1.1\r\nHost: evil.example", "")
        .await;
    assert!(other.starts_with("HTTP/1.1 421 "), "{other}");
    let own = hub.ask("GET /healthz HTTP/1.1", "").await;
    assert!(
        own.starts_with("HTTP/1.1 200 ") && own.ends_with("ok\n"),
        "{own}"
    );
    wellspring(&["hub", "--dev", "--host", "0.0.0.0"])
        .await
        .fails(2, &["--host"]);
}

#[tokio::test]
async fn without_a_key_it_does_not_start() {
    wellspring(&["hub", "--port", "0"])
        .await
        .fails(2, &["--publisher-key", "--dev"]);
    let issuer = format!("https://a.example={SECRET}");
    let options = [
        "hub",
        "--port",
        "0",
        "--issuer",
        &issuer,
        "--issuer-alg",
        "HS256",
    ];
    wellspring(&options).await.fails(2, &["--public-url"]);
}

#[tokio::test]
async fn options_come_from_the_command_line_the_environment_and_a_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let text = format!(
        "publisher-key = \"{SECRET}\"\nanonymous = true\npublic-url = \"https://file.example\"\n"
    );
    std::fs::write(file.path(), text).unwrap();
    let mut words = command(&[
        "hub",
        "--port",
        "0",
        "--config",
        file.path().to_str().unwrap(),
    ]);
    words.env("WELLSPRING_PUBLIC_URL", "https://env.example");
    words.env(
        "MERCURE_PUBLISHER_JWT_KEY",
        "not this one, which is long too",
    );
    let hub = Program::spawn(words);
    let mut hub = hub;
    assert_eq!(
        hub.line().await.unwrap(),
        "The hub     https://env.example/.well-known/mercure"
    );
    assert!(
        hub.line().await.unwrap().starts_with("Subscribe "),
        "anonymous comes from the file"
    );
    assert!(hub.note().await.contains("in memory"));
}

#[tokio::test]
async fn the_other_hubs_variables_are_read() {
    let mut words = command(&["hub"]);
    words
        .env("MERCURE_PUBLISHER_JWT_KEY", SECRET)
        .env("SERVER_NAME", ":0");
    let mut hub = Program::spawn(words);
    let first = hub.line().await.unwrap();
    assert!(
        first.starts_with("The hub     http://localhost:"),
        "{first}"
    );
}

#[tokio::test]
async fn what_is_wrong_is_named_and_no_key_is_shown() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().to_str().unwrap();
    for (text, says) in [
        (
            "publisher-keys = \"do-not-show-me\"\n",
            "there is no option \"publisher-keys\"",
        ),
        ("publisher-key = \"do-not-show-me\n", "line 1"),
        ("publisher-key = [1, \"do-not-show-me\"]\n", "publisher-key"),
        (
            "publisher-key = \"do-not-show-me\"\npublisher-alg = \"none\"\n",
            "publisher-alg",
        ),
        (
            "publisher-key = \"do-not-show-me\"\npublisher-alg = \"RS256\"\n",
            "not in PEM",
        ),
        ("publisher-key = \"file:/nowhere/do\"\n", "/nowhere/do"),
        ("publisher-key = \"@/nowhere/do\"\n", "/nowhere/do: "),
    ] {
        std::fs::write(file.path(), text).unwrap();
        let run = wellspring(&["hub", "--config", path]).await;
        run.fails(2, &[says]);
        assert!(!run.stderr.contains("do-not-show-me"), "{}", run.stderr);
    }
    let pem = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----";
    wellspring(&["hub", "--publisher-key", pem])
        .await
        .fails(2, &["takes a secret", "RS256"]);
}

#[cfg(unix)]
#[tokio::test]
async fn at_the_end_every_stream_ends_in_good_order() {
    let hub = Hub::start(&["--dev", "--drain", "0.1"]).await;
    let url = format!("{}?topic=*", hub.url);
    let mut tail = Program::start(&["tail", &url, "--no-reconnect"]);
    while !tail.note().await.starts_with("open") {}
    let id = rustix::process::Pid::from_raw(hub.program.child.id().unwrap().cast_signed()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    hub.program.end().await.is(0, "");
    let run = tail.end().await;
    assert_eq!(run.code, Some(0), "{}", run.stderr);
}

#[tokio::test]
async fn metrics_may_have_a_port_of_their_own() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    drop(taken);
    let mut hub = Hub::start(&["--dev", "--metrics-port", &port.to_string()]).await;
    let here = hub.ask("GET /metrics HTTP/1.1", "").await;
    assert!(here.starts_with("HTTP/1.1 404 "), "{here}");
    hub.url = format!("http://127.0.0.1:{port}/");
    let there = hub.ask("GET /metrics HTTP/1.1", "").await;
    assert!(there.ends_with("# EOF\n"), "{there}");
    let hub_there = hub
        .ask("GET /.well-known/mercure?topic=a HTTP/1.1", "")
        .await;
    assert!(hub_there.starts_with("HTTP/1.1 404 "), "{hub_there}");
}
