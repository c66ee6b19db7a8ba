//! What the server sees of a source that closes, or that does not read. In: sources over every transport. Out: bodies
//! that are dropped, and bodies that wait.
//!
//! Next: `adapters.rs`.

#![allow(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod support;

use support::world::{EVERY_WAY, Way, World};
use support::{ms, next_data, soon};
use wellspring_testkit::service::Answer;

#[tokio::test]
async fn close_drops_the_response_at_once() {
    for way in EVERY_WAY {
        let answer = Answer::event_stream("data: a\n\n").hang();
        let world = World::with(way, [answer]).await;
        let mut source = world.source();
        assert_eq!(next_data(&mut source).await, "a");
        assert_eq!(world.here.service.ended_so_far(), 0);
        source.handle().close();
        soon(world.here.service.ended(1)).await;
        assert!(soon(source.next()).await.is_none());
    }
}

#[tokio::test]
async fn dropping_a_source_drops_its_response_at_once() {
    for way in EVERY_WAY {
        let answer = Answer::event_stream("data: a\n\n").hang();
        let world = World::with(way, [answer]).await;
        let mut source = world.source();
        assert_eq!(next_data(&mut source).await, "a");
        drop(source);
        soon(world.here.service.ended(1)).await;
    }
}

#[tokio::test]
async fn a_request_without_a_response_is_cancelled_too() {
    for way in EVERY_WAY {
        let world = World::with(way, [Answer::never()]).await;
        let source = world.source();
        let handle = source.spawn().unwrap();
        soon(world.here.service.request(0)).await;
        assert_eq!(world.here.service.ended_so_far(), 0);
        handle.close();
        soon(world.here.service.ended(1)).await;
    }
}

/// A stream of 256 MiB; the source takes one event of it, and later the rest of what a little is.
#[tokio::test]
async fn a_source_that_is_not_read_holds_the_server_back() {
    const SIZE: usize = 64 * 1024;
    const COUNT: u64 = 4096;
    for way in EVERY_WAY {
        let event = format!("data: {}\n\n", "x".repeat(SIZE - 8));
        let answer = Answer::event_stream("").repeat(event, COUNT);
        let world = World::with(way, [answer]).await;
        let mut source = world.source();
        assert_eq!(next_data(&mut source).await.len(), SIZE - 8);
        let sent = settled(|| world.here.service.sent()).await;
        let held = sent / SIZE as u64 - 1;
        println!("{held} events wait");
        // Sockets hold some megabytes; without a socket nothing is taken before it is asked for.
        let limit = match way {
            Way::Router | Way::Scripted => 2,
            _ => COUNT / 4,
        };
        assert!(held <= limit, "{held} events wait");
        for _ in 0..held + 10 {
            assert_eq!(next_data(&mut source).await.len(), SIZE - 8);
        }
        assert!(world.here.service.sent() > sent);
    }
}

/// A number once it has not changed for a while.
async fn settled(read: impl Fn() -> u64) -> u64 {
    let mut last = read();
    let mut unchanged = 0;
    while unchanged < 30 {
        tokio::time::sleep(ms(10)).await;
        let now = read();
        unchanged = if now == last { unchanged + 1 } else { 0 };
        last = now;
    }
    last
}
