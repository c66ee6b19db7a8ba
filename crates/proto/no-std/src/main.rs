//! A program without the standard library that decodes, encodes and runs the machine. In: nothing.
//! Out: exit code 0 when the results are right. Its panic handler and its allocator are its own: with
//! the standard library linked in, there would be two panic handlers and no program.
//!
//! Next: `../src/lib.rs`.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::ControlFlow;
use core::panic::PanicInfo;
use core::time::Duration;

use wellspring_proto::{
    Batch, Block, Decoder, Event, Item, Machine, Output, Reconnection, Response,
};

#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

#[link(name = "c")]
unsafe extern "C" {
    safe fn abort() -> !;
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    abort()
}

/// What the C library calls.
// SAFETY: nothing else has this name; its parameters may be left out.
#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    let steps = [decodes(), encodes(), runs()];
    match steps.iter().position(|right| !right) {
        None => 0,
        Some(step) => i32::try_from(step).map_or(i32::MAX, |step| step + 1),
    }
}

/// A byte order mark, each line end, a broken and a divided character, one byte at a time.
fn decodes() -> bool {
    let stream =
        b"\xEF\xBB\xBFid: 1\r\ndata: caf\xC3\xA9\r\n\r\nevent: notice\rdata: \xFF\rdata\r\r\
        id: 2\n\n: nothing\n";
    let mut decoder = Decoder::new();
    let mut events = Vec::new();
    let mut positions = Vec::new();
    for byte in stream.chunks(1) {
        let decoded = decoder.decode(byte, |item| {
            match item {
                Item::Event(event) => events.push(event.to_event()),
                Item::LastEventId(id) => positions.push(String::from(id)),
                _ => {}
            }
            ControlFlow::Continue(())
        });
        if decoded.is_err() {
            return false;
        }
    }
    let expected = [
        Event::new("message", "café", "1"),
        Event::new("notice", "\u{FFFD}\n", "1"),
    ];
    events == expected && positions == ["2"] && decoder.last_event_id() == "2"
}

/// What is encoded, and decoded whole, is the same event.
fn encodes() -> bool {
    let event = Event::new("update", "two\nlines, 日本語", "42");
    let Ok(block) = Block::try_from(&event) else {
        return false;
    };
    let mut batch = Batch::new();
    let decoded = Decoder::new().decode_into(&block.encode(), &mut batch);
    let item = batch.next_item();
    decoded.is_ok() && matches!(item, Some(Item::Event(same)) if same.to_event() == event)
}

/// A connection, an event, the end of the body, and the wait for the next attempt.
fn runs() -> bool {
    let mut machine = Machine::new(Decoder::new(), Reconnection::default());
    let mut batch = Batch::new();
    let connects = machine.poll() == Some(Output::Connect { attempt: 1 });
    let response = Response {
        status: 200,
        event_stream: true,
        coded: false,
    };
    machine.handle_response(Duration::ZERO, response);
    let opens = machine.poll() == Some(Output::Open);
    machine.handle_bytes(b"retry: 250\nid: 7\ndata: x\n\n", &mut batch);
    machine.handle_end_of_body(Duration::from_secs(1));
    let waits = matches!(machine.poll(), Some(Output::Reconnecting { .. }));
    connects
        && opens
        && waits
        && batch.len() == 2
        && machine.last_event_id() == "7"
        && machine.poll_timeout() == Some(Duration::from_millis(1250))
}
