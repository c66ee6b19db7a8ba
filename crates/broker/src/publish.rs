//! Publishing. In: an update, and the key that it may be recognised by. Out: its id once it is stored, or
//! why it is not.
//!
//! Next: `record.rs` for the bytes, `engine.rs` for where they go.

use std::fmt;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use crate::cursor::{Cursor, Epoch, short};
use crate::engine::{Append, AppendOutcome, IdempotencyKey, Receipt, Refusal};
use crate::record;
use crate::shared::{Counters, Shared};
use crate::update::Update;

/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(200);

/// What is said of a publish that can be tried again later.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// An update that is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Published {
    /// The event's id on the wire: the publisher's, or else its cursor.
    pub id: String,
    /// Its place.
    pub cursor: Cursor,
    /// It was published before, with the same idempotency key.
    pub duplicate: bool,
}

/// Reports that an update was not published, or that this is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublishError {
    /// The update is larger than the [limit](crate::BrokerOptions::publish_limit), or than the engine takes.
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// Another update was published with this idempotency key.
    Conflict,
    /// The update is not stored, and may be published again later.
    Unavailable {
        /// What is wrong, for people.
        reason: String,
        /// When to try again, at the earliest.
        retry_after: Duration,
    },
    /// The update may be stored, now or later. With an idempotency key it may safely be published again.
    InDoubt,
}

impl fmt::Display for PublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { limit } => write!(f, "the update has more than {limit} bytes"),
            Self::Conflict => f.write_str("another update was published with this idempotency key"),
            Self::Unavailable { reason, .. } => f.write_str(reason),
            Self::InDoubt => f.write_str("it is not known whether the update was stored"),
        }
    }
}

impl std::error::Error for PublishError {}

impl Shared {
    pub(crate) async fn publish(
        &self,
        update: &Update,
        key: Option<IdempotencyKey>,
    ) -> Result<Published, PublishError> {
        let record = record::encode(update);
        let limit = self.options.publish_limit.min(self.engine.limits().record);
        if record.len() > limit {
            return Err(PublishError::TooLarge { limit });
        }
        let fingerprint = record::fingerprint(&record);
        let mut append = Append::new(fastrand::u64(..), fingerprint, record);
        append.id = update.id.as_ref().map(|id| id.as_str().into());
        append.key = key;
        let receipt = self.append(append).await?;
        if receipt.fingerprint != fingerprint {
            return Err(PublishError::Conflict);
        }
        let epoch = self.node().lineage().epoch_at(receipt.sequence);
        let cursor = Cursor::new(epoch, receipt.sequence, short(receipt.tag));
        let id = update.id.as_ref().map(|id| id.as_str().to_owned());
        Ok(Published {
            id: id.unwrap_or_else(|| cursor.to_string()),
            cursor,
            duplicate: receipt.duplicate,
        })
    }

    /// Appends until it is known what became of it, or patience is at its end. The same record is taken
    /// for the same each time.
    async fn append(&self, append: Append) -> Result<Receipt, PublishError> {
        let deadline = Instant::now() + self.options.publish_patience;
        let mut was_in_doubt = false;
        loop {
            let epoch = self.node().lineage().current();
            let outcome = timeout_at(deadline, self.append_once(epoch, append.clone())).await;
            let error = match outcome.unwrap_or(AppendOutcome::InDoubt) {
                AppendOutcome::Appended(receipt) => return Ok(receipt),
                // A refusal says nothing of an attempt before it that was in doubt.
                AppendOutcome::Refused(Refusal::TooLarge | Refusal::Stopped { .. })
                    if was_in_doubt =>
                {
                    return Err(PublishError::InDoubt);
                }
                AppendOutcome::Refused(Refusal::TooLarge) => {
                    let limit = self.engine.limits().record;
                    return Err(PublishError::TooLarge { limit });
                }
                AppendOutcome::Refused(Refusal::Stopped { .. }) if was_in_doubt => {
                    return Err(PublishError::InDoubt);
                }
                AppendOutcome::Refused(refusal @ Refusal::Stopped { .. }) => {
                    return Err(unavailable(refusal.to_string(), RETRY_AFTER));
                }
                AppendOutcome::Refused(Refusal::Unavailable {
                    reason,
                    retry_after,
                }) => unavailable(reason, retry_after),
                AppendOutcome::Refused(refusal) => unavailable(refusal.to_string(), RETRY_AFTER),
                AppendOutcome::InDoubt => {
                    Counters::count(&self.counters.in_doubt);
                    was_in_doubt = true;
                    PublishError::InDoubt
                }
            };
            if Instant::now() + PAUSE >= deadline {
                return Err(if was_in_doubt {
                    PublishError::InDoubt
                } else {
                    error
                });
            }
            sleep(PAUSE).await;
        }
    }

    async fn append_once(&self, epoch: Epoch, append: Append) -> AppendOutcome {
        let outcomes = self.engine.append(epoch, vec![append]).await;
        outcomes
            .into_iter()
            .next()
            .unwrap_or(AppendOutcome::InDoubt)
    }
}

fn unavailable(reason: String, retry_after: Duration) -> PublishError {
    PublishError::Unavailable {
        reason,
        retry_after,
    }
}
