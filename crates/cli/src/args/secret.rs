//! Secrets on the command line. In: a word, or the name of a file. Out: the secret, which nothing prints
//! from then on.
//!
//! Next: `load.rs`.

use std::{fmt, fs};

use crate::secrets;

/// A token, or a key.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl Secret {
    /// What fits into a header.
    pub(super) fn token(text: &str) -> Result<Self, String> {
        let secret = Self::key(text)?;
        match secret.0.bytes().all(|byte| byte.is_ascii_graphic()) {
            true => Ok(secret),
            false => Err("a token is visible ASCII without spaces".to_owned()),
        }
    }

    /// Anything but nothing. The line end of a file is no part of it.
    pub(super) fn key(text: &str) -> Result<Self, String> {
        let secret = match text.strip_prefix('@') {
            Some(path) => {
                let read = fs::read_to_string(path);
                let text = read.map_err(|error| format!("{path}: {error}"))?;
                text.trim_end_matches(['\r', '\n']).to_owned()
            }
            None => text.to_owned(),
        };
        if secret.is_empty() {
            return Err("it is empty".to_owned());
        }
        secrets::remember(&secret);
        Ok(Self(secret))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests;
