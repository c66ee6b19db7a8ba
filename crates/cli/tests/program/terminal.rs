//! What depends on a terminal: colours, and what servers must not do to one. In: the program on a
//! pseudo-terminal. Out: the bytes that came out at its other end.
//!
//! Next: `demo.rs`.

use std::fs::File;
use std::io::Read;
use std::process::{Command, Stdio};

use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use wellspring_testkit::server::{Script, ScriptedServer};

/// Sends what Ctrl-C sends.
pub(crate) fn interrupt(child: &tokio::process::Child) {
    let pid = i32::try_from(child.id().unwrap()).unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), Signal::INT).unwrap();
}

/// Runs the program with its output on a terminal.
fn on_a_terminal(arguments: &[&str], environment: &[(&str, &str)]) -> String {
    run_on_a_terminal(arguments, environment, false)
}

/// The same; with `notes`, it is standard error that is on it, and any exit code is right.
fn run_on_a_terminal(arguments: &[&str], environment: &[(&str, &str)], notes: bool) -> String {
    let control = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&control).unwrap();
    unlockpt(&control).unwrap();
    let name = ptsname(&control, Vec::new()).unwrap();
    let terminal = rustix::fs::open(name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_wellspring"));
    command
        .args(arguments)
        .env_remove("NO_COLOR")
        .env("TERM", "xterm");
    command.envs(environment.iter().copied());
    command.stdin(Stdio::null());
    match notes {
        true => command.stderr(terminal).stdout(Stdio::null()),
        false => command.stdout(terminal).stderr(Stdio::null()),
    };
    let mut child = command.spawn().unwrap();
    // It holds the terminal: as long as that is open, reading does not end.
    drop(command);
    let mut output = Vec::new();
    // The end of a pseudo-terminal is an error on Linux.
    let _ = File::from(control).read_to_end(&mut output);
    assert!(child.wait().unwrap().success() || notes);
    String::from_utf8(output).unwrap()
}

async fn tail_on_a_terminal(body: &str, more: &[&str], environment: &[(&str, &str)]) -> String {
    let server = ScriptedServer::start([Script::event_stream(body).hang()]).await;
    let url = server.url("/");
    let arguments = [&["tail", &url, "--count", "1"], more].concat();
    tokio::task::block_in_place(|| on_a_terminal(&arguments, environment))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_terminal_gets_colours() {
    let text = tail_on_a_terminal("event: notice\nid: 1\ndata: a\n\n", &[], &[]).await;
    assert!(text.starts_with("\u{1b}["), "{text:?}");
    assert!(
        text.contains("notice") && text.contains("\u{1b}[0m"),
        "{text:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_color_is_honoured() {
    let body = "event: notice\ndata: a\n\n";
    let colours = |text: &str| text.contains('\u{1b}');
    assert!(!colours(
        &tail_on_a_terminal(body, &[], &[("NO_COLOR", "1")]).await
    ));
    assert!(!colours(
        &tail_on_a_terminal(body, &[], &[("TERM", "dumb")]).await
    ));
    assert!(colours(
        &tail_on_a_terminal(body, &[], &[("NO_COLOR", "")]).await
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn json_has_no_colours_anywhere() {
    let text = tail_on_a_terminal("data: a\n\n", &["--json"], &[]).await;
    assert!(text.starts_with("{\"type\":\"message\","), "{text:?}");
    assert!(!text.contains('\u{1b}'), "{text:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_cannot_steer_the_terminal() {
    let body = "event: \u{1b}[2J\ndata: \u{1b}]0;title\u{7}\u{202E}\u{9b}m\n\n";
    let no_color = [("NO_COLOR", "1")];
    let spelled = r"\u{1b}]0;title\u{7}\u{202e}\u{9b}m";
    let json = r"\u001b]0;title\u0007\u202e\u009bm";
    for (more, says) in [
        (&[][..], spelled),
        (&["--data-only"], spelled),
        (&["--sse"], spelled),
        (&["--json"], json),
    ] {
        let text = tail_on_a_terminal(body, more, &no_color).await;
        let obeyed = ['\u{1b}', '\u{7}', '\u{202E}', '\u{9b}'];
        assert!(!text.contains(obeyed), "{text:?}");
        assert!(text.contains(says), "{text:?}");
    }
}

/// A server that takes a request and never answers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silence_is_told_on_a_terminal() {
    let server = ScriptedServer::start([Script::new().expect_request().hang()]).await;
    let url = server.url("/");
    let arguments = ["tail", &url, "--timeout", "5"];
    let notes = tokio::task::block_in_place(|| run_on_a_terminal(&arguments, &[], true));
    assert_eq!(
        notes.matches("waiting for a response").count(),
        1,
        "{notes:?}"
    );
    let run = crate::support::wellspring(&arguments).await;
    assert!(!run.stderr.contains("waiting"), "{run:?}");
}

#[test]
fn the_demo_is_in_colour_on_a_terminal() {
    let arguments = ["demo", "--port", "0", "--count", "3"];
    assert!(on_a_terminal(&arguments, &[]).contains('\u{1b}'));
    assert!(!on_a_terminal(&arguments, &[("NO_COLOR", "1")]).contains('\u{1b}'));
}

#[test]
fn serve_prints_the_page_with_its_token_to_a_terminal_only() {
    let arguments = [
        "serve",
        "--port",
        "0",
        "--exit-on-eof",
        "--token",
        "s3+cret&x",
    ];
    let text = on_a_terminal(&arguments, &[("NO_COLOR", "1")]);
    let page = text.lines().next().unwrap().trim_end();
    assert!(page.starts_with("The page    http://127.0.0.1:"), "{text}");
    assert!(page.ends_with("/#token=s3%2Bcret%26x"), "{text}");
    // What is no terminal may be a log.
    let mut command = Command::new(env!("CARGO_BIN_EXE_wellspring"));
    let output = command
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let printed = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(
        printed.starts_with("The page    http://127.0.0.1:"),
        "{printed}"
    );
    assert!(
        !printed.contains("token=") && !printed.contains("cret"),
        "{printed}"
    );
}
