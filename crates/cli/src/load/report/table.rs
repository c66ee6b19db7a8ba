//! For people. In: findings. Out: figures, and what is wrong with its places.
//!
//! Next: back to `../report.rs`.

use std::fmt::Write;
use std::io;
use std::time::Duration;

use anstyle::AnsiColor;

use crate::load::findings::{Findings, key};
use crate::load::process::Usage;
use crate::load::run::read;
use crate::load::tally::{Fault, Place};
use crate::paint::Paint;
use crate::plain::{seconds, visible};
use crate::secrets::masked;

/// Where what there is to say begins.
const COLUMN: usize = 13;

pub(super) fn text(findings: &Findings<'_>) -> String {
    let paint = Paint::on(&io::stdout());
    let strong = paint.strong();
    let (url, took) = (visible(findings.url), seconds(findings.took));
    let mut text = format!("{strong}{url}{strong:#} ({took})\n\n");
    for (name, figures) in figures(findings) {
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(text, "{name:COLUMN$}{figures}");
    }
    text.push('\n');
    let (bad, mild) = (paint.color(AnsiColor::Red), paint.color(AnsiColor::Yellow));
    for problem in findings.problems() {
        let _ = writeln!(text, "{bad}{:COLUMN$}{bad:#}{problem}", "problem");
    }
    for fault in Fault::ALL {
        let count = findings.tally.count(fault);
        if count.events == 0 {
            continue;
        }
        let is_mild = fault == Fault::ToldGap && !findings.args.strict;
        let style = if is_mild { mild } else { bad };
        let (name, what) = (key(fault).replace('_', " "), what(fault));
        let (events, places) = (count.events, count.places);
        let _ = writeln!(
            text,
            "{style}{name}{style:#}: {events} events at {places} places: {what}"
        );
        for place in &count.some {
            let _ = writeln!(text, "{:COLUMN$}{}", "", shown(findings, place));
        }
    }
    for (what, times) in findings.run.complaints() {
        let aside = paint.aside();
        let what = masked(&what).into_owned();
        let _ = writeln!(text, "{aside}{times} times {}{aside:#}", visible(&what));
    }
    let _ = writeln!(text, "{}", verdict(findings));
    text
}

fn figures(findings: &Findings<'_>) -> Vec<(&'static str, String)> {
    let (run, tally, counters) = (findings.run, &findings.tally, &findings.run.counters);
    let (answered, came) = (read(&counters.answered), read(&counters.delivered));
    let published = format!(
        "{answered} answered ({:.0}/s), {} refused, {} in doubt, {} sent again",
        findings.per_second(answered),
        read(&counters.refused),
        read(&counters.doubtful),
        read(&counters.repeated)
    );
    let delivered = format!(
        "{came} ({:.0}/s), {} of them from elsewhere",
        findings.per_second(came),
        tally.foreign
    );
    let subscribers = format!(
        "{}; {} cuts, {} connections resumed, {} had no position ({} events not owed)",
        findings.args.subscribers,
        read(&counters.cuts),
        read(&counters.resumed),
        read(&counters.fresh),
        tally.not_owed
    );
    let mut figures = vec![
        ("published", published),
        ("delivered", delivered),
        ("subscribers", subscribers),
    ];
    if let Some(longest) = run.latency.longest() {
        let at = |permille| seconds_exact(run.latency.permille(permille).unwrap_or_default());
        let (p50, p99, longest) = (at(500), at(990), seconds_exact(longest));
        figures.push((
            "latency",
            format!("p50 {p50}, p99 {p99}, longest {longest}"),
        ));
    }
    if let Some(usage) = &findings.usage {
        figures.push(("server", used(usage, findings.took)));
    }
    if tally.needless > 0 {
        let needless = format!("{} gaps were told where nothing is missing", tally.needless);
        figures.push(("note", needless));
    }
    figures
}

fn used(usage: &Usage, took: Duration) -> String {
    let mib = |kib: u64| kib as f64 / 1024.0;
    let percent = usage.time.as_secs_f64() / took.as_secs_f64().max(0.001) * 100.0;
    format!(
        "process {}: {:.1} MiB at first, {:.1} at last, {:.1} at most; {:.2} s of CPU ({percent:.0} %)",
        usage.pid,
        mib(usage.first),
        mib(usage.last),
        mib(usage.most),
        usage.time.as_secs_f64()
    )
}

fn shown(findings: &Findings<'_>, place: &Place) -> String {
    let topic = findings.run.topics.get(place.topic as usize);
    let topic = topic.map_or_else(String::new, |topic| format!(", {}", visible(topic)));
    let numbers = match place.first == place.last {
        true => format!("number {}", place.first),
        false => format!("numbers {} to {}", place.first, place.last),
    };
    format!("subscriber {}{topic}, {numbers}", place.subscriber)
}

fn what(fault: Fault) -> &'static str {
    match fault {
        Fault::Lost => "they did not come, to subscribers that were connected",
        Fault::UnseenGap => "they were left out at a reconnection, and the server did not say so",
        Fault::Doubled => "they came again",
        Fault::OutOfOrder => "they came behind a later one of their topic",
        Fault::Leaked => "they are private, and the subscriber's token does not cover them",
        Fault::NotAskedFor => "no selector of the subscriber matches their topic",
        Fault::RefusedButSent => "they came although the server had refused them",
        Fault::Altered => "they are not what was published",
        Fault::ToldGap => "they were left out at a reconnection, and the server said so",
    }
}

fn verdict(findings: &Findings<'_>) -> &'static str {
    match findings.is_sound() {
        true => "sound: nothing is lost, doubled, out of order or where it must not be",
        false => "faults were found",
    }
}

fn seconds_exact(time: Duration) -> String {
    match time.as_micros() {
        micros @ 0..1000 => format!("{micros} µs"),
        micros @ 1000..100_000 => format!("{:.1} ms", micros as f64 / 1000.0),
        micros => format!("{} ms", micros / 1000),
    }
}
