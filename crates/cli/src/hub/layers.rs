//! Where options come from. In: the command line with the environment, a file, and variables that Mercure's own
//! hub has. Out: all of it as one; what comes first counts.
//!
//! The others become words of a command line of their own, so that there is one set of names, and one set of
//! rules for what is valid.
//!
//! Next: `mercure.rs`.

mod given;
mod mercure;

use std::ffi::OsString;
use std::path::Path;

use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, Parser};
use toml::{Table, Value};

use crate::args::{self, Args, Command};
use crate::exit::Ending;
use given::Given;

/// The options that were given, and those of the other places that were not.
pub(super) fn complete(args: args::Hub) -> Result<args::Hub, Ending> {
    let file = args.config.as_deref().map(of_file).transpose()?;
    let others = mercure::of_environment(|name| std::env::var(name).ok());
    let layers = [file.unwrap_or_default(), others];
    if layers.iter().all(Vec::is_empty) {
        return Ok(args);
    }
    let words: Vec<OsString> = std::env::args_os().collect();
    let matches = Args::command().try_get_matches_from(&words);
    let Some(matches) = matches
        .ok()
        .and_then(|all| all.subcommand_matches("hub").cloned())
    else {
        return Ok(args);
    };
    parse(words, &matches, layers)
}

/// Reads the command line again, with what the layers add to it; the first that has an option counts.
fn parse<const N: usize>(
    mut words: Vec<OsString>,
    matches: &ArgMatches,
    layers: [Vec<Given>; N],
) -> Result<args::Hub, Ending> {
    let mut known: Vec<String> = Vec::new();
    for layer in layers {
        let mut new = Vec::new();
        for one in layer {
            let id = one.name.replace('-', "_");
            let source = matches.value_source(&id);
            let is_said = matches!(
                source,
                Some(ValueSource::CommandLine | ValueSource::EnvVariable)
            );
            if is_said || known.contains(&one.name) {
                continue;
            }
            words.push(match one.value {
                Some(value) => format!("--{}={value}", one.name).into(),
                None => format!("--{}", one.name).into(),
            });
            new.push(one.name);
        }
        known.extend(new);
    }
    match Args::try_parse_from(words).map(|args| args.command) {
        Ok(Command::Hub(args)) => Ok(*args),
        Ok(_) => Err(Ending::usage("the options make another command")),
        Err(error) => {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default();
            let says = first.strip_prefix("error: ").unwrap_or(first);
            Err(Ending::usage(format_args!(
                "in --config, or in a variable MERCURE_…: {says}"
            )))
        }
    }
}

fn of_file(path: &Path) -> Result<Vec<Given>, Ending> {
    let shown = path.display();
    let text = std::fs::read_to_string(path);
    let text = text.map_err(|error| Ending::usage(format_args!("--config {shown}: {error}")))?;
    let table: Result<Table, _> = text.parse();
    let table = table.map_err(|error| {
        // The message, and not the line it is about: that may be a secret.
        let line = error
            .span()
            .map_or(1, |span| text[..span.start].lines().count().max(1));
        Ending::usage(format_args!(
            "--config {shown}: line {line}: {}",
            error.message()
        ))
    })?;
    let command = Args::command();
    let hub = command.find_subcommand("hub");
    let is_known = |name: &str| {
        let mut longs = hub.into_iter().flat_map(clap::Command::get_arguments);
        longs.any(|argument| argument.get_long() == Some(name)) && name != "config"
    };
    let mut given = Vec::new();
    for (name, value) in table {
        if !is_known(&name) {
            return Err(Ending::usage(format_args!(
                "--config {shown}: there is no option {name:?}; they are those of 'wellspring hub --help' without \
                 the dashes"
            )));
        }
        let wrong = || {
            Ending::usage(format_args!(
                "--config {shown}: {name} is a text, a number, true, false, or a list of those"
            ))
        };
        given.extend(values(&name, value).ok_or_else(wrong)?);
    }
    Ok(given)
}

fn values(name: &str, value: Value) -> Option<Vec<Given>> {
    let one = |value: Option<String>| Given {
        name: name.to_owned(),
        value,
    };
    match value {
        Value::Boolean(true) => Some(vec![one(None)]),
        Value::Boolean(false) => Some(Vec::new()),
        Value::String(text) => Some(vec![one(Some(text))]),
        Value::Integer(number) => Some(vec![one(Some(number.to_string()))]),
        Value::Float(number) => Some(vec![one(Some(number.to_string()))]),
        Value::Array(list) => {
            let lists = list.into_iter().map(|value| match value {
                Value::Array(_) | Value::Boolean(_) => None,
                value => values(name, value),
            });
            Some(lists.collect::<Option<Vec<_>>>()?.concat())
        }
        Value::Datetime(_) | Value::Table(_) => None,
    }
}

#[cfg(test)]
mod tests;
