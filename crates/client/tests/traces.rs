//! What a source tells a subscriber of `tracing`. In: scripts. Out: events, by name, with their fields.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "it/support.rs"]
mod support;

use std::collections::BTreeMap;
use std::fmt::{Debug, Write};
use std::future::Future;
use std::sync::{Arc, Mutex};

use support::{builder, soon};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use wellspring_testkit::server::{Script, ScriptedServer};

/// One event: its level, and its fields, the name among them as `message`.
#[derive(Clone, Debug)]
struct Told {
    level: Level,
    fields: BTreeMap<&'static str, String>,
}

#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<Told>>>);

impl Collector {
    fn told(&self) -> Vec<Told> {
        self.0.lock().unwrap().clone()
    }
}

struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = String::new();
        write!(text, "{value:?}").unwrap();
        self.0.insert(field.name(), text);
    }
}

impl Subscriber for Collector {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "wellspring"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(BTreeMap::new());
        event.record(&mut fields);
        self.0.lock().unwrap().push(Told {
            level: *event.metadata().level(),
            fields: fields.0,
        });
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// What is told while this runs.
fn told<F: Future<Output = ()>>(run: impl FnOnce() -> F) -> Vec<Told> {
    let collector = Collector::default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    tracing::subscriber::with_default(collector.clone(), || runtime.block_on(soon(run())));
    collector.told()
}

impl Told {
    /// `WARN reconnecting attempt=1 cause=…`, fields in the order of their names.
    fn line(&self) -> String {
        let fields = self.fields.iter().filter(|(name, _)| **name != "message");
        let fields = fields.map(|(name, value)| format!(" {name}={value}"));
        let fields: String = fields.collect();
        format!("{} {}{fields}", self.level, self.fields["message"])
    }
}

#[test]
fn each_step_of_a_source_is_told_by_its_name() {
    let mut url = String::new();
    let told = told(|| async {
        let server = ScriptedServer::start([
            Script::event_stream("event: notice\nid: 7\ndata: a\n\n"),
            Script::answer("503 Unavailable", &[]),
            Script::answer("404 Not Found", &[]),
        ])
        .await;
        url = server.url("/");
        let mut policy = wellspring::Policy::resilient().with_reconnection(support::quick());
        policy.retried_statuses = vec![503];
        let secret = url.replace("//", "//ann:s3cret@");
        let mut source = builder(secret).policy(policy).build().unwrap();
        source.next().await.unwrap().unwrap();
        source.next().await.unwrap().unwrap_err();
        assert!(source.next().await.is_none());
    });
    let lines: Vec<String> = told.iter().map(Told::line).collect();
    let refused = |status| format!("the server answered with status {status}, not 200");
    let expected = [
        format!("DEBUG connect attempt=1 url={url}"),
        format!("INFO open status=200 url={url} version=HTTP/1.1"),
        format!("TRACE message data_length=1 event_type=\"notice\" last_event_id=\"7\" url={url}"),
        format!("WARN reconnecting attempt=1 cause=the body ended delay=10ms url={url}"),
        format!("DEBUG connect attempt=1 url={url}"),
        format!(
            "WARN reconnecting attempt=2 cause={} delay=10ms status=503 url={url}",
            refused(503)
        ),
        format!("DEBUG connect attempt=2 url={url}"),
        format!("ERROR failed cause={} status=404 url={url}", refused(404)),
        format!("INFO closed url={url}"),
    ];
    assert_eq!(lines, expected);
    assert!(!format!("{told:?}").contains("s3cret"));
}

#[test]
fn a_source_that_the_program_closes_tells_so_once() {
    let told = told(|| async {
        let server = ScriptedServer::start([Script::event_stream("data: a\n\n").hang()]).await;
        let mut source = builder(server.url("/")).build().unwrap();
        source.next().await.unwrap().unwrap();
        source.close();
        source.close();
        drop(source);
    });
    let names: Vec<&str> = told.iter().map(|told| &*told.fields["message"]).collect();
    assert_eq!(names, ["connect", "open", "message", "closed"]);
}
