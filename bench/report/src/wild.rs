//! In: the newest tables of `cargo xtask soak wild`. Out: `docs/proxies.md` and `docs/in-the-wild.md`, which are nothing but
//! what these tables say and what [`advice`] adds to them.
//!
//! Next: `wild/proxies.rs`, `wild/peers.rs`.

mod advice;
mod peers;
mod proxies;
#[cfg(test)]
mod tests;

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

const ENDING: &str = "-soak-wild.json";

/// The newest tables, and what they are called.
#[derive(Clone, Debug)]
struct Tables {
    file: String,
    value: Value,
}

impl Tables {
    fn newest(root: &Path) -> Result<Self, String> {
        let folder = root.join("bench/record");
        let entries =
            fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let newest = names.filter(|name| name.ends_with(ENDING)).max();
        let file = newest.ok_or("no record of `cargo xtask soak wild`")?;
        let text =
            fs::read_to_string(folder.join(&file)).map_err(|error| format!("{file}: {error}"))?;
        let value = serde_json::from_str(&text).map_err(|error| format!("{file}: {error}"))?;
        Ok(Self { file, value })
    }

    fn date(&self) -> &str {
        self.file.get(..10).unwrap_or_default()
    }

    fn rows(&self, name: &str) -> &[Value] {
        let rows = self.value[name].as_array();
        rows.map(Vec::as_slice).unwrap_or_default()
    }

    /// Where it comes from, and how to find it again.
    fn source(&self) -> String {
        format!(
            "Seen on {} by `cargo xtask soak wild`, on loopback, with [these figures](../bench/record/{}). \
             Nothing on this page is typed by hand: `cargo xtask bench report` makes it, and a test compares.\n\n",
            self.date(),
            self.file
        )
    }
}

/// A text of a row, or nothing.
fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap_or_default()
}

/// Both pages, as the record says they should be.
#[derive(Debug)]
pub struct Pages(Vec<(PathBuf, String)>);

impl Pages {
    /// What the pages should be.
    ///
    /// # Errors
    ///
    /// When there is no record, or it cannot be read.
    pub fn of(root: &Path) -> Result<Self, String> {
        let tables = Tables::newest(root)?;
        Ok(Self(vec![
            (root.join("docs/proxies.md"), proxies::page(&tables)),
            (root.join("docs/in-the-wild.md"), peers::page(&tables)),
        ]))
    }

    /// Writes them.
    ///
    /// # Errors
    ///
    /// When a file cannot be written.
    pub fn write(&self) -> Result<(), String> {
        for (path, text) in &self.0 {
            fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))?;
            println!("{}", path.display());
        }
        Ok(())
    }

    /// Whether that is how they are.
    ///
    /// # Errors
    ///
    /// When one is not.
    pub fn check(&self) -> Result<(), String> {
        for (path, text) in &self.0 {
            if fs::read_to_string(path).ok().as_ref() != Some(text) {
                let path = path.display();
                return Err(format!(
                    "{path} is not what the record says: run `cargo xtask bench --report`"
                ));
            }
        }
        Ok(())
    }
}
