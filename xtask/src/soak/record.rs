//! What a soak has shown. In: its figures. Out: a file in `bench/record`, by date and machine.
//!
//! Next: `machine.rs`, which says where.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use xtask::Machine;

pub(super) fn write(
    name: &str,
    about: &str,
    (took, build): (Duration, &str),
    figures: &[String],
) -> Result<(), String> {
    let machine = Machine::look();
    let path = machine.record(&format!("soak-{name}"));
    let text = page(&machine, name, about, (took, build), figures);
    fs::write(&path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    println!("recorded in {}", path.display());
    Ok(())
}

/// Where a soak writes tables of its own, beside its record.
pub(super) fn tables(name: &str) -> PathBuf {
    Machine::look()
        .record(&format!("soak-{name}"))
        .with_extension("json")
}

fn page(
    machine: &Machine,
    name: &str,
    about: &str,
    (took, build): (Duration, &str),
    figures: &[String],
) -> String {
    let mut text = format!(
        "# Soak {name}, {}\n\n{about}: held.\n\n{}- {} s, building included\n- again: `cargo xtask soak {name}`\n\n",
        machine.date,
        machine.list(build),
        took.as_secs()
    );
    for figure in figures {
        let _ = writeln!(text, "- {figure}");
    }
    text
}

#[cfg(test)]
mod tests;
