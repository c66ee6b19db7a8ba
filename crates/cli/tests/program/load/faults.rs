//! One fault at a time.

use serde_json::Value;

use super::hub::{Faults, Hub};
use super::{faults, is_sound, load};
use crate::support::Run;

const KEYS: [&str; 4] = ["--publisher-key", "k", "--subscriber-key", "k"];
/// Each subscriber has its own topic, so that the hub knows them apart.
const QUICK: [&str; 8] = [
    "--subscribers",
    "6",
    "--topics",
    "6",
    "--publishers",
    "3",
    "--seconds",
    "1",
];

async fn tried(committed: Faults, options: &[&str]) -> (Hub, Run, Value) {
    let hub = Hub::start(committed).await;
    let options = [&QUICK[..], &KEYS, options].concat();
    let (run, report) = load(&hub.url(), &options).await;
    (hub, run, report)
}

/// Checks that exactly this is found, as often as the hub did it.
async fn finds(committed: Faults, options: &[&str], wrong: &str, fault: &str) {
    let (hub, run, report) = tried(committed, options).await;
    let times = hub.wrongs(wrong);
    assert!(times > 0, "the hub did nothing wrong: {report:#}");
    assert_eq!(faults(&report), [(fault, times)], "{report:#}");
    assert_eq!(run.code, Some(1), "{report:#}");
    assert_eq!(report["sound"], false);
    let places = report["faults"][fault]["some"].as_array().unwrap();
    assert!(
        !places.is_empty() && places[0]["first"].is_u64(),
        "{report:#}"
    );
}

#[tokio::test]
async fn a_hub_without_fault_is_sound() {
    let options = ["--rate", "300", "--cuts", "20", "--private", "30"];
    let (_hub, run, report) = tried(Faults::default(), &options).await;
    is_sound(&run, &report);
    let number = |pointer| report.pointer(pointer).and_then(Value::as_u64).unwrap();
    assert!(number("/published/answered") > 100, "{report:#}");
    assert_eq!(
        number("/delivered/own"),
        number("/published/answered"),
        "{report:#}"
    );
    assert!(number("/subscribers/cuts") > 5, "{report:#}");
    assert!(number("/latency_ms/events") > 50, "{report:#}");
    assert!(report["latency_ms"]["p50"].as_f64().unwrap() > 0.0);
}

#[tokio::test]
async fn what_is_dropped_is_lost() {
    let committed = Faults {
        drop: Some(10),
        ..Faults::default()
    };
    finds(committed, &[], "drop", "lost").await;
}

#[tokio::test]
async fn what_comes_twice_is_doubled() {
    let committed = Faults {
        double: Some(10),
        ..Faults::default()
    };
    finds(committed, &[], "double", "doubled").await;
}

#[tokio::test]
async fn what_comes_late_is_out_of_order() {
    let committed = Faults {
        reorder: Some(10),
        ..Faults::default()
    };
    let one_topic = ["--topics", "1", "--publishers", "1"];
    let hub = Hub::start(committed).await;
    let options = [
        &KEYS[..],
        &["--subscribers", "1", "--seconds", "1"],
        &one_topic,
    ]
    .concat();
    let (_, report) = load(&hub.url(), &options).await;
    let times = hub.wrongs("reorder");
    assert!(times > 0, "{report:#}");
    assert_eq!(faults(&report), [("out_of_order", times)], "{report:#}");
}

#[tokio::test]
async fn a_private_event_without_a_grant_leaks() {
    let committed = Faults {
        leak: Some(3),
        ..Faults::default()
    };
    let options = [
        "--private",
        "50",
        "--grant",
        "https://example.com/other/{n}",
    ];
    finds(committed, &options, "leak", "leaked").await;
}

#[tokio::test]
async fn private_events_stay_with_those_who_may_have_them() {
    let options = ["--private", "50", "--selector", "*"];
    let grants = ["--grant", "https://example.com/load/{n}", "--cuts", "10"];
    let options = [&options[..], &grants].concat();
    let (_hub, run, report) = tried(Faults::default(), &options).await;
    is_sound(&run, &report);
    let of = |pointer| report.pointer(pointer).and_then(Value::as_u64).unwrap();
    let (answered, own) = (of("/published/answered"), of("/delivered/own"));
    // Half of them to all six, the others to one each.
    assert!(own > answered * 3 && own < answered * 4, "{report:#}");
}

#[tokio::test]
async fn an_event_of_a_topic_that_was_not_asked_for_is_a_fault() {
    let committed = Faults {
        stray: Some(10),
        ..Faults::default()
    };
    finds(committed, &[], "stray", "not_asked_for").await;
}

