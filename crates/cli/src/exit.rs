//! How the program ends. In: what a command came to. Out: a line on standard error, if there is
//! something to say, and the exit code.
//!
//! Next: back to `main.rs`.

use std::fmt::{self, Display};
use std::io;
use std::process::ExitCode;

use wellspring::store::{RecorderError, StoreError};
use wellspring::{Cause, Error, Refused};

use crate::note::note;
use crate::{refusal, words};

/// The exit codes, as `--help` tells them.
pub(crate) const CODES: &str = "\
Exit codes:
    0  ended as it should
    1  failed
    2  usage: an argument is not valid, or names a file that cannot be read
  124  the time of 'tail --timeout' has passed
The help of each command says more.";

/// Those of a command that serves.
pub(crate) const SERVER_CODES: &str = "\
Exit codes:
    0  ended by Ctrl-C, or where an option says so
    1  listening, or reading the input, failed
    2  usage: an argument is not valid, or names a file that cannot be read";

/// Why a command ended before it was done, or how it failed.
#[derive(Debug)]
pub(crate) struct Ending {
    code: Code,
    message: Option<String>,
}

#[derive(Clone, Copy, Debug)]
enum Code {
    Ended = 0,
    Failed = 1,
    Usage = 2,
    TimedOut = 124,
}

impl Ending {
    pub(crate) fn ended(message: impl Display) -> Self {
        Self::with(Code::Ended, message)
    }

    pub(crate) fn failed(message: impl Display) -> Self {
        Self::with(Code::Failed, message)
    }

    pub(crate) fn usage(message: impl Display) -> Self {
        Self::with(Code::Usage, message)
    }

    pub(crate) fn timed_out(message: impl Display) -> Self {
        Self::with(Code::TimedOut, message)
    }

    /// What was printed says it all.
    pub(crate) fn found() -> Self {
        Self {
            code: Code::Failed,
            message: None,
        }
    }

    fn with(code: Code, message: impl Display) -> Self {
        Self {
            code,
            message: Some(message.to_string()),
        }
    }

    pub(crate) fn no_runtime(error: &io::Error) -> Self {
        Self::failed(format_args!("could not start the async runtime: {error}"))
    }

    /// Whether something went wrong: neither an ending nor a timeout.
    pub(crate) fn is_failure(&self) -> bool {
        matches!(self.code, Code::Failed | Code::Usage)
    }

    /// A server that answers 204 asks not to be asked again (HTML Standard 9.2.2): that is an ending.
    pub(crate) fn of_source(error: &Error) -> Self {
        if error.status().is_some_and(|status| status == 204) {
            let url = error.url();
            return Self::ended(format_args!(
                "{url}: the server ended the stream (status 204)"
            ));
        }
        let what = words::with_help(error, error.help());
        match error.cause() {
            Some(cause @ Cause::Refused(refused)) => {
                let retry_after = refusal::retry_after(cause);
                Self::refused(format_args!("{what}{retry_after}"), refused)
            }
            _ => Self::failed(what),
        }
    }

    /// A failure, and what the server said.
    pub(crate) fn refused(what: impl Display, refused: &Refused) -> Self {
        let mut lines = vec![what.to_string()];
        lines.extend(refusal::lines(refused));
        lines.extend(refusal::advice(refused).map(str::to_owned));
        Self::failed(lines.join("\n"))
    }

    pub(crate) fn of_store(error: &StoreError) -> Self {
        Self::failed(words::with_help(error, Some(error.help())))
    }

    pub(crate) fn of_recorder(error: RecorderError) -> Self {
        match error {
            RecorderError::Build(error) => Self::usage(words::of(error)),
            RecorderError::Source(error) => Self::of_source(&error),
            RecorderError::Store(error) => Self::of_store(&error),
            other => Self::failed(words::of(other)),
        }
    }

    /// What comes of an error on standard output. A reader that closed it has seen enough: that is no failure.
    pub(crate) fn of_output(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self {
                code: Code::Ended,
                message: None,
            };
        }
        Self::failed(format_args!("standard output cannot be written: {error}"))
    }
}

impl Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message.as_deref().unwrap_or("ended"))
    }
}

/// Says what there is to say.
pub(crate) fn report(done: Result<(), Ending>) -> ExitCode {
    let Err(ending) = done else {
        return ExitCode::SUCCESS;
    };
    if let Some(message) = ending.message {
        note(&format!("wellspring: {message}"));
    }
    ExitCode::from(ending.code as u8)
}
