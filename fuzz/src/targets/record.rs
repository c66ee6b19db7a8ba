//! Stored records: whatever an engine has, readers get what a naive reading of it gives, and nothing else. In:
//! updates to store, and records that somebody else wrote. Out: a panic when what is stored reads otherwise, when a
//! record that is not understood is delivered, or when a field gets out of its line.
//!
//! Next: `response.rs`.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use tokio::runtime::Builder;
use wellspring_broker::{
    Append, Broker, BrokerOptions, Cursor, Delivery, Engine, Epoch, MemoryEngine, PageLimits,
    Selector, Start, Subscribe, Subscription, Update,
};
use wellspring_proto::{Decoder, EventRef};
use wellspring_testkit::Trace;

use crate::Input;
use crate::trace::visit;

mod naive;

use naive::Naive;

const RECORDS: usize = 4;

pub(crate) fn run(bytes: &[u8]) {
    let runtime = Builder::new_current_thread().enable_time().build();
    let runtime = runtime.expect("a runtime");
    runtime.block_on(store_and_read(bytes));
}

async fn store_and_read(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let epoch = Epoch::new(7);
    let engine = Arc::new(MemoryEngine::with_epoch(epoch));
    // All but the newest event come of pages.
    let options = BrokerOptions::default().with_window(1, 1);
    let broker = Broker::open(engine.clone(), options).await;
    let broker = broker.expect("memory opens");
    for _ in 0..RECORDS {
        let kind = input.byte();
        if kind % 2 == 0 {
            let update = update(kind, &mut input);
            let stored = broker.publish(&update, None).await;
            stored.expect("memory has room");
        } else {
            let record = Bytes::copy_from_slice(input.bytes());
            append(&*engine, epoch, record).await;
        }
    }
    let last = Update::new("last").expect("a topic");
    let last = broker.publish(&last, None).await.expect("memory has room");
    let limits = PageLimits::new(RECORDS + 1, usize::MAX);
    let page = engine.read_after(0, limits).await.expect("memory answers");

    let mut expected = Trace::new();
    let mut foreign = 0;
    let mut id = String::new();
    for stored in &page.records {
        let cursor = Cursor::new(epoch, stored.sequence, stored.tag as u16);
        match Naive::read(&stored.record) {
            Some(record) => expect(&record, cursor, &mut id, &mut expected),
            None => foreign += 1,
        }
    }
    assert!(broker.has_seen(&last, Duration::from_secs(9)).await);
    assert_eq!(
        broker.stats().foreign,
        foreign,
        "those that are not understood"
    );
    let body = read(&broker, &last.id).await;
    let (trace, result) = visit(&mut Decoder::new(), &[&body]);
    assert_eq!((trace, result), (expected, Ok(())));
}

fn update(kind: u8, input: &mut Input<'_>) -> Update {
    let mut update = Update::new("topic").expect("a topic");
    if let Ok(named) = Update::new(input.text()) {
        update = named;
    }
    if kind & 2 != 0 {
        let text = input.text();
        update = update.clone().alternate(text).unwrap_or(update);
    }
    if kind & 4 != 0 {
        let text = input.text();
        update = update.clone().id(&text).unwrap_or(update);
    }
    if kind & 8 != 0 {
        let text = input.text();
        update = update.clone().event_type(&text).unwrap_or(update);
    }
    if kind & 16 != 0 {
        update = update.retry(Duration::from_millis(input.number().into()));
    }
    if kind & 32 != 0 {
        update = update.data(input.text());
    }
    update.private(kind & 64 != 0)
}

async fn append(engine: &MemoryEngine, epoch: Epoch, record: Bytes) {
    let outcomes = engine.append(epoch, vec![Append::new(1, 1, record)]);
    assert_eq!(outcomes.await.len(), 1);
}

/// What an event source makes of it: an event, a reconnection time, a last event ID.
fn expect(record: &Naive<'_>, cursor: Cursor, id: &mut String, expected: &mut Trace) {
    let is_plain = |text: &&str| !text.contains(['\n', '\r', '\0']);
    let before = id.clone();
    match record.id {
        Some(text) if is_plain(&text) => *id = text.to_owned(),
        Some(_) => {}
        None => *id = cursor.to_string(),
    }
    if let Some(milliseconds) = record.retry {
        expected.retry(Duration::from_millis(milliseconds));
    }
    match record.data {
        Some(data) => {
            let data = data.replace("\r\n", "\n").replace('\r', "\n");
            let kind = record.event_type.filter(is_plain).unwrap_or_default();
            let kind = EventRef::new(kind, "", "").event_type;
            expected.event(kind, &data, id);
        }
        None if *id != before => expected.position(id),
        None => {}
    }
}

/// All that there is, up to the block with this id.
async fn read(broker: &Broker, last: &str) -> Vec<u8> {
    let any = || Selector::parse("*").expect("it is one");
    let wanted = Subscribe::new([any()])
        .grants([any()])
        .start(Start::Earliest);
    let mut subscription = broker.subscribe(wanted).await.expect("it is open");
    let mut body = Vec::new();
    let end = format!("id: {last}\n");
    loop {
        let frame = next(&mut subscription).await;
        body.extend_from_slice(&frame);
        if frame.windows(end.len()).any(|part| part == end.as_bytes()) {
            return body;
        }
    }
}

async fn next(subscription: &mut Subscription) -> Bytes {
    match poll_fn(|cx| Pin::new(&mut *subscription).poll_next(cx)).await {
        Some(Delivery::Frame(frame)) => frame,
        other => panic!("{other:?} instead of a frame"),
    }
}
