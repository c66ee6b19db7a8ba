//! SIGHUP, and certificates that are renewed while `serve` runs.
//!
//! Next: `serve_tls.rs`.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use tempfile::TempDir;
use tokio::process::Command;
use wellspring_testkit::tool;

use crate::http::Server;
use crate::support::{Program, command_of, wellspring};

const PROGRAM: &str = env!("CARGO_BIN_EXE_wellspring");

/// These words as a command that heeds SIGHUP, even where the tests themselves were started to ignore
/// it, as by `nohup`.
fn heeding(words: &[&str]) -> Command {
    if cfg!(target_os = "linux") {
        return command_of("env", &[&["--default-signal=HUP"], words].concat());
    }
    command_of(words[0], &words[1..])
}

async fn serve(options: &[&str]) -> Server {
    let words = [&[PROGRAM, "serve", "--port", "0"], options].concat();
    Server::introduced(Program::spawn(heeding(&words))).await
}

fn hang_up(server: &Server) {
    let pid = i32::try_from(server.program.child.id().unwrap()).unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), Signal::HUP).unwrap();
}

/// Two files, written anew again and again, and copies of what was in them.
struct Pair {
    folder: TempDir,
    written: u32,
}

impl Pair {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut pair = Self { folder, written: 0 };
        pair.renew();
        pair
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn options(&self) -> [String; 4] {
        let path = |name| self.path(name).to_str().unwrap().to_owned();
        let (certificate, key) = (path("cert.pem"), path("key.pem"));
        [
            "--tls-cert".to_owned(),
            certificate,
            "--tls-key".to_owned(),
            key,
        ]
    }

    /// Writes a new pair, as renewing programs do: each file beside its place, then moved there. Returns
    /// a copy of the certificate.
    fn renew(&mut self) -> PathBuf {
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        for (name, text) in [
            ("cert.pem", made.cert.pem()),
            ("key.pem", made.signing_key.serialize_pem()),
        ] {
            let beside = self.path("beside");
            std::fs::write(&beside, text).unwrap();
            std::fs::rename(beside, self.path(name)).unwrap();
        }
        self.written += 1;
        let copy = self.path(&format!("copy-{}.pem", self.written));
        std::fs::copy(self.path("cert.pem"), &copy).unwrap();
        copy
    }

    async fn serve(&self) -> Server {
        let options = self.options();
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        let mut server = serve(&options).await;
        server.write("a\n").await;
        server
    }
}

/// Whether a new connection is shown this certificate.
async fn shows(server: &Server, certificate: &Path) -> bool {
    let trusted = ["--cacert", certificate.to_str().unwrap()];
    let tail = ["tail", &server.stream(), "--no-reconnect", "--count", "1"];
    let run = wellspring(&[&tail[..], &trusted].concat()).await;
    assert!(run.code == Some(0) || run.stderr.contains("TLS"), "{run:?}");
    run.code == Some(0)
}

#[tokio::test]
async fn a_certificate_that_is_renewed_is_shown_to_new_connections() {
    let mut pair = Pair::new();
    let first = pair.path("copy-1.pem");
    let mut server = pair.serve().await;
    let tail = [
        "tail",
        &server.stream(),
        "-k",
        "--data-only",
        "--count",
        "2",
    ];
    let mut before = Program::start(&tail);
    assert_eq!(before.line().await.unwrap(), "a");
    assert!(shows(&server, &first).await);

    let second = pair.renew();
    let note = server.program.note().await;
    assert!(
        note.contains("new connections get the certificate in "),
        "{note}"
    );
    assert!(shows(&server, &second).await);
    assert!(!shows(&server, &first).await);
    // Who is connected stays so.
    server.write("b\n").await;
    before.end().await.is(0, "b\n");
}

#[tokio::test]
async fn at_sighup_certificates_are_read_and_the_history_stays() {
    let mut pair = Pair::new();
    let mut server = pair.serve().await;
    for _ in 0..2 {
        let renewed = pair.renew();
        hang_up(&server);
        let note = server.program.note().await;
        assert!(
            note.contains("new connections get the certificate in "),
            "{note}"
        );
        assert!(shows(&server, &renewed).await);
    }
}

#[tokio::test]
async fn a_new_pair_that_cannot_be_used_changes_nothing_and_is_said() {
    let mut pair = Pair::new();
    let first = pair.path("copy-1.pem");
    let mut server = pair.serve().await;
    std::fs::write(pair.path("cert.pem"), "nothing").unwrap();
    // Once by itself, once more when it is asked to.
    for _ in 0..2 {
        let note = server.program.note().await;
        let says = "no certificate in PEM form is in it; keeping the certificate read before";
        assert!(
            note.starts_with("wellspring: --tls-cert ") && note.ends_with(says),
            "{note}"
        );
        assert!(shows(&server, &first).await);
        hang_up(&server);
    }
    server.program.note().await;
    std::fs::copy(pair.path("copy-1.pem"), pair.path("cert.pem")).unwrap();
    std::fs::remove_file(pair.path("key.pem")).unwrap();
    let note = server.program.note().await;
    assert!(note.starts_with("wellspring: --tls-key "), "{note}");
    let last = pair.renew();
    let note = server.program.note().await;
    assert!(
        note.contains("new connections get the certificate in "),
        "{note}"
    );
    assert!(shows(&server, &last).await);
}

#[tokio::test]
async fn where_there_is_nothing_to_reload_sighup_is_an_end_in_good_order() {
    for options in [&[][..], &["--tls-self-signed"]] {
        let mut server = serve(options).await;
        server.write("a\n").await;
        let mut tail = Program::start(&["tail", &server.stream(), "-k", "--no-reconnect"]);
        tail.line().await.unwrap();
        hang_up(&server);
        server.program.end().await.is(0, "");
        assert_eq!(tail.end().await.code, Some(0));
    }
    let mut demo = Program::spawn(heeding(&[
        PROGRAM,
        "demo",
        "--port",
        "0",
        "--interval",
        "50",
    ]));
    demo.line().await.unwrap();
    let pid = i32::try_from(demo.child.id().unwrap()).unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), Signal::HUP).unwrap();
    let run = demo.end().await;
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn under_nohup_sighup_stays_ignored() {
    let script = format!("trap '' HUP; exec {PROGRAM} serve --port 0");
    let program = Program::spawn(command_of("/bin/sh", &["-c", &script]));
    let mut server = Server::introduced(program).await;
    hang_up(&server);
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    server.write("still here\n").await;
    server.subscribe("").await.until("data: still here\n").await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_terminal_that_hangs_up_ends_it_also_with_certificates() {
    let Some(setsid) = tool("setsid") else { return };
    let pair = Pair::new();
    let control = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
    grantpt(&control).unwrap();
    unlockpt(&control).unwrap();
    let name = ptsname(&control, Vec::new()).unwrap();
    let terminal = rustix::fs::open(name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
    let options = pair.options();
    let setsid = setsid.to_str().unwrap();
    let mut words = vec![setsid, "-c", PROGRAM, "serve", "--port", "0"];
    words.extend(options.iter().map(String::as_str));
    let mut command = heeding(&words);
    command.stdin(Stdio::from(terminal));
    let program = Program::spawn(command);
    let server = Server::introduced(program).await;
    drop(control);
    let run = server.program.end().await;
    assert_eq!(run.code, Some(0), "{run:?}");
}
