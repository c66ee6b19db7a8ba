//! In: a row for each proxy, setting and version of HTTP in front. Out: the page about proxies.
//!
//! Next: `advice.rs`, the lines to set.

use super::advice::ADVICE;
use super::{Tables, text};
use serde_json::Value;
use std::fmt::Write;

const INTRODUCTION: &str = "\
# What proxies do to an event stream

An event stream behind a proxy meets the proxy's habits first: it may hold events back, cut silence, or turn \
a lost connection into a regular end. This page says what each does as it comes, and which lines change it. Versions \
differ; look at yours. `wellspring check URL` finds most of this from outside.

";

const READING: &str = "\
The server sent what ours sends (`Cache-Control: no-cache, no-transform`, `X-Accel-Buffering: no`); the configuration was the \
smallest that passes requests on, with Debian's times where its own file has some. **Silence**: how long nothing may be sent \
before the proxy cuts the stream, and how that looks to the reader; a comment every 15 s keeps every stream open that comes at all. **Server \
dies**: how its end in the middle of the body looks, by a close and by a reset. A *clean end* hides that something is missing: \
a client that resumes does not mind, one that reads an answer to its end does. **Leaving**: how long until the server \
knows that a reader has left, when it sends a comment every 15 s. **gzip on**: what compression of `text/event-stream` does. \
**Second reader**: what another reader of the same URL gets when the server sends no `Cache-Control`.

";

/// The page.
pub(super) fn page(tables: &Tables) -> String {
    let mut page = INTRODUCTION.to_owned();
    page += &tables.source();
    page += &table(tables);
    page.push('\n');
    page += READING;
    for (product, lines) in ADVICE {
        let rows = tables.rows("proxies").iter();
        let rows: Vec<&Value> = rows
            .filter(|row| text(row, "product") == *product)
            .collect();
        if !rows.is_empty() {
            page += &section(product, lines, &rows, tables.date());
        }
    }
    page
}

fn is_plain(row: &Value) -> bool {
    text(row, "kind") == "plain"
}

fn table(tables: &Tables) -> String {
    let mut table = String::from(
        "| proxy | in front | events come | silence | server dies | leaving | gzip on | second reader |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    let rows = tables.rows("proxies");
    for row in rows
        .iter()
        .filter(|row| is_plain(row) && text(row, "lines").is_empty())
    {
        let found = &row["found"];
        let of_kind = |kind: &str| {
            let mut same = rows.iter().filter(|other| {
                ["product", "front"]
                    .iter()
                    .all(|key| other[*key] == row[*key])
                    && text(other, "kind") == kind
            });
            same.next().map(|other| &other["found"])
        };
        let version = text(row, "version")
            .split(['-', '+'])
            .next()
            .unwrap_or_default();
        let _ = writeln!(
            table,
            "| {} {version} | {} | {} | {} | {} | {} | {} | {} |",
            text(row, "product"),
            text(row, "front"),
            if found["first_event_ms"].is_null() {
                "**no**"
            } else {
                "at once"
            },
            silence(&found["silence"]),
            dying(found),
            leaving(&found["leaving_s"]),
            of_kind("gzip").map_or("not tried".to_owned(), |gzip| coding(&gzip["coding"])),
            text(&found["second_reader"], "without_cache_control"),
        );
    }
    table
}

fn silence(silence: &Value) -> String {
    match (silence["after_s"].as_f64(), silence["end"].as_str()) {
        (Some(after), end) => format!("{after:.0} s, {}", end.unwrap_or("unknown")),
        (None, Some(end)) => format!("{end} in {} s", silence["watched_s"]),
        (None, None) => format!("no cut in {} s", silence["watched_s"]),
    }
}

fn dying(found: &Value) -> String {
    match (text(found, "cut_by_fin"), text(found, "cut_by_reset")) {
        (close, reset) if close == reset => close.to_owned(),
        (close, reset) => format!("{close} (close), {reset} (reset)"),
    }
}

fn leaving(seconds: &Value) -> String {
    match seconds.as_f64() {
        None => "not in 75 s".to_owned(),
        Some(seconds) if seconds < 1.0 => "at once".to_owned(),
        Some(seconds) => format!("{seconds:.0} s"),
    }
}

/// What was found for three kinds of streams, in as few words as it takes.
fn coding(coding: &Value) -> String {
    let (small, big) = (text(coding, "small_start"), text(coding, "big_start"));
    let ours = text(coding, "no_transform");
    let mut words = small.to_owned();
    if big != small {
        let _ = write!(words, "; {big} if the first write is large");
    }
    if ours != small {
        let _ = write!(words, "; {ours} with our headers");
    }
    words
}

fn section(product: &str, lines: &str, rows: &[&Value], date: &str) -> String {
    let version = text(rows[0], "version");
    let mut section = format!("## {product}\n\nVersion {version}, seen {date}.\n\n");
    for row in rows.iter().filter(|row| is_plain(row)) {
        let found = &row["found"];
        let setting = match text(row, "lines") {
            "" => "as it comes".to_owned(),
            lines => format!("with `{}`", lines.replace('\n', " ")),
        };
        let events = if found["first_event_ms"].is_null() {
            "events do not come"
        } else {
            "events come at once"
        };
        let _ = writeln!(
            section,
            "- {}, {setting}: {events}; silence: {}; a server that dies: {}{}.",
            text(row, "front"),
            silence(&found["silence"]),
            dying(found),
            restart(&found["restart"])
        );
    }
    section += &passing(&rows[0]["found"]);
    for row in rows.iter().filter(|row| text(row, "kind") == "cache") {
        let second = &row["found"]["second_reader"];
        let _ = writeln!(
            section,
            "- {}, caching on (`{}`): a second reader gets {}; with `Cache-Control: no-cache` {}.",
            text(row, "front"),
            text(row, "lines").replace('\n', " "),
            text(second, "without_cache_control"),
            text(second, "no_cache"),
        );
    }
    let _ = write!(section, "\n{lines}\n\n");
    section
}

fn restart(restart: &Value) -> String {
    match (restart["lost"].as_u64(), restart["events"].as_u64()) {
        (Some(lost), Some(events)) => format!(
            "; over its kill and its restart our client lost {lost} of {events} events, {} came twice",
            restart["doubled"]
        ),
        _ => String::new(),
    }
}

/// What passes it, and what does not.
fn passing(found: &Value) -> String {
    let names = |key: &str| {
        let names = found["headers"][key].as_array();
        let names = names.map(Vec::as_slice).unwrap_or_default();
        let names: Vec<String> = names
            .iter()
            .filter_map(|name| Some(format!("`{}`", name.as_str()?)))
            .collect();
        if names.is_empty() {
            "none".to_owned()
        } else {
            names.join(", ")
        }
    };
    let status = |status: &str| text(&found["statuses"], status).to_owned();
    let old = if found["headers"]["asks_in_http_1_0"] == true {
        "It asks the server in HTTP/1.0. "
    } else {
        ""
    };
    format!(
        "- {old}Headers of the request that do not reach the server: {}; of the response that do not reach the reader: {}. \
         204, 429 and 503 come as {}, {} and {}. With a 103 in front of the stream the reader gets: {} (in one write), {} (in two).\n",
        names("lost_to_server"),
        names("lost_to_reader"),
        status("204"),
        status("429"),
        status("503"),
        status("103-together"),
        status("103-apart"),
    )
}
