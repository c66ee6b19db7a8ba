//! Who publishes, and who reads. In: an engine. Out: records that are appended until it is known what became
//! of them; what a tail brought, judged.
//!
//! Next: `faults.rs`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;
use tokio::time::timeout;
use wellspring_broker::{
    Append, AppendOutcome, Bounds, Engine, Receipt, Refusal, StoredRecord, TailItem,
};
use wellspring_engine_contract::{PATIENCE, Tail, record};
use wellspring_nats::NatsEngine;

/// Between two attempts, as a broker makes them.
const PAUSE: Duration = Duration::from_millis(100);

/// Appends until it is known what became of it, in whichever epoch is in force.
pub(crate) async fn persist(engine: &NatsEngine, append: &Append) -> Receipt {
    let begun = Instant::now();
    let mut epoch = None;
    loop {
        assert!(begun.elapsed() < PATIENCE, "it is never known");
        let current = match epoch {
            Some(epoch) => epoch,
            None => match engine.bounds().await {
                Ok(bounds) => bounds.lineage.current(),
                Err(_) => {
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            },
        };
        epoch = Some(current);
        let outcomes = engine.append(current, vec![append.clone()]).await;
        match &outcomes[0] {
            AppendOutcome::Appended(receipt) => return *receipt,
            AppendOutcome::Refused(Refusal::OtherEpoch) => epoch = None,
            AppendOutcome::Refused(Refusal::Unavailable { .. }) | AppendOutcome::InDoubt => {
                tokio::time::sleep(PAUSE).await;
            }
            other => panic!("{other:?}"),
        }
    }
}

/// What was answered for: numbers and texts.
pub(crate) type Ledger = Vec<(u64, String)>;

/// Publishes from several tasks until it is stopped.
pub(crate) struct Publishers {
    stop: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<Ledger>>,
}

impl Publishers {
    pub(crate) fn begin(engine: &Arc<NatsEngine>, name: &str, count: usize) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let tasks = (0..count).map(|task| {
            let (engine, stop) = (Arc::clone(engine), Arc::clone(&stop));
            let name = format!("{name} {task}");
            tokio::spawn(async move {
                let mut ledger = Vec::new();
                let mut number = 0;
                while !stop.load(Ordering::Relaxed) {
                    let text = format!("{name} {number}");
                    let receipt = persist(&engine, &record(&text)).await;
                    ledger.push((receipt.sequence, text));
                    number += 1;
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
                ledger
            })
        });
        let tasks = tasks.collect();
        Self { stop, tasks }
    }

    pub(crate) async fn finish(self) -> Ledger {
        self.stop.store(true, Ordering::Relaxed);
        let mut all = Vec::new();
        for task in self.tasks {
            all.extend(task.await.unwrap());
        }
        all.sort();
        all
    }
}

/// Records up to this number, whatever else comes in between but another epoch.
pub(crate) async fn until(tail: &mut Tail, last: u64) -> Vec<StoredRecord> {
    let mut records: Vec<StoredRecord> = Vec::new();
    while records.last().is_none_or(|newest| newest.sequence < last) {
        match tail.item().await {
            TailItem::Records(more) => records.extend(more),
            TailItem::Live { .. } | TailItem::Stalled(_) => {}
            other => panic!("{other:?}"),
        }
    }
    records
}

/// What holds when the tail tells of another epoch.
pub(crate) async fn rewritten(tail: &mut Tail) -> Bounds {
    loop {
        match tail.item().await {
            TailItem::Rewritten(bounds) => return bounds,
            TailItem::Live { .. } | TailItem::Stalled(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

/// Each that was answered for is there once, under its number, and numbers have no hole.
pub(crate) fn assert_all_there(ledger: &Ledger, records: &[StoredRecord]) {
    let first = records[0].sequence;
    for (index, record) in records.iter().enumerate() {
        assert_eq!(record.sequence, first + index as u64, "dense");
    }
    for (number, text) in ledger {
        let index = usize::try_from(number - first).unwrap();
        assert_eq!(records[index].record, text.as_bytes(), "number {number}");
    }
    let mut texts: Vec<_> = records.iter().map(|record| &record.record).collect();
    texts.sort();
    let all = texts.len();
    texts.dedup();
    assert_eq!(texts.len(), all, "once");
}

/// How long the tail takes for an item at most, while it is looked at.
pub(crate) async fn longest_silence(tail: &mut Tail, during: Duration) -> (Duration, bool) {
    let begun = Instant::now();
    let (mut longest, mut stalled) = (Duration::ZERO, false);
    while begun.elapsed() < during {
        let before = Instant::now();
        if let Ok(item) = timeout(during, tail.item()).await {
            stalled |= matches!(item, TailItem::Stalled(_));
        }
        longest = longest.max(before.elapsed());
    }
    (longest, stalled)
}
