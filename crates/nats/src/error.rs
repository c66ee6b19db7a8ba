//! What callers are told. In: what JetStream answered, or that it did not. Out: errors of an engine.
//!
//! Next: `api/answers.rs`.

use std::time::Duration;

use wellspring_broker::{EngineError, EngineErrorKind, Refusal};

use crate::api::ApiError;
use crate::requests::Unanswered;

/// What is said of an append that can be tried again later.
const RETRY_AFTER: Duration = Duration::from_secs(1);

pub(crate) fn unavailable(message: impl Into<String>) -> EngineError {
    EngineError::new(EngineErrorKind::Unavailable, message)
}

pub(crate) fn configuration(message: impl Into<String>) -> EngineError {
    EngineError::new(EngineErrorKind::Configuration, message)
}

impl From<ApiError> for EngineError {
    fn from(error: ApiError) -> Self {
        match &error {
            ApiError::Unanswered(_) => unavailable(error.to_string()),
            ApiError::Refused(refused) if is_full(refused.err_code) => {
                Self::new(EngineErrorKind::Full, error.to_string())
            }
            ApiError::Refused(refused) if refused.code >= 500 => unavailable(error.to_string()),
            ApiError::Refused(_) | ApiError::Malformed(_) => {
                Self::new(EngineErrorKind::Other, error.to_string())
            }
        }
    }
}

/// No room in memory, on the disk, or in the account.
fn is_full(err_code: u32) -> bool {
    matches!(err_code, 10_002 | 10_023 | 10_028 | 10_047 | 10_077)
}

pub(crate) fn refused(reason: impl Into<String>) -> Refusal {
    Refusal::Unavailable {
        reason: reason.into(),
        retry_after: RETRY_AFTER,
    }
}

/// Whether what was asked may have been done all the same.
pub(crate) fn is_in_doubt(error: &ApiError) -> bool {
    matches!(
        error,
        ApiError::Unanswered(Unanswered::Lost) | ApiError::Malformed(_)
    )
}
