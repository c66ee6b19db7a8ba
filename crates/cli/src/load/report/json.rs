//! For programs. In: findings. Out: one JSON object in one line, always with the same keys.
//!
//! Next: `table.rs`, the same for people.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::load::findings::{Findings, key};
use crate::load::process::Usage;
use crate::load::run::read;
use crate::load::tally::{Fault, Place};
use crate::secrets::masked;

pub(super) fn text(findings: &Findings<'_>) -> String {
    let (run, tally) = (findings.run, &findings.tally);
    let counters = &run.counters;
    let answered = read(&counters.answered);
    let complaints = run.complaints().into_iter();
    let complaints =
        complaints.map(|(what, times)| json!({ "what": masked(&what), "times": times }));
    let value = json!({
        "url": findings.url,
        "seconds": seconds(findings.took),
        "sound": findings.is_sound(),
        "problems": findings.problems(),
        "published": {
            "answered": answered,
            "refused": read(&counters.refused),
            "in_doubt": read(&counters.doubtful),
            "sent_again": read(&counters.repeated),
            "per_second": rounded(findings.per_second(answered)),
        },
        "delivered": {
            "events": read(&counters.delivered),
            "own": tally.received,
            "others": tally.foreign,
            "per_second": rounded(findings.per_second(read(&counters.delivered))),
        },
        "subscribers": {
            "all": findings.args.subscribers,
            "ended_early": read(&counters.failed),
            "cuts": read(&counters.cuts),
            "resumed": read(&counters.resumed),
            "without_position": read(&counters.fresh),
            "not_owed": tally.not_owed,
            "needless_gaps": tally.needless,
        },
        "latency_ms": {
            "events": run.latency.count(),
            "p50": milliseconds(run.latency.permille(500)),
            "p99": milliseconds(run.latency.permille(990)),
            "max": milliseconds(run.latency.longest()),
        },
        "server": findings.usage.as_ref().map(usage),
        "faults": faults(findings),
        "said": complaints.collect::<Vec<_>>(),
    });
    format!("{value}\n")
}

fn faults(findings: &Findings<'_>) -> Value {
    let all = Fault::ALL.into_iter().map(|fault| {
        let count = findings.tally.count(fault);
        let some: Vec<Value> = count.some.iter().map(|at| place(findings, at)).collect();
        let counted = json!({ "events": count.events, "places": count.places, "some": some });
        (key(fault).to_owned(), counted)
    });
    Value::Object(all.collect::<Map<_, _>>())
}

fn place(findings: &Findings<'_>, place: &Place) -> Value {
    json!({
        "subscriber": place.subscriber,
        "topic": findings.run.topics.get(place.topic as usize),
        "first": place.first,
        "last": place.last,
    })
}

fn usage(usage: &Usage) -> Value {
    json!({
        "pid": usage.pid,
        "processes": usage.processes,
        "resident_kib": { "first": usage.first, "last": usage.last, "max": usage.most },
        "cpu_seconds": seconds(usage.time),
    })
}

fn seconds(time: Duration) -> f64 {
    rounded(time.as_secs_f64())
}

fn milliseconds(time: Option<Duration>) -> Option<f64> {
    time.map(|time| rounded(time.as_secs_f64() * 1000.0))
}

/// To a thousandth.
fn rounded(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}
