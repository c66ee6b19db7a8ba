//! In: a row for each server and client. Out: the page about them.
//!
//! Next: back to `wild.rs`.

use super::{Tables, text};
use serde_json::Value;
use std::fmt::Write;

const INTRODUCTION: &str = "\
# Servers and clients in the wild

What other event stream software sends, what it does with what ours sends, and what comes through a kill. Each runs in a \
version that is pinned, the way its documentation shows it.

";

const SERVERS: &str = "\
## Servers, read by our client

**Resumes**: whether a reader that brings the id of its last event gets the next one; in most of them the program decides that, \
and the program here does. **Idle**: what comes, of itself, when the program has nothing to say: without it, a proxy may \
cut the stream ([proxies.md](proxies.md)). **Killed, restarted**: `wellspring tail` over a SIGKILL and a SIGTERM of the server: \
events lost, events doubled. **Ends after**: how long the server takes to end at a SIGTERM with a reader on it. **check**: \
whether `wellspring check` is right about it.

| server | on | line end | ids | resumes | idle | Cache-Control / X-Accel-Buffering | killed, restarted: lost, doubled | ends after | check |
|---|---|---|---|---|---|---|---|---|---|
";

const CLIENTS: &str = "\
## Clients, on our server

Nine events with two cuts between them, then a clean end and another server with three more. **Empty events**: how many the \
client makes of comments and openings. **Ids sent**: with how many of its connections it brought a last event ID; the first \
has none to bring.

| client | on | of 9 over two cuts | of 3 after a clean end | doubled | empty events | ids sent |
|---|---|---|---|---|---|---|
";

/// A text of a row, or a dash.
fn dash(row: &Value, key: &str) -> String {
    match text(row, key) {
        "" => "-".to_owned(),
        value => value.to_owned(),
    }
}

/// The page.
pub(super) fn page(tables: &Tables) -> String {
    let mut page = INTRODUCTION.to_owned() + &tables.source() + SERVERS;
    for row in tables.rows("servers") {
        page += &server(row);
    }
    page.push('\n');
    page += CLIENTS;
    for row in tables.rows("clients") {
        page += &client(row);
    }
    page
}

fn server(row: &Value) -> String {
    let found = &row["found"];
    let over = &found["over_restarts"];
    let counts = match (over["lost"].as_u64(), over["doubled"].as_u64()) {
        (Some(lost), Some(doubled)) => format!("{lost}, {doubled}"),
        _ if over["comes_back"] == true => "comes back, cannot resume".to_owned(),
        _ => "does not come back".to_owned(),
    };
    let ends = over["ends_after_s"].as_f64();
    let ends = ends.map_or("not in 8 s".to_owned(), |seconds| format!("{seconds:.0} s"));
    let mut line = String::new();
    let _ = writeln!(
        line,
        "| {} {} | {} | {}{} | {} | {} | {} | {} / {} | {counts} | {ends} | {} |",
        text(row, "server"),
        text(row, "version"),
        dash(row, "runs_on"),
        text(found, "line_end"),
        if found["space_after_colon"] == true {
            ""
        } else {
            ", no space"
        },
        yes(&found["ids"]),
        yes(&found["resumes"]),
        match text(found, "idle") {
            "" => "not tried",
            idle => idle,
        },
        dash(found, "cache_control"),
        dash(found, "x_accel_buffering"),
        verdict(&found["check"]),
    );
    line
}

fn verdict(check: &Value) -> String {
    if check["right"] == true {
        return "right".to_owned();
    }
    format!("**wrong**: {}", text(check, "resumption"))
}

fn yes(value: &Value) -> &'static str {
    if value == true { "yes" } else { "no" }
}

fn client(row: &Value) -> String {
    let found = &row["found"];
    format!(
        "| {} {} | {} | {} | {} | {} | {} | {} of {} |\n",
        text(row, "client"),
        text(row, "version"),
        dash(row, "runs_on"),
        found["over_two_cuts"],
        found["after_a_clean_end"],
        found["doubled"],
        found["empty_events"],
        found["connections_with_an_id"],
        found["connections"],
    )
}
