use clap::Parser;

use super::*;
use crate::args::{Args, Command, Dialect};

const HUB: &str = "http://h/.well-known/mercure";

fn args(options: &[&str]) -> args::Load {
    let words = [&["wellspring", "load", HUB], options].concat();
    match Args::try_parse_from(words).unwrap().command {
        Command::Load(args) => *args,
        other => panic!("{other:?}"),
    }
}

fn planned(options: &[&str]) -> Vec<Arc<Part>> {
    let args = args(options);
    let topics = topics(&args, args.topics.unwrap_or(args.publishers)).unwrap();
    let authority = Authority {
        dialect: args.dialect,
        issuer: "i",
        audience: HUB,
        until: 1,
        run: "r",
    };
    parts(&args, &HUB.parse().unwrap(), &topics, &authority).unwrap()
}

/// For each topic: `+` asked for and granted, `a` asked for, `g` granted, `-` neither.
fn shown(part: &Part) -> String {
    let rights = part.rights.topics.iter();
    let shown = rights.map(|right| match (right.asked, right.granted) {
        (true, true) => '+',
        (true, false) => 'a',
        (false, true) => 'g',
        (false, false) => '-',
    });
    shown.collect()
}

fn all(options: &[&str]) -> Vec<String> {
    let options = [
        &["--subscribers", "4", "--topics", "3", "--publishers", "1"],
        options,
    ]
    .concat();
    planned(&options).iter().map(|part| shown(part)).collect()
}

#[test]
fn by_default_each_subscriber_has_a_topic() {
    assert_eq!(
        all(&["--subscriber-key", "k"]),
        ["+--", "-+-", "--+", "+--"]
    );
    assert_eq!(all(&[]), ["a--", "-a-", "--a", "a--"]);
}

#[test]
fn kinds_of_selectors_and_of_grants_take_turns() {
    let key = ["--subscriber-key", "k"];
    let options = [
        "--selector",
        "*",
        "--selector",
        "https://example.com/load/1",
    ];
    assert_eq!(
        all(&[&key[..], &options].concat()),
        ["+++", "-+-", "+++", "-+-"]
    );
    let options = ["--selector", "*", "--grant", "https://example.com/load/{n}"];
    assert_eq!(
        all(&[&key[..], &options].concat()),
        ["+aa", "a+a", "aa+", "+aa"]
    );
    let options = [
        "--selector",
        "https://example.com/load/0 https://example.com/{x}/2",
    ];
    assert_eq!(all(&[&key[..], &options].concat()), ["+-+"; 4]);
}

#[test]
fn a_token_covers_what_it_says_unless_a_grant_says_it() {
    let topics = [Asked::new(
        "https://example.com/load/1",
        super::super::selectors::Kind::Template,
    )];
    let authority = Authority {
        dialect: Dialect::Zero,
        issuer: "i",
        audience: HUB,
        until: 1,
        run: "r",
    };
    let token = authority.token(Action::Subscribe, &topics, "k");
    let options = ["--token", &token, "--selector", "*"];
    assert_eq!(all(&options), ["a+a"; 4]);
    let options = [&options[..], &["--grant", "*"]].concat();
    assert_eq!(all(&options), ["+++"; 4]);
    assert_eq!(all(&["--token", "opaque", "--selector", "*"]), ["aaa"; 4]);
}

#[test]
fn subscribers_with_the_same_selectors_share_their_part() {
    let parts = planned(&[
        "--subscribers",
        "10",
        "--publishers",
        "5",
        "--subscriber-key",
        "k",
    ]);
    assert!(Arc::ptr_eq(&parts[1], &parts[6]));
    assert!(!Arc::ptr_eq(&parts[1], &parts[2]));
    assert_eq!(
        parts[1].url.query(),
        Some("topic=https%3A%2F%2Fexample.com%2Fload%2F1")
    );
}

#[test]
fn where_there_are_no_topics_everything_is_owed() {
    let parts = planned(&[
        "--publish",
        "lines",
        "--subscribers",
        "1",
        "--publishers",
        "2",
    ]);
    assert_eq!(
        (shown(&parts[0]).as_str(), parts[0].url.as_str()),
        ("++", HUB)
    );
}
