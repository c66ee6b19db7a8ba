//! The answers of JetStream, as far as they are read here.
//!
//! Next: `../error.rs`, what callers are told.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;

use crate::requests::Unanswered;

/// Every answer may be an error.
#[derive(Debug, Deserialize)]
pub(crate) struct Envelope {
    pub(crate) error: Option<Refused>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Refused {
    pub(crate) code: u16,
    #[serde(default)]
    pub(crate) err_code: u32,
    #[serde(default)]
    pub(crate) description: String,
}

/// Why JetStream did not do what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ApiError {
    Unanswered(Unanswered),
    Refused(Refused),
    Malformed(String),
}

impl ApiError {
    fn is(&self, err_code: u32) -> bool {
        matches!(self, Self::Refused(refused) if refused.err_code == err_code)
    }

    /// The server knows that there is no such stream. One that did not answer says nothing.
    pub(crate) fn is_no_stream(&self) -> bool {
        self.is(10_059)
    }

    pub(crate) fn is_no_message(&self) -> bool {
        self.is(10_037)
    }

    /// There is a stream of this name, with another configuration.
    pub(crate) fn is_name_taken(&self) -> bool {
        self.is(10_058)
    }

    /// The newest message of the subject is another one than was expected.
    pub(crate) fn is_wrong_last(&self) -> bool {
        self.is(10_071)
    }

    /// For the server, or for the account.
    pub(crate) fn is_not_enabled(&self) -> bool {
        self.is(10_039) || self.is(10_076)
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unanswered(Unanswered::Away) => f.write_str("no connection to NATS"),
            Self::Unanswered(Unanswered::NobodyThere) => {
                f.write_str("JetStream is not there, or has no leader at the moment")
            }
            Self::Unanswered(Unanswered::NotTaken) => f.write_str("the request is too large"),
            Self::Unanswered(Unanswered::Lost) => f.write_str("NATS does not answer"),
            Self::Refused(refused) => {
                let Refused {
                    err_code,
                    description,
                    ..
                } = refused;
                write!(f, "JetStream says: {description} ({err_code})")
            }
            Self::Malformed(error) => write!(f, "an answer of JetStream is malformed: {error}"),
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct StreamInfo {
    /// Kept as it is: an update has to say all of it, also what newer servers know.
    pub(crate) config: Value,
    pub(crate) created: String,
    pub(crate) state: StreamState,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct StreamState {
    pub(crate) messages: u64,
    pub(crate) bytes: u64,
    pub(crate) first_seq: u64,
    pub(crate) last_seq: u64,
    #[serde(default)]
    pub(crate) first_ts: String,
    #[serde(default)]
    pub(crate) num_deleted: u64,
    pub(crate) deleted: Option<Vec<u64>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ConsumerInfo {
    pub(crate) name: String,
    pub(crate) num_pending: u64,
}

/// What a publish is answered with.
#[derive(Debug, Deserialize)]
pub(crate) struct PublishAck {
    #[serde(default)]
    pub(crate) seq: u64,
    #[serde(default)]
    pub(crate) duplicate: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Gotten {
    pub(crate) message: EncodedMessage,
}

#[derive(Debug, Deserialize)]
pub(crate) struct EncodedMessage {
    subject: String,
    seq: u64,
    #[serde(default)]
    data: String,
    #[serde(default)]
    time: String,
}

/// A message as the stream's leader has it.
#[derive(Clone, Debug)]
pub(crate) struct StoredMessage {
    pub(crate) subject: String,
    pub(crate) position: u64,
    pub(crate) payload: Bytes,
    pub(crate) time: String,
}

impl EncodedMessage {
    pub(crate) fn decoded(self) -> Result<StoredMessage, ApiError> {
        let payload = STANDARD.decode(self.data);
        let payload = payload.map_err(|error| ApiError::Malformed(error.to_string()))?;
        Ok(StoredMessage {
            subject: self.subject,
            position: self.seq,
            payload: payload.into(),
            time: self.time,
        })
    }
}
