//! What the description of the stream says. In: the epochs, and when the stream was created. Out: a text of
//! at most 4,000 characters, and back.
//!
//! A stream that was made anew from a copy of its configuration has a description that names another time
//! of creation: so it is recognised.
//!
//! Next: `stream.rs`, which reads and writes it.

use std::fmt;

use wellspring_broker::Epoch;

use crate::numbering::{Begin, Numbering, Past};

/// The server takes 4,096 bytes.
const LONGEST: usize = 4_000;

const NAME: &str = "wellspring-hub";

const VERSION: &str = "1";

/// Where the time of creation is not written down yet.
const UNKNOWN: &str = "-";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Description {
    /// As the server writes it.
    pub(crate) created: Option<String>,
    pub(crate) numbering: Numbering,
}

/// Why a description is not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotOurs {
    Foreign,
    NewerVersion,
    Damaged,
}

impl Description {
    pub(crate) fn parse(text: &str) -> Result<Self, NotOurs> {
        let mut words = text.split(' ');
        if words.next() != Some(NAME) {
            return Err(NotOurs::Foreign);
        }
        match words.next() {
            Some(VERSION) => {}
            Some(version) if version.parse::<u32>().is_ok() => return Err(NotOurs::NewerVersion),
            _ => return Err(NotOurs::Damaged),
        }
        let created = words.next().ok_or(NotOurs::Damaged)?;
        let current = words.next_back().and_then(parse_current);
        let past: Option<Vec<Past>> = words.map(parse_past).collect();
        let (epoch, begin) = current.ok_or(NotOurs::Damaged)?;
        let past = past.ok_or(NotOurs::Damaged)?;
        Ok(Self {
            created: (created != UNKNOWN).then(|| created.to_owned()),
            numbering: Numbering { past, epoch, begin },
        })
    }

    /// The oldest epochs are left out where there are too many.
    pub(crate) fn to_text(&self) -> String {
        let mut shortened = self.clone();
        loop {
            let text = shortened.to_string();
            if text.len() <= LONGEST || shortened.numbering.past.is_empty() {
                return text;
            }
            shortened.numbering.past.remove(0);
        }
    }
}

fn parse_past(word: &str) -> Option<Past> {
    let parts: Vec<&str> = word.split(':').collect();
    let [epoch, from, until, ahead] = parts[..] else {
        return None;
    };
    Some(Past {
        epoch: epoch.parse().ok()?,
        from: from.parse().ok()?,
        until: until.parse().ok()?,
        ahead: ahead.parse().ok()?,
    })
}

fn parse_current(word: &str) -> Option<(Epoch, Begin)> {
    let parts: Vec<&str> = word.split(':').collect();
    let (epoch, begin) = match parts[..] {
        [epoch, "behind", last] => (
            epoch,
            Begin::Behind {
                last: last.parse().ok()?,
            },
        ),
        [epoch, from, ahead] => (
            epoch,
            Begin::At {
                from: from.parse().ok()?,
                ahead: ahead.parse().ok()?,
            },
        ),
        _ => return None,
    };
    Some((epoch.parse().ok()?, begin))
}

impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let created = self.created.as_deref().unwrap_or(UNKNOWN);
        write!(f, "{NAME} {VERSION} {created}")?;
        for past in &self.numbering.past {
            let (from, until, ahead) = (past.from, past.until, past.ahead);
            write!(f, " {}:{from}:{until}:{ahead}", past.epoch)?;
        }
        match self.numbering.begin {
            Begin::At { from, ahead } => write!(f, " {}:{from}:{ahead}", self.numbering.epoch),
            Begin::Behind { last } => write!(f, " {}:behind:{last}", self.numbering.epoch),
        }
    }
}

#[cfg(test)]
mod tests;
