use serde_json::json;
use wellspring_broker::{NodeId, Selector};

use super::*;
use crate::grants::Grants;
use crate::tokens::Issuance;

fn wanted(texts: impl IntoIterator<Item = String>) -> Vec<Wanted> {
    let wanted = texts.into_iter().map(|text| Wanted {
        selector: Selector::parse(&text).unwrap(),
        match_type: MatchType::Topic,
    });
    wanted.collect()
}

fn access(payload: Value) -> Access {
    let grants = Grants::new(vec![Selector::parse("/paid/{id}").unwrap()]);
    Access {
        issuance: Issuance::MercureClaim,
        issuer: None,
        subject: None,
        expires: None,
        publish: Grants::default(),
        subscribe: grants.clone(),
        payloads: vec![(grants, payload)],
    }
}

fn read(party: &Party) -> Party {
    let node = NodeId::new(1);
    let name = format!("{}/0", party.subscriber);
    Party::of(&Member::new(node, name, party.to_bytes())).unwrap()
}

#[test]
fn what_is_written_is_read() {
    let texts = ["/paid/7", "/paid/8", "a", "/paid/7"].map(str::to_owned);
    let access = access(json!({ "user": [7] }));
    let parties = Party::all_of("urn:uuid:1", &wanted(texts), Some(&access));
    assert_eq!(parties.len(), 1);
    let party = read(&parties[0]);
    assert_eq!(party, parties[0]);
    let all: Vec<_> = party
        .subscriptions()
        .map(|one| (one.selector, one.subscriber, one.payload.is_some()))
        .collect();
    let subscriber = "urn:uuid:1";
    let expected = [
        ("/paid/7", subscriber, true),
        ("/paid/8", subscriber, true),
        ("a", subscriber, false),
    ];
    assert_eq!(all, expected, "each once");
    assert_eq!(party.payloads.len(), 1, "one for both");
}

#[test]
fn many_long_selectors_are_in_several_members() {
    let texts = (0..1_000).map(|n| format!("{n:04096}"));
    let parties = Party::all_of("urn:uuid:1", &wanted(texts), None);
    assert_eq!(parties.len(), 63);
    let bytes = parties.iter().map(|party| party.to_bytes().len());
    assert!(bytes.max().unwrap() < 70 << 10);
    let read = parties.iter().map(read);
    let count: usize = read.map(|party| party.subscriptions().count()).sum();
    assert_eq!(count, 1_000);
}

#[test]
fn what_is_not_understood_is_nothing() {
    for (name, bytes) in [
        ("urn:uuid:1", r#"{"subscriptions":[],"payloads":[]}"#),
        ("urn:uuid:1/0", ""),
        ("urn:uuid:1/0", "[]"),
        (
            "urn:uuid:1/0",
            r#"{"subscriptions":[["glob","a",null]],"payloads":[]}"#,
        ),
    ] {
        let bytes = Bytes::from_static(bytes.as_bytes());
        let member = Member::new(NodeId::new(1), name.to_owned(), bytes);
        assert_eq!(Party::of(&member), None, "{member:?}");
    }
    let bytes = Bytes::from_static(br#"{"subscriptions":[["exact","a",9]],"payloads":[]}"#);
    let member = Member::new(NodeId::new(1), "urn:uuid:1/0".to_owned(), bytes);
    let party = Party::of(&member).unwrap();
    assert!(party.subscriptions().all(|one| one.payload.is_none()));
}
