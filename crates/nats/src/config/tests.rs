//! Streams of others, and of ours.

use super::{check, records, warnings};
use crate::description::Description;
use crate::names::Names;
use crate::numbering::Numbering;
use crate::options::NatsOptions;
use serde_json::{Value, json};
use wellspring_broker::Epoch;

fn options(address: &str) -> NatsOptions {
    address.parse().unwrap()
}

fn ours() -> Value {
    let description = Description {
        created: None,
        numbering: Numbering::new(Epoch::random()),
    };
    let names = Names::new("shop").unwrap();
    records(&options("nats://localhost"), &names, &description)
}

#[test]
fn what_we_make_is_good() {
    assert_eq!(check(&ours(), &options("nats://localhost")), Ok(()));
    assert!(warnings(&ours()).is_empty());
}

#[test]
fn each_rule_that_loses_events_is_named() {
    let cases = [
        ("retention", json!("interest"), "retention"),
        ("retention", json!("workqueue"), "retention"),
        ("discard", json!("new"), "discard old"),
        ("max_age", json!(1), "--history-age"),
        ("max_bytes", json!(0), "--history-bytes"),
        ("max_msgs_per_subject", json!(1), "max_msgs_per_subject"),
        ("max_msg_size", json!(1_000), "--max-update"),
        ("max_consumers", json!(1), "consumers"),
        ("mirror", json!({ "name": "x" }), "other streams"),
        ("sources", json!([{ "name": "x" }]), "other streams"),
        ("subject_transform", json!({ "src": ">" }), "subjects"),
        ("sealed", json!(true), "sealed"),
        ("no_ack", json!(true), "confirm"),
        ("deny_purge", json!(true), "deny_purge"),
        ("allow_rollup_hdrs", json!(true), "allow_rollup_hdrs"),
        ("allow_msg_ttl", json!(true), "allow_msg_ttl"),
        ("max_age", json!("x"), "not understood"),
    ];
    for (name, value, expected) in cases {
        let mut config = ours();
        config[name] = value;
        let fault = check(&config, &options("nats://localhost")).unwrap_err();
        assert!(fault.contains(expected), "{name}: {fault}");
    }
}

#[test]
fn replicas_are_those_that_were_asked_for() {
    let mut config = ours();
    config["num_replicas"] = json!(3);
    assert_eq!(check(&config, &options("nats://localhost")), Ok(()));
    assert_eq!(
        check(&config, &options("nats://localhost?replicas=3")),
        Ok(())
    );
    let fault = check(&config, &options("nats://localhost?replicas=5")).unwrap_err();
    assert!(fault.contains("--replicas=5"), "{fault}");
}

#[test]
fn memory_is_warned_of() {
    let mut config = ours();
    config["storage"] = json!("memory");
    assert_eq!(check(&config, &options("nats://localhost")), Ok(()));
    assert!(warnings(&config)[0].contains("memory"));
}
