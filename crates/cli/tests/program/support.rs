//! Running the program. In: arguments. Out: a finished [`Run`], or a running [`Program`].
//!
//! Next: `tail.rs`.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};
use tokio::time::timeout;

/// Nothing here takes long; a test that does is stuck.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// What came of a program that has ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: Option<i32>,
}

impl Run {
    pub(crate) fn is(&self, code: i32, stdout: &str) {
        assert_eq!(self.stdout, stdout, "stderr: {}", self.stderr);
        assert_eq!(self.code, Some(code), "stderr: {}", self.stderr);
        self.is_tidy();
    }

    pub(crate) fn fails(&self, code: i32, says: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:?}");
        for part in says {
            assert!(self.stderr.contains(part), "{part:?} is not in {self:?}");
        }
        self.is_tidy();
    }

    fn is_tidy(&self) {
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
        let printed = [&self.stdout, &self.stderr];
        assert!(
            !printed.iter().any(|text| text.contains('\u{1b}')),
            "{self:?}"
        );
    }
}

/// A program that runs; dropping it kills it.
pub(crate) struct Program {
    pub(crate) child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    stderr: BufReader<ChildStderr>,
}

impl Program {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::spawn(command(arguments))
    }

    pub(crate) fn spawn(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let stdout = child.stdout.take().unwrap();
        Self {
            lines: BufReader::new(stdout).lines(),
            stderr: BufReader::new(child.stderr.take().unwrap()),
            child,
        }
    }

    /// The next line on standard output.
    pub(crate) async fn line(&mut self) -> Option<String> {
        timeout(PATIENCE, self.lines.next_line())
            .await
            .unwrap()
            .unwrap()
    }

    /// The next line on standard error.
    pub(crate) async fn note(&mut self) -> String {
        let mut line = String::new();
        let read = timeout(PATIENCE, self.stderr.read_line(&mut line));
        read.await.unwrap().unwrap();
        line.trim_end().to_owned()
    }

    pub(crate) async fn write(&mut self, text: &str) {
        let stdin = self.child.stdin.as_mut().unwrap();
        stdin.write_all(text.as_bytes()).await.unwrap();
        stdin.flush().await.unwrap();
    }

    /// Ends its input.
    pub(crate) fn close_stdin(&mut self) {
        drop(self.child.stdin.take());
    }

    /// Reads no more: whoever read the program's output is gone.
    pub(crate) async fn close_stdout(self) -> Run {
        drop(self.lines);
        finish(self.child, None, self.stderr).await
    }

    /// Waits for its end; the output is what was not read before.
    pub(crate) async fn end(self) -> Run {
        let stdout = self.lines.into_inner();
        finish(self.child, Some(stdout), self.stderr).await
    }
}

async fn finish(
    mut child: Child,
    stdout: Option<BufReader<ChildStdout>>,
    mut stderr: BufReader<ChildStderr>,
) -> Run {
    let (mut out, mut err) = (String::new(), String::new());
    let all = async {
        if let Some(mut stdout) = stdout {
            stdout.read_to_string(&mut out).await.unwrap();
        }
        stderr.read_to_string(&mut err).await.unwrap();
        child.wait().await.unwrap()
    };
    let status = timeout(PATIENCE, all).await.expect("the program ends");
    Run {
        stdout: out,
        stderr: err,
        code: status.code(),
    }
}

pub(crate) fn command(arguments: &[&str]) -> Command {
    command_of(env!("CARGO_BIN_EXE_wellspring"), arguments)
}

/// The same for another program, which may run ours.
pub(crate) fn command_of(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env_remove("NO_COLOR")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Runs the program to its end.
pub(crate) async fn wellspring(arguments: &[&str]) -> Run {
    Program::start(arguments).end().await
}

/// Runs the program to its end, with this on standard input.
pub(crate) async fn wellspring_reading(arguments: &[&str], input: &[u8]) -> Run {
    let mut program = Program::start(arguments);
    let mut stdin = program.child.stdin.take().unwrap();
    let input = input.to_vec();
    tokio::spawn(async move {
        // The program may have read enough before the end.
        let _ = stdin.write_all(&input).await;
    });
    program.end().await
}
