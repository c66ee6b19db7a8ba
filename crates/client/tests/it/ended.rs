//! Good ends. In: bodies that end, programs that say so. Out: the reason, from the handle and in the `error` event.
//!
//! Next: `finite.rs`.

use std::sync::{Arc, Mutex};

use crate::support::{builder, next_data, next_error, quick, soon, whole};
use wellspring::{
    Decision, DomEvent, Ended, ErrorEvent, EventSource, EventSourceBuilder, Policy, Repeat,
};
use wellspring_testkit::server::ScriptedServer;

async fn ended(configure: impl Fn(EventSourceBuilder) -> EventSourceBuilder) -> Option<Ended> {
    let server = ScriptedServer::start([whole("data: a\n\n")]).await;
    let mut source = configure(builder(server.url("/"))).build().unwrap();
    let handle = source.handle().clone();
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(handle.ended(), None);
    assert!(soon(source.next()).await.is_none());
    drop(source);
    handle.ended()
}

#[tokio::test]
async fn a_post_that_is_not_repeated_says_so() {
    let why = ended(|builder| builder.method("POST")).await.unwrap();
    assert_eq!(why, Ended::NotRepeated);
    assert!(why.to_string().contains("not repeated"), "{why}");
    assert!(why.help().unwrap().contains("Repeat::Always"));
}

#[tokio::test]
async fn a_post_is_repeated_where_the_program_says_so() {
    let server = ScriptedServer::start([whole("data: a\n\n"), whole("data: b\n\n")]).await;
    let posting = builder(server.url("/")).method("POST");
    let posting = posting.reconnection(quick()).repeat(Repeat::Always);
    let mut source = posting.build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(next_data(&mut source).await, "b");
    assert_eq!(source.handle().ended(), None);
}

#[tokio::test]
async fn each_good_end_has_its_reason() {
    let finite = ended(|builder| builder.policy(Policy::finite())).await;
    assert_eq!(finite, Some(Ended::EndOfBody));
    let terminal = ended(|builder| builder.terminal_event(|event| event.data == "a")).await;
    assert_eq!(terminal, Some(Ended::Complete));
    let stopped = ended(|builder| builder.on_end(|_| Decision::Stop)).await;
    assert_eq!(stopped, Some(Ended::ByHook));
    let later = ended(|builder| builder.on_end_async(|_| async { Decision::Stop })).await;
    assert_eq!(later, Some(Ended::ByHook));
}

#[tokio::test]
async fn what_the_program_closes_or_what_fails_has_not_ended() {
    let server = ScriptedServer::start([whole("data: a\n\n"), whole("data: b\n\n")]).await;
    let mut source = builder(server.url("/")).build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    source.handle().close();
    assert!(soon(source.next()).await.is_none());
    assert_eq!(source.handle().ended(), None);

    let failing = builder(server.url("/")).terminal_event(|_| false);
    let mut source = failing.policy(Policy::finite()).build().unwrap();
    assert_eq!(next_data(&mut source).await, "b");
    next_error(&mut source).await;
    assert_eq!(source.handle().ended(), None);
}

/// It closes while the end waits to be taken.
#[tokio::test]
async fn closing_before_the_end_is_taken_is_no_end() {
    let source = EventSource::builder("http://localhost/").build().unwrap();
    source.handle().complete();
    source.handle().close();
    let handle = source.handle().clone();
    soon(source.run()).await;
    assert_eq!(handle.ended(), None);
}

#[tokio::test]
async fn handlers_get_the_reason() {
    let server = ScriptedServer::start([whole("data: a\n\n")]).await;
    let source = builder(server.url("/")).method("POST").build().unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let errors = Arc::clone(&seen);
    source.handle().onerror(move |event| {
        if let DomEvent::Error(ErrorEvent::Ended(why)) = event {
            errors.lock().unwrap().push(why);
        }
    });
    soon(source.run()).await;
    assert_eq!(*seen.lock().unwrap(), [Ended::NotRepeated]);
}

/// Comments come to handlers in their place between events, and not to a source that does not ask for them.
#[tokio::test]
async fn handlers_get_comments() {
    for (wanted, expected) in [(true, "m:a c:hello m:b"), (false, "m:a m:b")] {
        let body = "data: a\n\n:hello\ndata: b\n\n";
        let source = EventSourceBuilder::from_body(body).comments(wanted);
        let source = source.build().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = |seen: &Arc<Mutex<Vec<String>>>| {
            let seen = Arc::clone(seen);
            move |event: DomEvent<'_>| {
                seen.lock().unwrap().push(match event {
                    DomEvent::Message(message) => format!("m:{}", message.data),
                    DomEvent::Comment(text) => format!("c:{text}"),
                    other => format!("{other:?}"),
                });
            }
        };
        source.handle().onmessage(log(&seen));
        source.handle().oncomment(log(&seen));
        soon(source.run()).await;
        assert_eq!(seen.lock().unwrap().join(" "), expected);
    }
}
