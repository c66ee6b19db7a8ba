//! The standard's face. In: handlers and listeners. Out: what they are called with, and when.
//!
//! Next: `runtime.rs`.

use std::sync::{Arc, Mutex, mpsc};

use crate::support::{builder, ms, soon, source, stream, whole};
use wellspring::{DomEvent, ErrorEvent, EventSource, Handle, MessageEvent, ReadyState};
use wellspring_testkit::server::{Script, ScriptedServer};

/// What handlers wrote down.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn add(&self, line: impl Into<String>) {
        self.0.lock().unwrap().push(line.into());
    }

    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    /// A handler that writes down what it is called with.
    fn handler(&self, name: &'static str) -> impl FnMut(DomEvent<'_>) + Send + 'static {
        let log = self.clone();
        move |event| log.add(format!("{name} {}", shown(event)))
    }

    async fn wait_for(&self, count: usize) -> Vec<String> {
        soon(async {
            while self.lines().len() < count {
                tokio::time::sleep(ms(1)).await;
            }
        })
        .await;
        self.lines()
    }
}

fn shown(event: DomEvent<'_>) -> String {
    match event {
        DomEvent::Open(opened) => format!("opened {}", opened.status),
        DomEvent::Error(ErrorEvent::Reconnecting(lost)) => format!("lost: {}", lost.cause),
        DomEvent::Error(ErrorEvent::Failed(error)) => format!("failed {:?}", error.status()),
        DomEvent::Message(message) => format!("{}={}", message.event_type, message.data),
        other => format!("{other:?}"),
    }
}

fn message(event_type: &'static str, data: &'static str) -> DomEvent<'static> {
    DomEvent::Message(MessageEvent::new(event_type, data, "", ""))
}

fn unused() -> EventSource {
    source("http://localhost/")
}

#[test]
fn ready_states_have_the_standards_numbers() {
    let states = [ReadyState::Connecting, ReadyState::Open, ReadyState::Closed];
    assert_eq!(states.map(|state| state as u8), [0, 1, 2]);
    assert_eq!(unused().ready_state(), ReadyState::Connecting);
}

#[tokio::test]
async fn each_handler_gets_its_event() {
    let scripts = [
        whole("data: a\n\nevent: notice\ndata: b\n\n"),
        Script::answer("204 No Content", &[]),
    ];
    let server = ScriptedServer::start(scripts).await;
    let source = source(server.url("/"));
    let log = Log::default();
    let state = source.handle().clone();
    source.onopen(log.handler("onopen"));
    source.onmessage(log.handler("onmessage"));
    source.onerror({
        let log = log.clone();
        move |event| log.add(format!("{:?} {}", state.ready_state(), shown(event)))
    });
    source.add_event_listener("notice", log.handler("notice"));
    soon(source.run()).await;
    let expected = [
        "onopen opened 200 OK",
        "onmessage message=a",
        "notice notice=b",
        "Connecting lost: the body ended",
        "Closed failed Some(204)",
    ];
    assert_eq!(log.lines(), expected);
}

#[tokio::test]
async fn a_message_has_what_the_standard_gives_it() {
    let server = ScriptedServer::start([stream("id: 7\nevent: x\ndata: a\n\n").hang()]).await;
    let source = source(server.url("/"));
    let log = Log::default();
    let handle = source.handle().clone();
    source.add_event_listener("x", {
        let log = log.clone();
        move |event| {
            assert_eq!(event.event_type(), "x");
            let DomEvent::Message(message) = event else {
                return;
            };
            log.add(format!(
                "{} {} {}",
                message.data, message.last_event_id, message.origin
            ));
            handle.close();
        }
    });
    soon(source.run()).await;
    assert_eq!(log.lines(), [format!("a 7 http://{}", server.address())]);
}

