//! What a server says of itself. In: the text of `INFO`. Out: whether a history is safe there, or why not in
//! one sentence.
//!
//! Next: `connection.rs`, which asks.

use wellspring_broker::EngineError;

use crate::error::{configuration, unavailable};

/// The oldest version that has what is needed: scripts that say what they do, and `XTRIM MINID`.
const OLDEST: (u32, u32) = (7, 0);

/// The sections that are read. Managed services answer `INFO` where they refuse `CONFIG`.
pub(crate) const SECTIONS: [&str; 5] =
    ["server", "memory", "persistence", "replication", "cluster"];

/// The text of `INFO`.
#[derive(Debug)]
pub(crate) struct Info(String);

impl Info {
    pub(crate) fn new(text: String) -> Self {
        Self(text)
    }

    fn value(&self, name: &str) -> Option<&str> {
        let mut lines = self.0.lines();
        lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
    }

    /// What tells one life of a server from another: the process, and the data it began with.
    pub(crate) fn incarnation(&self) -> String {
        let part = |name| self.value(name).unwrap_or("unknown");
        format!("{}:{}", part("run_id"), part("master_replid"))
    }

    pub(crate) fn is_replica(&self) -> bool {
        self.value("role") == Some("slave")
    }

    /// Says why a history would not be safe here.
    pub(crate) fn refuse(&self, server: &str) -> Result<(), EngineError> {
        let version = self.value("redis_version").unwrap_or("unknown");
        let mut numbers = version.split('.').map(|part| part.parse().unwrap_or(0));
        let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        if found < OLDEST {
            return Err(configuration(format!(
                "{server} is Redis {version}: Redis 7.0 or later is needed, or Valkey"
            )));
        }
        if self.value("cluster_enabled") == Some("1") {
            return Err(configuration(format!(
                "{server} is part of a Redis Cluster, which keeps a stream on one of its nodes only: name a server \
                 that is not in cluster mode"
            )));
        }
        let policy = self.value("maxmemory_policy").unwrap_or("noeviction");
        if policy.starts_with("allkeys") {
            return Err(configuration(format!(
                "{server} has maxmemory-policy {policy}, which may drop the whole history at any time: set it to \
                 noeviction"
            )));
        }
        if self.is_replica() {
            let at = |name| self.value(name).unwrap_or("?");
            return Err(unavailable(format!(
                "{server} is a replica of {}:{}: name the primary, or the Sentinels that know it",
                at("master_host"),
                at("master_port")
            )));
        }
        Ok(())
    }

    /// Says what a restart of the server would lose.
    pub(crate) fn warning(&self, server: &str, save: Option<&str>) -> Option<String> {
        if self.value("aof_enabled") != Some("0") {
            return None;
        }
        Some(match save {
            Some("") => format!(
                "{server} keeps nothing on disk: a restart of it loses the whole history; set appendonly to yes"
            ),
            _ => format!(
                "{server} has appendonly no: a restart of it loses what came after its last snapshot; set it to yes"
            ),
        })
    }
}

#[cfg(test)]
mod tests;