#[tokio::test]
async fn what_was_refused_must_not_come() {
    let mut committed = Faults {
        refuse: Some(5),
        ..Faults::default()
    };
    let (_hub, run, report) = tried(committed, &[]).await;
    is_sound(&run, &report);
    let refused = report["published"]["refused"].as_u64().unwrap();
    assert!(refused > 0, "{report:#}");
    assert!(
        report["said"]
            .to_string()
            .contains("403 Forbidden: not today"),
        "{report:#}"
    );
    committed.send_refused = true;
    let (_hub, run, report) = tried(committed, &[]).await;
    let refused = report["published"]["refused"].as_u64().unwrap();
    assert_eq!(
        faults(&report),
        [("refused_but_sent", refused)],
        "{report:#}"
    );
    assert_eq!(run.code, Some(1));
}

#[tokio::test]
async fn a_gap_is_unseen_unless_the_server_tells_it() {
    for (tells, fault, code) in [(false, "unseen_gap", 1), (true, "told_gap", 0)] {
        let committed = Faults {
            skip: 2,
            tells,
            ..Faults::default()
        };
        let (hub, run, report) = tried(committed, &["--cuts", "30", "--rate", "600"]).await;
        let times = hub.wrongs("skipped");
        assert!(times > 0, "{report:#}");
        assert_eq!(faults(&report), [(fault, times)], "{report:#}");
        assert_eq!(run.code, Some(code), "{report:#}");
        let gaps = report["faults"][fault]["places"].as_u64().unwrap();
        assert!(
            gaps * 2 >= times && gaps <= times,
            "two events each: {report:#}"
        );
    }
}

#[tokio::test]
async fn in_dialect_1_it_is_the_same() {
    let one = ["--dialect", "1.0", "--cuts", "30", "--rate", "600"];
    let options = [&one[..], &["--private", "30"]].concat();
    let (_hub, run, report) = tried(Faults::default(), &options).await;
    is_sound(&run, &report);
    assert!(report["delivered"]["own"].as_u64().unwrap() > 100);
    for (tells, fault) in [(false, "unseen_gap"), (true, "told_gap")] {
        let committed = Faults {
            skip: 2,
            tells,
            ..Faults::default()
        };
        let (hub, _, report) = tried(committed, &one).await;
        let times = hub.wrongs("skipped");
        assert!(times > 0, "{report:#}");
        assert_eq!(faults(&report), [(fault, times)], "{report:#}");
    }
    let committed = Faults {
        leak: Some(3),
        ..Faults::default()
    };
    let options = [&options[..], &["--grant", "https://example.com/other/{n}"]].concat();
    finds(committed, &options, "leak", "leaked").await;
}

#[tokio::test]
async fn gaps_that_are_told_are_faults_if_that_is_asked_for() {
    let committed = Faults {
        skip: 2,
        tells: true,
        ..Faults::default()
    };
    let options = ["--cuts", "30", "--rate", "600", "--strict"];
    let (_hub, run, report) = tried(committed, &options).await;
    assert_eq!((run.code, &report["sound"]), (Some(1), &Value::from(false)));
}

#[tokio::test]
async fn what_is_altered_is_found() {
    let committed = Faults {
        alter: Some(10),
        ..Faults::default()
    };
    let (hub, _, report) = tried(committed, &["--size", "150"]).await;
    let times = hub.wrongs("alter");
    assert!(times > 0);
    // The event itself did not come.
    assert_eq!(
        faults(&report),
        [("altered", times), ("lost", times)],
        "{report:#}"
    );
}

#[tokio::test]
async fn what_had_no_answer_may_come_or_not() {
    for early in [false, true] {
        let committed = Faults {
            hang_up: Some(7),
            hang_up_early: early,
            ..Faults::default()
        };
        let (_hub, run, report) = tried(committed, &["--cuts", "5"]).await;
        is_sound(&run, &report);
        assert!(
            report["published"]["in_doubt"].as_u64().unwrap() > 0,
            "{report:#}"
        );
    }
}

#[tokio::test]
async fn what_is_sent_again_with_its_key_comes_once() {
    let mut committed = Faults {
        hang_up: Some(7),
        keys: true,
        ..Faults::default()
    };
    let (_hub, run, report) = tried(committed, &["--idempotency-key"]).await;
    is_sound(&run, &report);
    assert_eq!(report["published"]["in_doubt"], 0, "{report:#}");
    let again = report["published"]["sent_again"].as_u64().unwrap();
    assert!(again > 0, "{report:#}");
    committed.keys = false;
    let (_hub, _, report) = tried(committed, &["--idempotency-key"]).await;
    let again = report["published"]["sent_again"].as_u64().unwrap();
    assert_eq!(faults(&report), [("doubled", again)], "{report:#}");
}

#[tokio::test]
async fn without_ids_what_is_missed_between_connections_is_not_checked() {
    let committed = Faults {
        no_ids: true,
        ..Faults::default()
    };
    let (_hub, _, report) = tried(committed, &["--cuts", "30", "--rate", "600"]).await;
    assert!(faults(&report).is_empty(), "{report:#}");
    assert!(
        report["subscribers"]["without_position"].as_u64().unwrap() > 0,
        "{report:#}"
    );
    assert_eq!(report["sound"], false, "{report:#}");
    let problem = report["problems"][0].as_str().unwrap();
    assert!(problem.contains("had no id"), "{report:#}");
}
