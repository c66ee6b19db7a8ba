//! Usage errors. In: what clap says. Out: the same without secrets; and for a URL without a command, the
//! command it wants.
//!
//! Next: back to `../args.rs`.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, Error};

use crate::secrets::{MASK, masked};

/// Options whose value is a secret, or has one in it. `-d` has whatever a user sends.
const SECRET: [&str; 12] = [
    "--header",
    "-H",
    "--user",
    "-u",
    "--proxy",
    "--token",
    "--publish-token",
    "--publisher-key",
    "--subscriber-key",
    "--issuer",
    "--data",
    "-d",
];

const QUOTES: &str =
    "put a value with spaces into quotation marks, as in -H 'Authorization: Bearer T'";

/// The error, fit to be printed; `words` are those of the command line.
pub(super) fn printable(mut error: Error, words: &[String], mut program: Command) -> Error {
    if let Some(url) = url_without_command(&error) {
        let url = masked(url);
        let message = format!(
            "there is no command before '{url}'\n\n  tip: to print its events, use 'wellspring tail \
             {url}'; to look for faults, 'wellspring check {url}'"
        );
        return program.error(ErrorKind::InvalidSubcommand, message);
    }
    let option = text(&error, ContextKind::InvalidArg)
        .unwrap_or_default()
        .to_owned();
    for kind in [ContextKind::InvalidValue, ContextKind::InvalidSubcommand] {
        if let Some(value) = text(&error, kind) {
            let name = option.split([' ', '=']).next().unwrap_or_default();
            let value = match SECRET.contains(&name) {
                true => MASK.to_owned(),
                false => masked(value).into_owned(),
            };
            error.insert(kind, ContextValue::String(value));
        }
    }
    if error.kind() == ErrorKind::UnknownArgument {
        let is_secret = may_be_secret(&option, words);
        let shown = if is_secret {
            MASK.into()
        } else {
            masked(&option)
        };
        if is_secret {
            let tip = StyledStr::from(QUOTES);
            error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
        }
        if shown != option {
            error.insert(
                ContextKind::InvalidArg,
                ContextValue::String(shown.into_owned()),
            );
        }
    }
    error
}

/// A word too many may be the rest of a secret whose quotation marks were forgotten.
fn may_be_secret(word: &str, words: &[String]) -> bool {
    if !word.starts_with('-') {
        return words.iter().any(|word| is_secret_option(word));
    }
    words
        .windows(2)
        .any(|pair| is_secret_option(&pair[0]) && pair[1].starts_with(word))
}

fn is_secret_option(word: &str) -> bool {
    let name = word.split('=').next().unwrap_or_default();
    SECRET.iter().any(|option| match option.starts_with("--") {
        true => name == *option,
        false => !name.starts_with("--") && name.starts_with(option),
    })
}

fn url_without_command(error: &Error) -> Option<&str> {
    let word = text(error, ContextKind::InvalidSubcommand)?;
    (error.kind() == ErrorKind::InvalidSubcommand && word.contains("://")).then_some(word)
}

fn text(error: &Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text),
        _ => None,
    }
}
