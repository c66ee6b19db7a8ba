//! Keys, read from where they are. In: a secret, PEM, a file, a URL. Out: keys, or what is wrong with them, never
//! shown.
//!
//! Next: `fetch.rs` for URLs.

use std::sync::Arc;

use wellspring_hub::tokens::{Algorithm, Issuer, Key, Keys, RemoteKeys};

use super::fetch::Fetcher;
use crate::args::{HubKeys, KeySource};
use crate::exit::Ending;
use crate::note::note;
use crate::secrets;

/// Shorter secrets can be guessed, says RFC 7518 (3.2).
const SHORT: usize = 32;

/// Of one option.
pub(super) fn keys(option: &str, source: &KeySource, algorithm: Algorithm) -> Result<Keys, Ending> {
    let text = match source {
        KeySource::Url(url) => {
            let remote = RemoteKeys::new(url.clone(), Fetcher::new());
            return Ok(Keys::new().remote(Arc::new(remote)));
        }
        KeySource::File(path) => std::fs::read(path).map_err(|error| {
            Ending::usage(format_args!("{option}: {}: {error}", path.display()))
        })?,
        KeySource::Text(text) => text.clone().into_bytes(),
    };
    let is_file = matches!(source, KeySource::File(_));
    // The line end that editors put at the end of a file is no part of a secret.
    let text = if is_file {
        text.trim_ascii_end()
    } else {
        &text
    };
    if let Ok(text) = std::str::from_utf8(text) {
        secrets::remember(text);
    }
    let made = match algorithm {
        Algorithm::Hs256 | Algorithm::Hs384 | Algorithm::Hs512 => Key::secret(text, algorithm),
        _ => Key::pem(text, algorithm),
    };
    let key = made.map_err(|error| Ending::usage(format_args!("{option}: {error}")))?;
    if key.secret_len().is_some_and(|length| length < SHORT) {
        note(&format!(
            "wellspring: {option}: a secret of fewer than {SHORT} bytes can be guessed; make a longer one"
        ));
    }
    Ok(Keys::new().key(key))
}

/// Of `--publisher-key` and its like; none without it.
pub(super) fn optional(
    option: &str,
    source: Option<&KeySource>,
    algorithm: Algorithm,
) -> Result<Keys, Ending> {
    match source {
        Some(source) => keys(option, source, algorithm),
        None => Ok(Keys::new()),
    }
}

/// Of every `--issuer`.
pub(super) fn issuers(args: &HubKeys) -> Result<Vec<Issuer>, Ending> {
    let issuers = args.issuer.iter().map(|issuer| {
        let keys = keys("--issuer", &issuer.source, args.issuer_alg)?;
        Ok(Issuer {
            name: issuer.name.clone(),
            keys,
        })
    });
    issuers.collect()
}
