//! Which subscriber gets which events. In: the arguments about topics and tokens. Out: for each subscriber its URL, token
//! and rights; subscribers with the same selectors share them.
//!
//! Next: `plan.rs`.

use std::collections::HashMap;
use std::sync::Arc;

use url::Url;
use wellspring_matcher::Selector;

use super::rights::{Privacy, Right, Rights};
use super::selectors::{Asked, asked, numbered, url};
use super::token::{Action, Authority, covered};
use crate::args::{self, Publishing};
use crate::exit::Ending;

/// What subscribers of one kind have in common.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) url: Url,
    pub(super) token: Option<String>,
    pub(super) rights: Rights,
}

/// All topics, by number.
pub(super) fn topics(args: &args::Load, number: u32) -> Result<Vec<String>, Ending> {
    let is_one_for_all = number > 1 && !args.topic.contains("{n}");
    if is_one_for_all && args.publish == Publishing::Mercure {
        let wrong = "--topic has no {n} in it, and there are several topics: add {n}, or --topics 1 \
                     --publishers 1";
        return Err(Ending::usage(wrong));
    }
    Ok((0..number).map(|at| numbered(&args.topic, at)).collect())
}

/// The part of each subscriber.
pub(super) fn parts(
    args: &args::Load,
    stream: &Url,
    topics: &[String],
    authority: &Authority<'_>,
) -> Result<Vec<Arc<Part>>, Ending> {
    let own = [args.topic.clone()];
    let selectors = if args.selectors.is_empty() {
        &own
    } else {
        args.selectors.as_slice()
    };
    let given = args.token.as_ref().map(|token| covered(token.as_str()));
    let given = given.map(Option::unwrap_or_default);
    let topic_count = u32::try_from(topics.len()).unwrap_or(u32::MAX).max(1);
    let mut known: HashMap<(Vec<Asked>, Vec<Asked>), Arc<Part>> = HashMap::new();
    let parts = (0..args.subscribers).map(|subscriber| {
        let turn = |all: &[String]| {
            let text = &all[subscriber as usize % all.len()];
            asked(text, subscriber % topic_count, args.dialect)
        };
        let wanted = turn(selectors);
        let granted = match (&given, args.grants.as_slice()) {
            (Some(given), []) => given.clone(),
            (None, []) => wanted.clone(),
            (_, grants) => turn(grants),
        };
        let key = (wanted, granted);
        if let Some(part) = known.get(&key) {
            return Ok(Arc::clone(part));
        }
        let part = Arc::new(part(args, stream, topics, authority, &key)?);
        known.insert(key, Arc::clone(&part));
        Ok(part)
    });
    parts.collect()
}

fn part(
    args: &args::Load,
    stream: &Url,
    topics: &[String],
    authority: &Authority<'_>,
    (wanted, granted): &(Vec<Asked>, Vec<Asked>),
) -> Result<Part, Ending> {
    let privacy = Privacy {
        share: args.private,
    };
    let rights = |rights: Vec<Right>| Rights {
        topics: rights.into(),
        privacy,
    };
    let token = match (&args.token, &args.subscriber_key) {
        (Some(token), _) => Some(token.as_str().to_owned()),
        (None, Some(key)) => Some(authority.token(Action::Subscribe, granted, key.as_str())),
        (None, None) => None,
    };
    if args.publish != Publishing::Mercure {
        let everything = Right {
            asked: true,
            granted: true,
        };
        return Ok(Part {
            url: stream.clone(),
            token,
            rights: rights(vec![everything; topics.len()]),
        });
    }
    let compiled = |all: &[Asked]| -> Result<Vec<Selector>, Ending> {
        let wrong = |asked: &Asked, error| {
            Ending::usage(format_args!("the selector '{}': {error}", asked.text))
        };
        let all = all.iter();
        let compiled = all.map(|asked| asked.selector(stream).map_err(|error| wrong(asked, error)));
        compiled.collect()
    };
    let (selectors, grants) = (compiled(wanted)?, compiled(granted)?);
    let has_token = token.is_some();
    let matches = |all: &[Selector], topic: &str| all.iter().any(|one| one.matches(topic));
    let by_topic = topics.iter().map(|topic| Right {
        asked: matches(&selectors, topic),
        granted: has_token && matches(&grants, topic),
    });
    Ok(Part {
        url: url(stream, wanted),
        token,
        rights: rights(by_topic.collect()),
    })
}

#[cfg(test)]
mod tests;
