//! Clients that others wrote, on our server, over two cuts. Each gets every event once and in order and
//! keeps its place; the opening comment of a first connection is the only thing that some of them take
//! for an event of their own.
//!
//! Next: `servers.rs`.

use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use wellspring_e2e::server::ChannelServer;
use wellspring_server::{Block, Channel};

use crate::installed::{node, python};
use crate::program::Printer;

/// Several of these pass while a test waits.
const KEEP_ALIVE: Duration = Duration::from_millis(100);

/// What a client that takes a blank line for an event makes of a first opening: one with the place.
const OPENINGS: usize = 1;

#[test]
fn httpx_sse_misses_nothing_and_keeps_its_place() {
    reads_over_two_cuts(python("httpx_sse_client.py"));
}

#[test]
fn sseclient_misses_nothing_and_keeps_its_place() {
    reads_over_two_cuts(python("sseclient_client.py"));
}

#[test]
fn fetch_event_source_misses_nothing_and_keeps_its_place() {
    reads_over_two_cuts(node("fetch_event_source_client.mjs"));
}

fn reads_over_two_cuts(command: Option<Command>) {
    let Some(mut command) = command else {
        return;
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _entered = runtime.enter();
    let channel = Channel::new();
    let server = runtime
        .block_on(ChannelServer::start(channel.clone()))
        .unwrap();
    server.keep_alive(KEEP_ALIVE);
    command.arg(server.url("/oldest"));
    let client = Printer::start(command);
    for part in 0..3 {
        for number in part * 3 + 1..=part * 3 + 3 {
            channel.publish(Block::data(number.to_string())).unwrap();
        }
        client.wait_until("its three events", |events| {
            numbers(events).len() >= part * 3 + 3
        });
        std::thread::sleep(4 * KEEP_ALIVE);
        if part < 2 {
            server.cut();
        }
    }
    let events = client.events();
    assert_eq!(numbers(&events), [1, 2, 3, 4, 5, 6, 7, 8, 9], "{events:?}");
    let empty = events.len() - 9;
    assert!(empty <= OPENINGS, "{empty} empty events: {events:?}");
    for (connection, last_event_id) in server.last_event_ids().iter().enumerate() {
        let resumes = last_event_id.as_deref().is_some_and(|id| !id.is_empty());
        assert_eq!(resumes, connection > 0, "{:?}", server.last_event_ids());
    }
}

fn numbers(events: &[Value]) -> Vec<usize> {
    let data = events.iter().map(|event| event["data"].as_str().unwrap());
    data.filter_map(|data| data.parse().ok()).collect()
}
