//! What is appended, and what became of it.
//!
//! Next: `page.rs`, what is read.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;

/// The longest idempotency key with its scope, in bytes.
const LONGEST_KEY: usize = 1_024;

/// Recognises a publish that is made a second time. A key belongs to its scope, which names the publisher. Without
/// scopes a publisher could use another's key, so that its own event is dropped and it learns the other's id.
///
/// ```
/// use wellspring_broker::IdempotencyKey;
///
/// let key = IdempotencyKey::new("https://issuer.example/alice", "order-7")?;
/// assert_ne!(key, IdempotencyKey::new("https://issuer.example/bob", "order-7")?);
/// # Ok::<(), wellspring_broker::InvalidKey>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(Box<str>);

impl IdempotencyKey {
    /// Returns the key of this scope.
    ///
    /// # Errors
    /// Together they have more than 1,023 bytes, the key is empty, or the scope has a NUL.
    pub fn new(scope: &str, key: &str) -> Result<Self, InvalidKey> {
        let length = scope.len() + 1 + key.len();
        if key.is_empty() || length > LONGEST_KEY || scope.contains('\0') {
            return Err(InvalidKey);
        }
        Ok(Self(format!("{scope}\0{key}").into()))
    }

    /// Returns scope and key as one text, with a NUL between them.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reports an idempotency key that is empty or, with its scope, longer than 1,023 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidKey;

impl fmt::Display for InvalidKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the idempotency key is empty, or longer than 1,023 bytes with its scope")
    }
}

impl std::error::Error for InvalidKey {}

/// A record to append.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Append {
    /// A random number for this record. The engine stores it beside the record.
    pub tag: u64,
    /// A hash of the content: two appends of the same content have the same one.
    pub fingerprint: u64,
    /// The publisher's id, by which the record can be found.
    pub id: Option<Box<str>>,
    /// If the key is known, the record is not stored again.
    pub key: Option<IdempotencyKey>,
    /// The record itself.
    pub record: Bytes,
}

impl Append {
    /// Returns a record without an id and without a key.
    #[must_use]
    pub fn new(tag: u64, fingerprint: u64, record: Bytes) -> Self {
        Self {
            tag,
            fingerprint,
            id: None,
            key: None,
            record,
        }
    }

    /// Sets the publisher's id.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<Box<str>>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets the idempotency key.
    #[must_use]
    pub fn with_key(mut self, key: IdempotencyKey) -> Self {
        self.key = Some(key);
        self
    }
}

/// Says what became of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AppendOutcome {
    /// It is stored, as durably as the engine promises.
    Appended(Receipt),
    /// It is not stored.
    Refused(Refusal),
    /// It may be stored, now or later. The same record may be appended again: it is recognised.
    InDoubt,
}

/// The place of a record that is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Receipt {
    /// The record's number.
    pub sequence: u64,
    /// The tag of the stored record; for a duplicate, that of the first.
    pub tag: u64,
    /// The fingerprint of the stored record. A duplicate with another fingerprint is a conflict.
    pub fingerprint: u64,
    /// The key, or the record, was stored before.
    pub duplicate: bool,
}

impl Receipt {
    /// Returns the receipt of a record that was stored for the first time.
    #[must_use]
    pub const fn new(sequence: u64, tag: u64, fingerprint: u64) -> Self {
        Self {
            sequence,
            tag,
            fingerprint,
            duplicate: false,
        }
    }

    /// Marks the record as stored before.
    #[must_use]
    pub const fn duplicate(mut self) -> Self {
        self.duplicate = true;
        self
    }
}

/// Says why a record was not stored.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The history is in another epoch than the append.
    OtherEpoch,
    /// The record is larger than [`EngineLimits::record`](super::EngineLimits::record).
    TooLarge,
    /// There is no room, or no connection. It may be tried again after `retry_after`.
    Unavailable {
        /// What is wrong, for people.
        reason: String,
        /// When to try again.
        retry_after: Duration,
    },
    /// The engine takes no records until the process is started again, as after a failed fsync.
    Stopped {
        /// What is wrong, for people.
        reason: String,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherEpoch => f.write_str("the history has begun another epoch"),
            Self::TooLarge => f.write_str("the record is too large for the engine"),
            Self::Unavailable { reason, .. } => f.write_str(reason),
            Self::Stopped { reason } => write!(f, "{reason}; start the process anew"),
        }
    }
}