#[tokio::test]
async fn events_that_are_called_like_the_lifecycle_are_told_apart() {
    let body = "event: open\ndata: a\n\nevent: error\ndata: b\n\nevent: message\ndata: c\n\n";
    let server = ScriptedServer::start([whole(body), Script::answer("204 No", &[])]).await;
    let source = source(server.url("/"));
    let log = Log::default();
    source.onopen(log.handler("onopen"));
    source.onerror(log.handler("onerror"));
    source.onmessage(log.handler("onmessage"));
    soon(source.run()).await;
    let expected = [
        "onopen opened 200 OK",
        "onopen open=a",
        "onerror error=b",
        "onmessage message=c",
        "onerror lost: the body ended",
        "onerror failed Some(204)",
    ];
    assert_eq!(log.lines(), expected);
}

#[tokio::test]
async fn handlers_set_before_running_miss_nothing() {
    let server = ScriptedServer::start([stream("data: a\n\n").hang()]).await;
    let source = source(server.url("/"));
    tokio::time::sleep(ms(30)).await;
    assert_eq!(server.connections(), 0);
    let log = Log::default();
    source.onopen(log.handler("onopen"));
    source.onmessage(log.handler("onmessage"));
    let handle = source.spawn().unwrap();
    let lines = log.wait_for(2).await;
    assert_eq!(lines, ["onopen opened 200 OK", "onmessage message=a"]);
    handle.close();
}

#[test]
fn listeners_are_added_and_removed() {
    let source = unused();
    let log = Log::default();
    let first = source.add_event_listener("x", log.handler("first"));
    source.add_event_listener("x", log.handler("second"));
    source.add_event_listener("y", log.handler("other"));
    source.dispatch_event(message("x", "1"));
    assert!(source.remove_event_listener(first));
    assert!(!source.remove_event_listener(first));
    source.dispatch_event(message("x", "2"));
    source.dispatch_event(message("z", "3"));
    assert_eq!(log.lines(), ["first x=1", "second x=1", "second x=2"]);
}

#[test]
fn a_handler_takes_the_place_of_the_one_before() {
    let source = unused();
    let log = Log::default();
    let id = source.onmessage(log.handler("old"));
    source.add_event_listener("message", log.handler("listener"));
    assert_eq!(source.onmessage(log.handler("new")), id);
    source.dispatch_event(message("", "1"));
    assert!(source.remove_event_listener(id));
    source.onmessage(log.handler("late"));
    source.dispatch_event(message("message", "2"));
    let expected = ["new", "listener", "listener", "late"];
    let names: Vec<_> = log
        .lines()
        .into_iter()
        .map(|line| line.replace(' ', "="))
        .collect();
    let names: Vec<_> = names
        .iter()
        .map(|line| line.split('=').next().unwrap())
        .collect();
    assert_eq!(names, expected);
}

#[test]
fn listeners_may_be_added_and_removed_inside_a_handler() {
    let source = unused();
    let log = Log::default();
    let victim = Arc::new(Mutex::new(None));
    let handle = source.handle().clone();
    source.add_event_listener("x", {
        let (log, handle, victim) = (log.clone(), handle.clone(), victim.clone());
        move |_| {
            log.add("first");
            if let Some(id) = victim.lock().unwrap().take() {
                handle.remove_event_listener(id);
            }
            handle.add_event_listener("x", log.handler("added"));
        }
    });
    *victim.lock().unwrap() = Some(source.add_event_listener("x", log.handler("victim")));
    source.dispatch_event(message("x", "1"));
    assert_eq!(log.lines(), ["first"]);
    source.dispatch_event(message("x", "2"));
    assert_eq!(log.lines(), ["first", "first", "added x=2"]);
}

#[test]
fn a_handler_may_remove_and_replace_itself() {
    let source = unused();
    let log = Log::default();
    let handle = source.handle().clone();
    source.onmessage({
        let (log, handle) = (log.clone(), handle.clone());
        move |_| {
            log.add("old");
            handle.onmessage(log.handler("new"));
        }
    });
    let own = Arc::new(Mutex::new(None));
    let once = source.add_event_listener("x", {
        let (log, own) = (log.clone(), own.clone());
        move |_| {
            log.add("once");
            let id = own.lock().unwrap().take().unwrap();
            assert!(handle.remove_event_listener(id));
        }
    });
    *own.lock().unwrap() = Some(once);
    for event_type in ["message", "message", "x", "x"] {
        source.dispatch_event(message(event_type, "1"));
    }
    assert_eq!(log.lines(), ["old", "new message=1", "once"]);
}

