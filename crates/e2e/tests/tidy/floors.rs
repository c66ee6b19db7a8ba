//! The floors of each crate. In: the arrows between its files. Out: those that point upwards, and the
//! rings.
//!
//! Next: `style.rs`, about what is in the files.

use crate::assert_none;
use crate::imports::{Arrow, arrows, modules, shown};
use crate::source::{self, Source};
use std::collections::{BTreeMap, BTreeSet};

/// The folder of a crate, and its modules from the top floor down. A file uses what stands on its own
/// floor and below. The root of a crate hands on what is public; no file uses it.
const FLOORS: &[(&str, &[&[&str]])] = &[
    (
        "crates/proto/src/",
        &[&["encoder", "event_source"], &["event_stream"], &["event"]],
    ),
    (
        "crates/client/src/",
        &[
            &["store"],
            &["source"],
            &["driver"],
            &["policy"],
            &["dom"],
            &["outcome"],
            &["fetch"],
            &["transport"],
            &["pace", "sync"],
        ],
    ),
    (
        "crates/server/src/",
        &[
            &["response", "serve"],
            &["channel", "body"],
            &["opening", "gap", "keep_alive"],
            &["log", "last_event_id", "wheel"],
        ],
    ),
    (
        "crates/hub/src/",
        &[
            &["service"],
            &["metrics", "presence", "settings"],
            &["publication", "subscribe"],
            &["dialect_07", "dialect_08"],
            &["limits", "tokens", "wanted"],
            &[
                "files", "form", "grants", "json", "network", "rates", "refusal", "text",
            ],
        ],
    ),
    (
        "crates/broker/src/",
        &[
            &["broker"],
            &[
                "drain",
                "opening",
                "presence",
                "publish",
                "stats",
                "subscribe_error",
                "subscription",
                "tail",
            ],
            &["shared"],
            &["node", "options", "pages", "replay_rate", "tail_state"],
            &["end", "event", "resume"],
            &["engine", "record"],
            &["lineage", "update"],
            &["cursor"],
        ],
    ),
    (
        "crates/nats/src/",
        &[
            &["engine"],
            &["follow"],
            &[
                "append",
                "fence",
                "opening",
                "presence",
                "read",
                "reconcile",
                "trim",
            ],
            &["stream"],
            &["shared"],
            &["config", "connection", "consumer", "scan", "view"],
            &["error"],
            &["api"],
            &["description", "options", "requests"],
            &["frame", "known", "names", "numbering", "polls", "time"],
        ],
    ),
    (
        "crates/redis/src/",
        &[
            &["engine"],
            &["append", "presence", "tail"],
            &["link"],
            &["connection"],
            &["options"],
            &["place"],
            &["info", "reply", "rewriting", "scripts"],
            &["error", "keys"],
        ],
    ),
    ("crates/reqwest/src/", &[&["transport"]]),
    (
        "crates/sqlite/src/",
        &[&["store"], &["schema", "statements"], &["error"]],
    ),
    (
        "crates/cli/src/",
        &[
            &[
                "check", "decode", "demo", "hub", "load", "manual", "serve", "tail",
            ],
            &[
                "body",
                "follow",
                "hangup",
                "interrupt",
                "output",
                "reach",
                "runtime",
                "web",
            ],
            &["args"],
            &["exit", "text"],
            &["note", "refusal", "words"],
            &["json", "looks", "paint", "plain", "secrets"],
        ],
    ),
    (
        "xtask/src/",
        &[
            &["test", "soak", "runs"],
            &[
                "instructions",
                "javascript",
                "minimum",
                "node",
                "size",
                "weight",
            ],
            &["tools", "machine"],
            &["step", "problem"],
            &["command", "cpu"],
        ],
    ),
    (
        "crates/node/src/",
        &[
            &["source", "decoder"],
            &["carrier", "options"],
            &["question", "exchange"],
            &["crossing"],
            &["signal"],
            &["headers", "policy", "runtime", "transport"],
        ],
    ),
];

fn floor_of(module: &[String], floors: &[&[&str]]) -> Option<usize> {
    let name = module.first()?;
    floors
        .iter()
        .position(|floor| floor.contains(&name.as_str()))
}

