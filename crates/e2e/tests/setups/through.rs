//! `wellspring check --through` on four real proxies: what each changes is told, and a good one is left alone.
//!
//! Next: back to `main.rs`.

use std::process::{Command, Stdio};

use serde_json::Value;
use wellspring_e2e::program::wellspring;

use crate::running::Running;
use crate::stream;
use crate::table::Table;

/// Of a product with these lines before such a server; nothing where it is not on this machine.
fn compared(product: &str, lines: [&str; 2], server: &str, time: &str) -> Option<Value> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(stream::server(server));
    let table = Table::read();
    let running = Running::start(&table.products[product], lines, server.address())?.unwrap();
    let front = format!("http://127.0.0.1:{}/events", running.port);
    let mut command = Command::new(wellspring().unwrap());
    command.args(["check", &server.url("/events"), "--through", &front]);
    command.args(["--no-proxy", "--json", "--for", time]);
    let output = command.stderr(Stdio::null()).output().unwrap();
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

fn row<'a>(compared: &'a Value, check: &str) -> &'a Value {
    let mut rows = compared["compared"].as_array().unwrap().iter();
    let row = rows.find(|row| row["check"] == check);
    row.unwrap_or_else(|| panic!("no {check}: {compared:#}"))
}

#[test]
fn a_good_way_changes_headers_and_nothing_else() {
    const LONG: &str = "timeout client 1h\n timeout server 1h";
    for (product, lines, adds) in [
        ("nginx", "proxy_http_version 1.1;", "server: nginx"),
        ("HAProxy", LONG, ""),
        ("Caddy", "", "server: Caddy"),
        ("Varnish", "", "via: "),
    ] {
        let Some(compared) = compared(product, [lines, ""], "ticking", "4") else {
            continue;
        };
        let is_good = compared["worst"] == "ok" || compared["worst"] == "note";
        assert!(is_good, "{product}: {compared:#}");
        for check in ["status", "events", "buffering", "retry", "end"] {
            assert_eq!(
                row(&compared, check)["severity"],
                "ok",
                "{product}: {compared:#}"
            );
        }
        let rows = compared["compared"].as_array().unwrap();
        let added = rows.iter().any(|row| {
            let through = row["through"].as_str().unwrap();
            row["check"] == "header" && through.starts_with(adds)
        });
        assert!(added || adds.is_empty(), "{product}: {compared:#}");
    }
}

#[test]
fn what_a_real_proxy_does_is_told() {
    let nobody_cuts = "timeout client 1h\n timeout server 1h";
    for (product, lines, server, check, what, advice) in [
        (
            "nginx",
            ["", ""],
            "unframed",
            "connect",
            "keeps even the head",
            "proxy_buffering off;",
        ),
        (
            "HAProxy",
            ["timeout client 1h\n timeout server 4s", ""],
            "quiet",
            "end",
            "cuts off what is silent for 4 s",
            "timeout server 1h",
        ),
        ("HAProxy", [nobody_cuts, ""], "lost", "end", "", ""),
        (
            "Caddy",
            ["", ""],
            "lost",
            "end",
            "makes a good end",
            "Caddy",
        ),
        (
            "Varnish",
            [
                "sub vcl_backend_response { set beresp.do_stream = false; }",
                "",
            ],
            "ticking",
            "connect",
            "keeps even the head",
            "set beresp.do_stream = true;",
        ),
    ] {
        let Some(compared) = compared(product, lines, server, "6") else {
            continue;
        };
        let row = row(&compared, check);
        let expected = if what.is_empty() { "ok" } else { "error" };
        assert_eq!(row["severity"], expected, "{product}: {row:#}");
        assert!(
            row["what"].as_str().unwrap().contains(what),
            "{product}: {row:#}"
        );
        let advised = row["advice"].as_str().unwrap_or_default();
        assert!(advised.contains(advice), "{product}: {row:#}");
    }
}