#[test]
fn dispatch_inside_a_handler_passes_that_handler_over() {
    let source = unused();
    let log = Log::default();
    let handle = source.handle().clone();
    source.add_event_listener("x", {
        let log = log.clone();
        move |event| {
            log.add(format!("outer {}", shown(event)));
            handle.dispatch_event(message("x", "inner"));
        }
    });
    source.add_event_listener("x", log.handler("second"));
    source.dispatch_event(message("x", "1"));
    assert_eq!(log.lines(), ["outer x=1", "second x=inner", "second x=1"]);
}

#[test]
fn a_handler_that_panics_stays() {
    let source = unused();
    let log = Log::default();
    source.add_event_listener("x", {
        let log = log.clone();
        move |event| {
            log.add(shown(event));
            assert_ne!(log.lines().len(), 1, "on purpose");
        }
    });
    let handle = source.handle().clone();
    let called = std::thread::spawn(move || handle.dispatch_event(message("x", "1")));
    assert!(called.join().is_err());
    source.dispatch_event(message("x", "2"));
    assert_eq!(log.lines(), ["x=1", "x=2"]);
}

/// A listener that another thread is calling does not miss what the server sends meanwhile.
#[tokio::test]
async fn a_busy_listener_misses_no_event_of_the_server() {
    let body = "event: x\ndata: 1\n\nevent: x\ndata: 2\n\n";
    let server = ScriptedServer::start([stream(body).hang()]).await;
    let source = source(server.url("/"));
    let log = Log::default();
    let (entered, has_entered) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    source.add_event_listener("x", {
        let log = log.clone();
        move |event| {
            if shown(event) == "x=mine" {
                entered.send(()).unwrap();
                released.recv().unwrap();
            }
            log.add(shown(event));
        }
    });
    let handle = source.handle().clone();
    let other = std::thread::spawn(move || handle.dispatch_event(message("x", "mine")));
    has_entered.recv().unwrap();
    let handle = source.spawn().unwrap();
    soon(server.request(0)).await;
    tokio::time::sleep(ms(20)).await;
    assert!(log.lines().is_empty(), "the listener is busy");
    release.send(()).unwrap();
    assert_eq!(log.wait_for(3).await, ["x=mine", "x=1", "x=2"]);
    other.join().unwrap();
    handle.close();
}

#[test]
fn with_credentials_is_what_was_asked_for() {
    assert!(!unused().with_credentials());
    for wanted in [false, true] {
        let builder = builder("http://localhost/").with_credentials(wanted);
        let source = builder.build().unwrap();
        assert_eq!(source.with_credentials(), wanted);
    }
}

#[tokio::test]
async fn closing_inside_a_handler_ends_the_run() {
    let body = "data: a\n\ndata: b\n\n";
    for handler in ["open", "message"] {
        let server = ScriptedServer::start([stream(body).hang()]).await;
        let source = source(server.url("/"));
        let log = Log::default();
        let handle: Handle = source.handle().clone();
        source.add_event_listener(handler, move |_| handle.close());
        source.add_event_listener("message", log.handler("message"));
        source.onerror(log.handler("onerror"));
        let handle = source.handle().clone();
        soon(source.run()).await;
        assert_eq!(handle.ready_state(), ReadyState::Closed);
        // As in the DOM, the event that is being dispatched reaches the rest of its listeners.
        let expected: &[&str] = if handler == "open" {
            &[]
        } else {
            &["message message=a"]
        };
        assert_eq!(log.lines(), expected);
        soon(server.ended(1)).await;
    }
}
