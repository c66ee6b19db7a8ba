//! What is printed. In: findings. Out: a table for people, or one JSON object.
//!
//! Next: `report/table.rs`, `report/json.rs`, then back to `../load.rs`.

mod json;
mod table;

use std::io::{self, Write};

use super::findings::Findings;
use crate::exit::Ending;

pub(super) fn print(findings: &Findings<'_>) -> Result<(), Ending> {
    let text = match findings.args.json {
        true => json::text(findings),
        false => table::text(findings),
    };
    let mut stdout = io::stdout().lock();
    let written = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
    written.map_err(|error| Ending::of_output(&error))
}
