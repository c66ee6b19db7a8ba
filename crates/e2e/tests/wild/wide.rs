//! The wide set: every proxy, server and client that is known, asked everything. In: what is installed. Out: a record of
//! tables, where `WELLSPRING_WILD_RECORD` says. `cargo xtask soak wild` runs it; it takes ten minutes.
//!
//! Next: `wide/proxies.rs`.

mod clients;
mod origin;
mod peers;
mod probes;
mod product;
mod products;
mod progress;
mod proxies;
mod reader;
mod resume;
mod servers;
mod stream;

use std::fs;

use progress::Progress;
use serde_json::{Value, json};

#[test]
#[ignore = "takes ten minutes, and every proxy of Debian: cargo xtask soak wild"]
fn everything_is_asked_everything() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let progress = Progress::begin();
    let (proxies, servers, clients) = runtime.block_on(async {
        tokio::join!(
            proxies::rows(&progress),
            servers::rows(&progress),
            clients::rows(&progress)
        )
    });
    let (proxies, missing) = proxies;
    let record =
        json!({ "missing": missing, "proxies": proxies, "servers": servers, "clients": clients });
    let text = serde_json::to_string_pretty(&record).unwrap();
    match std::env::var_os("WELLSPRING_WILD_RECORD") {
        Some(path) if progress.is_whole() => fs::write(path, text + "\n").unwrap(),
        _ => println!("{text}"),
    }
    for row in proxies.iter().chain(&servers).chain(&clients) {
        assert!(row["found"].is_object(), "did not start: {row:#}");
    }
    let over_restarts = proxies
        .iter()
        .map(|row| (row, &row["found"]["restart"]))
        .chain(
            servers
                .iter()
                .map(|row| (row, &row["found"]["over_restarts"])),
        );
    let resumed: Vec<_> = over_restarts
        .filter(|(_, found)| found["lost"].is_u64())
        .collect();
    println!(
        "figures: {} rows of {} proxies; {} servers; {} clients; {} of them resumed over a kill and a restart, 0 lost",
        proxies.len(),
        products(&proxies),
        servers.len(),
        clients.len(),
        resumed.len()
    );
    for (row, found) in resumed {
        assert_eq!(found["lost"], 0, "{row:#}");
        // A server of others may send twice: see `findings/`.
        assert!(
            row["server"].is_string() || found["doubled"] == 0,
            "{row:#}"
        );
    }
}

fn products(rows: &[Value]) -> usize {
    let mut names: Vec<&str> = rows
        .iter()
        .filter_map(|row| row["product"].as_str())
        .collect();
    names.dedup();
    names.len()
}
