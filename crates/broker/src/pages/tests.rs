use std::time::Duration;

use super::*;
use crate::cursor::Epoch;
use crate::engine::{Append, MemoryEngine, StoredRecord};

async fn engine() -> Arc<dyn Engine> {
    let engine: Arc<dyn Engine> = Arc::new(MemoryEngine::new());
    let record = |number: u64| Append::new(number, number, vec![0].into());
    let epoch = lineage(&*engine).await.current();
    engine.append(epoch, (0..4).map(record).collect()).await;
    engine
}

async fn lineage(engine: &dyn Engine) -> Lineage {
    engine.bounds().await.unwrap().lineage
}

#[tokio::test]
async fn a_page_of_another_epoch_is_not_taken() {
    let (engine, pages) = (engine().await, Arc::new(Pages::default()));
    let before = lineage(&*engine).await;
    engine.fence(before.current(), 2).await.unwrap();
    let read = pages.after(0, &engine, before).await;
    assert_eq!(read.unwrap_err().to_string(), FORKED);
    let read = pages.after(0, &engine, lineage(&*engine).await).await;
    assert_eq!(read.unwrap().events.len(), 2);
}

#[tokio::test]
async fn a_page_that_was_read_before_a_fork_is_not_kept() {
    let pages = Pages::default();
    let page = || {
        let stored = StoredRecord::new(1, 1, vec![0].into());
        let event = Event::new(&stored, &Lineage::new(Epoch::new(1)));
        let events = vec![Arc::new(event)];
        EventPage { events }
    };
    let before = pages.lock().forks;
    pages.clear();
    let put = pages.put(page(), before).unwrap_err();
    assert_eq!(put.to_string(), FORKED);
    assert!(pages.with(1).is_none());
    pages.put(page(), before + 1).unwrap();
    assert!(pages.with(1).is_some());
}

/// Whether it is still to come.
async fn is_pending<F: Future + Unpin>(future: &mut F) -> bool {
    std::future::poll_fn(|cx| {
        let polled = std::pin::Pin::new(&mut *future).poll(cx);
        std::task::Poll::Ready(polled.is_pending())
    })
    .await
}

#[tokio::test]
async fn what_nobody_waits_for_leaves_nothing() {
    let (engine, pages) = (engine().await, Arc::new(Pages::default()));
    let lineage = lineage(&*engine).await;
    for after in 0..4 {
        let mut read = Box::pin(pages.after(after, &engine, lineage.clone()));
        is_pending(&mut read).await;
    }
    let gone = async {
        while !pages.lock().being_read.is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), gone)
        .await
        .unwrap();
}
