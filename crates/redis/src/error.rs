//! What went wrong, in sentences. In: errors of the client crate. Out: what the broker understands.
//!
//! Next: `link.rs`.

use redis::{ErrorKind, RedisError};
use wellspring_broker::{EngineError, EngineErrorKind};

pub(crate) fn unavailable(says: impl Into<String>) -> EngineError {
    EngineError::new(EngineErrorKind::Unavailable, says)
}

pub(crate) fn configuration(says: impl Into<String>) -> EngineError {
    EngineError::new(EngineErrorKind::Configuration, says)
}

pub(crate) fn foreign_answer() -> EngineError {
    let says = "the server gave an answer that none of our scripts gives";
    EngineError::new(EngineErrorKind::Corrupt, says)
}

pub(crate) fn wiped() -> EngineError {
    unavailable("the history was deleted in the server; another one is begun")
}

/// Says what an answer means that is neither bounds nor what was asked for.
pub(crate) fn of_word(word: &str) -> EngineError {
    match word {
        "wiped" => wiped(),
        "written" => EngineError::new(
            EngineErrorKind::Corrupt,
            "the stream has entries that no hub wrote: let nothing else write to it, or choose another prefix",
        ),
        _ => foreign_answer(),
    }
}

/// The error code that the server began its sentence with.
pub(crate) fn code(error: &RedisError) -> &str {
    error.code().unwrap_or_default()
}

/// Whether the server answered, and the connection is as good as before.
pub(crate) fn is_answer(error: &RedisError) -> bool {
    matches!(error.kind(), ErrorKind::Server(_) | ErrorKind::Extension)
}

/// Whether this server takes no writes while others of its kind may.
pub(crate) fn is_wrong_node(error: &RedisError) -> bool {
    matches!(code(error), "READONLY" | "MASTERDOWN" | "LOADING")
        || error.to_string().contains("readonly replica")
}

pub(crate) fn of_redis(error: &RedisError, server: &str) -> EngineError {
    let says = sentence(error, server);
    let kind = match code(error) {
        "OOM" => EngineErrorKind::Full,
        "NOPERM" | "NOAUTH" | "WRONGPASS" => EngineErrorKind::Configuration,
        "WRONGTYPE" => EngineErrorKind::Corrupt,
        _ if error.kind() == ErrorKind::AuthenticationFailed => EngineErrorKind::Configuration,
        _ => EngineErrorKind::Unavailable,
    };
    EngineError::new(kind, says)
}

pub(crate) fn sentence(error: &RedisError, server: &str) -> String {
    let detail = error.detail().unwrap_or_default();
    match code(error) {
        "OOM" => format!("{server} has no memory left: raise maxmemory, or keep less history"),
        "MISCONF" => format!("{server} cannot save to its disk and takes no writes: {detail}"),
        "READONLY" => format!("{server} has become a replica; looking for the primary"),
        "LOADING" => format!("{server} is loading its data"),
        "NOREPLICAS" => format!("{server} has too few replicas to take writes: {detail}"),
        "NOPERM" => format!("{server} does not let this user in: {detail}"),
        "NOAUTH" | "WRONGPASS" => format!("{server} wants another user or password: {detail}"),
        _ if error.kind() == ErrorKind::AuthenticationFailed => {
            format!("{server} wants another user or password")
        }
        _ if error.is_timeout() => format!("{server} does not answer"),
        _ => format!("{server}: {error}"),
    }
}
