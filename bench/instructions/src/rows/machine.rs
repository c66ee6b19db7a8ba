//! The event source. In: stimuli. Out: how many events or attempts came of them.
//!
//! Next: `log.rs`.

use super::Row;
use crate::corpus;
use std::hint::black_box;
use std::time::Duration;
use wellspring_proto::{Batch, Decoder, Item, Machine, Output, Reconnection, Response};

const GOOD: Response = Response {
    status: 200,
    event_stream: true,
    coded: false,
};

/// One connection, read as a driver reads it.
pub(super) const READING: Row = Row {
    name: "machine-reading",
    expected: 2_000,
    prepare: || {
        let bytes = corpus::every_field(2_000);
        let mut machine = Machine::new(Decoder::new(), Reconnection::default());
        let mut batch = Batch::new();
        machine.poll();
        machine.handle_response(Duration::ZERO, GOOD);
        machine.poll();
        Box::new(move || {
            let mut events = 0;
            for chunk in bytes.chunks(1_460) {
                machine.handle_bytes(chunk, &mut batch);
                while let Some(item) = batch.next_item() {
                    events += u64::from(matches!(black_box(item), Item::Event(_)));
                }
                batch.clear();
                black_box(machine.poll());
            }
            events
        })
    },
};

/// Connections that break after one event each.
pub(super) const RECONNECTING: Row = Row {
    name: "machine-reconnecting",
    expected: 2_000,
    prepare: || {
        let mut machine = Machine::new(Decoder::new(), Reconnection::default());
        let mut batch = Batch::new();
        Box::new(move || {
            let mut now = Duration::ZERO;
            let mut attempts = 0;
            for round in 0..2_000 {
                attempts += u64::from(matches!(machine.poll(), Some(Output::Connect { .. })));
                machine.handle_response(now, GOOD);
                black_box(machine.poll());
                machine.handle_bytes(black_box(b"id: 7\ndata: one\n\n"), &mut batch);
                batch.clear();
                machine.handle_network_error(now, round);
                black_box(machine.poll());
                now = machine.poll_timeout().expect("it waits");
                machine.handle_timeout(now);
            }
            attempts
        })
    },
};
