//! The configuration of the streams. In: options, and what the server has. Out: what to ask for, or a
//! sentence about what would lose events. Pure.
//!
//! Next: `stream.rs`.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::description::Description;
use crate::names::Names;
use crate::options::NatsOptions;

/// What a new stream of records is made with.
pub(crate) fn records(options: &NatsOptions, names: &Names, description: &Description) -> Value {
    let epoch = description.numbering.epoch;
    json!({
        "name": names.stream,
        "description": description.to_text(),
        "subjects": [names.records(epoch)],
        "retention": "limits",
        "discard": "old",
        "storage": "file",
        "max_msgs": -1,
        "max_bytes": -1,
        "max_age": 0,
        "max_msg_size": -1,
        "max_msgs_per_subject": -1,
        "max_consumers": -1,
        "duplicate_window": nanoseconds(options),
        "num_replicas": options.replicas.unwrap_or(1),
        "allow_direct": true,
    })
}

/// What a new stream of leases and members is made with.
pub(crate) fn presence(names: &Names, replicas: u64) -> Value {
    json!({
        "name": names.presence,
        "description": "leases and members of the nodes of wellspring hub",
        "subjects": [names.presences()],
        "retention": "limits",
        "discard": "old",
        "storage": "file",
        "max_msgs_per_subject": 1,
        "num_replicas": replicas,
    })
}

/// The window in which the server recognises message ids.
pub(crate) fn nanoseconds(options: &NatsOptions) -> i64 {
    i64::try_from(options.key_window.as_nanos()).unwrap_or(i64::MAX)
}

pub(crate) fn replicas(config: &Value) -> u64 {
    config["num_replicas"].as_u64().unwrap_or(1)
}

/// The rules that a stream keeps by, as far as they matter.
#[derive(Debug, Deserialize)]
#[serde(default)]
struct Rules {
    retention: String,
    discard: String,
    storage: String,
    max_bytes: i64,
    max_age: i64,
    max_msg_size: i64,
    max_msgs_per_subject: i64,
    max_consumers: i64,
    num_replicas: u64,
    sealed: bool,
    no_ack: bool,
    deny_purge: bool,
    allow_rollup_hdrs: bool,
    allow_msg_ttl: bool,
    mirror: Value,
    sources: Value,
    subject_transform: Value,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            retention: "limits".to_owned(),
            discard: "old".to_owned(),
            storage: "file".to_owned(),
            max_bytes: -1,
            max_age: 0,
            max_msg_size: -1,
            max_msgs_per_subject: -1,
            max_consumers: -1,
            num_replicas: 1,
            sealed: false,
            no_ack: false,
            deny_purge: false,
            allow_rollup_hdrs: false,
            allow_msg_ttl: false,
            mirror: Value::Null,
            sources: Value::Null,
            subject_transform: Value::Null,
        }
    }
}

/// What is wrong with a stream that is there: what it does, and what that would do.
pub(crate) fn check(config: &Value, options: &NatsOptions) -> Result<(), String> {
    let rules =
        Rules::deserialize(config).map_err(|error| format!("is not understood: {error}"))?;
    let is_set = |value: &Value| !matches!(value, Value::Null) && value != &json!([]);
    let faults = [
        (
            rules.retention != "limits",
            "has a retention of its own; a hub needs `limits`, or what one node has read is gone for the others",
        ),
        (
            rules.discard != "old",
            "refuses new messages when it is full; a hub needs `discard old`",
        ),
        (
            rules.max_age != 0,
            "drops messages by its own `max_age`, the newest too; use --history-age",
        ),
        (
            rules.max_bytes >= 0,
            "drops messages by its own `max_bytes`, the newest too; use --history-bytes",
        ),
        (
            rules.max_msgs_per_subject > 0,
            "drops messages by its own `max_msgs_per_subject`",
        ),
        (
            rules.max_msg_size >= 0,
            "refuses messages by its own `max_msg_size`; use --max-update",
        ),
        (
            rules.max_consumers > 0,
            "has a limit of consumers; each node needs several",
        ),
        (
            is_set(&rules.mirror) || is_set(&rules.sources),
            "is filled from other streams; a hub needs one that it alone writes",
        ),
        (
            is_set(&rules.subject_transform),
            "rewrites subjects, by which a hub finds events",
        ),
        (rules.sealed, "is sealed: nothing can be appended"),
        (
            rules.no_ack,
            "does not confirm what is appended, so that nobody knows what is stored",
        ),
        (
            rules.deny_purge,
            "forbids to drop old messages (`deny_purge`), so that no history can be limited",
        ),
        (
            rules.allow_rollup_hdrs || rules.allow_msg_ttl,
            "lets single messages drop others or themselves (`allow_rollup_hdrs`, `allow_msg_ttl`)",
        ),
    ];
    if let Some((_, fault)) = faults.iter().find(|(is_so, _)| *is_so) {
        return Err((*fault).to_owned());
    }
    match options.replicas {
        Some(wanted) if wanted as u64 != rules.num_replicas => Err(format!(
            "has {} replicas and not {wanted}; `nats stream edit NAME --replicas={wanted}` changes that",
            rules.num_replicas
        )),
        _ => Ok(()),
    }
}

/// What a stream that is there promises less than it might.
pub(crate) fn warnings(config: &Value) -> Vec<String> {
    let in_memory = config["storage"].as_str() == Some("memory");
    let warning = "it is kept in memory: a restart of the servers begins an empty history";
    in_memory.then(|| warning.to_owned()).into_iter().collect()
}

#[cfg(test)]
mod tests;