fn upward(sources: &[Source], folder: &str, floors: &[&[&str]]) -> Vec<String> {
    let known = modules(sources, folder).into_iter();
    let lost = known.filter(|module| !module.is_empty() && floor_of(module, floors).is_none());
    let mut wrong: Vec<String> = lost
        .map(|module| {
            format!(
                "{folder}{}: stands on no floor; put it on one in FLOORS",
                shown(&module)
            )
        })
        .collect();
    for Arrow { from, to } in arrows(sources, folder) {
        let (Some(above), below) = (floor_of(&from, floors), floor_of(&to, floors)) else {
            continue;
        };
        if below.is_none_or(|below| below < above) {
            let (from, to) = (shown(&from), shown(&to));
            wrong.push(format!("{folder}{from}: uses {to}, which stands above it"));
        }
    }
    wrong
}

#[test]
fn files_use_what_stands_below_them() {
    let sources = source::all();
    let wrong = FLOORS
        .iter()
        .flat_map(|(folder, floors)| upward(&sources, folder, floors));
    assert_none(&wrong.collect::<Vec<_>>());
}

#[test]
fn a_file_that_uses_one_above_it_is_found() {
    let planted = |path: &str, text: &str| Source::new(format!("crates/a/src/{path}"), text.into());
    let sources = [
        planted("lib.rs", "mod high;\nmod low;\n"),
        planted("high.rs", "use crate::low::Low;\npub struct High;\n"),
        planted("low.rs", "pub struct Low;\nfn f() { crate::high::High; }\n"),
        planted("low/inner.rs", "use super::super::high::{self, High};\n"),
        planted(
            "low/fine.rs",
            "// use crate::high::High;\nuse super::Low;\n",
        ),
        planted("elsewhere.rs", ""),
    ];
    let found = upward(&sources, "crates/a/src/", &[&["high"], &["low"]]);
    assert_eq!(
        found,
        [
            "crates/a/src/elsewhere.rs: stands on no floor; put it on one in FLOORS",
            "crates/a/src/low.rs: uses high.rs, which stands above it",
            "crates/a/src/low/inner.rs: uses high.rs, which stands above it",
        ]
    );
}

/// The files that lead back to themselves, a line for each ring.
fn rings(arrows: &BTreeSet<Arrow>) -> Vec<String> {
    let mut from: BTreeMap<&[String], Vec<&[String]>> = BTreeMap::new();
    for arrow in arrows {
        from.entry(&arrow.from).or_default().push(&arrow.to);
    }
    let reach: BTreeMap<&[String], BTreeSet<&[String]>> = from
        .keys()
        .map(|start| (*start, reachable(&from, start)))
        .collect();
    let mut found = BTreeSet::new();
    for (file, reached) in &reach {
        if reached.contains(file) {
            let ring = reached
                .iter()
                .filter(|other| reach.get(**other).is_some_and(|back| back.contains(file)));
            let names: Vec<String> = ring.map(|module| shown(module)).collect();
            found.insert(names.join(", "));
        }
    }
    found.into_iter().collect()
}

fn reachable<'a>(
    from: &BTreeMap<&'a [String], Vec<&'a [String]>>,
    start: &'a [String],
) -> BTreeSet<&'a [String]> {
    let mut reached = BTreeSet::new();
    let mut next = vec![start];
    while let Some(file) = next.pop() {
        for to in from.get(file).into_iter().flatten() {
            if reached.insert(*to) {
                next.push(to);
            }
        }
    }
    reached
}

#[test]
fn no_file_leads_back_to_itself() {
    let sources = source::all();
    let found = FLOORS.iter().flat_map(|(folder, _)| {
        let rings = rings(&arrows(&sources, folder)).into_iter();
        rings.map(move |ring| format!("{folder}: import each other: {ring}"))
    });
    assert_none(&found.collect::<Vec<_>>());
}

#[test]
fn a_ring_is_found() {
    let planted = |path: &str, text: &str| Source::new(format!("crates/a/src/{path}"), text.into());
    let sources = [
        planted("lib.rs", "mod a;\nmod b;\nmod c;\npub use a::A;\n"),
        planted("a.rs", "mod inner;\nfn f() { inner::g() }\npub struct A;\n"),
        planted("a/inner.rs", "use crate::b::B;\n"),
        planted("b.rs", "use crate::A;\npub struct B;\n"),
        planted("c.rs", "use crate::a::A;\n"),
    ];
    let found = rings(&arrows(&sources, "crates/a/src/"));
    assert_eq!(found, ["a.rs, a/inner.rs, b.rs"]);
}
