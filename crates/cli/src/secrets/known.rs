//! Secrets of the command line. In: their values. Out: texts in which they are masked, wherever a
//! server or an error repeats them.
//!
//! Next: back to `../secrets.rs`.

use std::sync::{Mutex, PoisonError};

/// Stands where a secret was.
pub(crate) const MASK: &str = "***";

/// Shorter ones would mask words that merely look like them.
const SHORTEST: usize = 6;

static KNOWN: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Masks this text from now on, if it is long enough to be told from other words.
pub(crate) fn remember(secret: &str) {
    let secret = secret.trim();
    if secret.len() < SHORTEST {
        return;
    }
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if !known.iter().any(|known| known == secret) {
        known.push(secret.to_owned());
        // A secret within a longer one is masked with it.
        known.sort_by_key(|known| usize::MAX - known.len());
    }
}

pub(super) fn mask(text: &str) -> Option<String> {
    let known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut masked = None;
    for secret in known.iter() {
        let shown = masked.as_deref().unwrap_or(text);
        if shown.contains(secret) {
            masked = Some(shown.replace(secret, MASK));
        }
    }
    masked
}
