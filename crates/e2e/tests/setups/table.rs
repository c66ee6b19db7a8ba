//! The set-ups. In: `setups.toml`. Out: products and how they are started, and faults.
//!
//! Next: `running.rs`.

use std::collections::BTreeMap;

use serde::Deserialize;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/setups/setups.toml");

#[derive(Debug, Deserialize)]
pub(crate) struct Table {
    #[serde(rename = "product")]
    pub(crate) products: BTreeMap<String, Product>,
    #[serde(rename = "setup")]
    pub(crate) setups: Vec<Setup>,
}

/// How a program is started.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Product {
    pub(crate) program: String,
    pub(crate) arguments: Vec<String>,
    #[serde(default)]
    pub(crate) environment: BTreeMap<String, String>,
    /// Asked with the URL of the server.
    #[serde(default)]
    pub(crate) forward: bool,
    pub(crate) conf: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Setup {
    pub(crate) product: String,
    pub(crate) fault: String,
    pub(crate) server: String,
    /// Further arguments of `check`.
    #[serde(default)]
    pub(crate) check: Vec<String>,
    lines: String,
    #[serde(default)]
    more: String,
    mended: String,
    #[serde(default)]
    mended_more: String,
    /// The check whose verdict counts.
    pub(crate) found: String,
    /// What its advice has to have.
    pub(crate) mend: String,
}

impl Table {
    pub(crate) fn read() -> Self {
        let text = std::fs::read_to_string(FILE).unwrap();
        toml::from_str(&text).unwrap()
    }
}

impl Setup {
    /// What stands for `{lines}` and `{more}`.
    pub(crate) fn lines(&self, is_mended: bool) -> [&str; 2] {
        match is_mended {
            true => [&self.mended, &self.mended_more],
            false => [&self.lines, &self.more],
        }
    }
}
