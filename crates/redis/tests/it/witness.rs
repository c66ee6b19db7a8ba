//! Who publishes all the while, who follows, and what both saw. In: an engine. Out: a panic where a number
//! means two records, or where something that was answered for is gone and is not owned up to.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};
use wellspring_broker::{AppendOutcome, Bounds, Engine, Epoch, Lineage, TailItem};
use wellspring_engine_contract::{all, record};

/// What one number of one epoch means.
type Meanings = HashMap<(Epoch, u64), u64>;

#[derive(Default)]
struct Seen {
    answered: Meanings,
    delivered: Meanings,
    /// Each new lineage, with the number up to which what was delivered still holds.
    rewritten: Vec<Bounds>,
    /// Records that were delivered and lost.
    lost: u64,
    refused: u64,
    in_doubt: u64,
    stalled: u64,
    after: u64,
}

pub(crate) struct Witness {
    engine: Arc<dyn Engine>,
    seen: Arc<Mutex<Seen>>,
    stop: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<()>>,
    follower: JoinHandle<()>,
}

fn mean(meanings: &mut Meanings, epoch: Epoch, sequence: u64, tag: u64) {
    let before = meanings.insert((epoch, sequence), tag);
    assert!(
        before.is_none_or(|before| before == tag),
        "{epoch}.{sequence} means two records"
    );
}

/// Appends one record after the other, each until it is stored.
async fn publish(engine: Arc<dyn Engine>, seen: Arc<Mutex<Seen>>, stop: Arc<AtomicBool>) {
    let mut lineage: Option<Lineage> = None;
    while !stop.load(Ordering::Relaxed) {
        let one = record("published");
        loop {
            let Some(known) = lineage.clone() else {
                lineage = engine.bounds().await.ok().map(|bounds| bounds.lineage);
                sleep(Duration::from_millis(5)).await;
                continue;
            };
            let mut outcomes = engine.append(known.current(), vec![one.clone()]).await;
            match outcomes.remove(0) {
                AppendOutcome::Appended(receipt) => {
                    let epoch = known.epoch_at(receipt.sequence);
                    let mut seen = seen.lock().unwrap();
                    mean(&mut seen.answered, epoch, receipt.sequence, receipt.tag);
                    assert_eq!(receipt.tag, one.tag);
                    break;
                }
                AppendOutcome::InDoubt => seen.lock().unwrap().in_doubt += 1,
                _ => seen.lock().unwrap().refused += 1,
            }
            lineage = None;
        }
        sleep(Duration::from_millis(1)).await;
    }
}

async fn follow(engine: Arc<dyn Engine>, seen: Arc<Mutex<Seen>>) {
    let bounds = engine.bounds().await.unwrap();
    let mut lineage = bounds.lineage;
    let mut tail = engine.tail(bounds.head);
    seen.lock().unwrap().after = bounds.head;
    loop {
        let item = std::future::poll_fn(|cx| tail.as_mut().poll_next(cx));
        let item = timeout(Duration::from_secs(2), item).await;
        let item = item.expect("an item at least every 2 s").unwrap();
        let mut seen = seen.lock().unwrap();
        match item {
            TailItem::Records(records) => {
                for stored in records {
                    assert_eq!(stored.sequence, seen.after + 1, "records follow each other");
                    seen.after = stored.sequence;
                    let epoch = lineage.epoch_at(stored.sequence);
                    mean(&mut seen.delivered, epoch, stored.sequence, stored.tag);
                }
            }
            TailItem::Rewritten(bounds) => {
                lineage = bounds.lineage.clone();
                seen.lost += seen.after.saturating_sub(bounds.head);
                seen.after = seen.after.min(bounds.head);
                seen.rewritten.push(bounds);
            }
            TailItem::Stalled(_) => seen.stalled += 1,
            _ => {}
        }
    }
}

/// What was seen in all.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) answered: usize,
    /// Records that a follower had, and learned that they are lost.
    pub(crate) lost: u64,
    /// Records that were answered for and are not in the history.
    pub(crate) gone: usize,
    pub(crate) epochs: usize,
    pub(crate) in_doubt: u64,
}

impl Witness {
    pub(crate) fn begin(engine: Arc<dyn Engine>) -> Self {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let stop = Arc::new(AtomicBool::new(false));
        let tasks = (0..8).map(|_| {
            let (engine, seen, stop) = (Arc::clone(&engine), Arc::clone(&seen), Arc::clone(&stop));
            tokio::spawn(publish(engine, seen, stop))
        });
        Self {
            tasks: tasks.collect(),
            follower: tokio::spawn(follow(Arc::clone(&engine), Arc::clone(&seen))),
            engine,
            seen,
            stop,
        }
    }

    pub(crate) fn answered(&self) -> usize {
        self.seen.lock().unwrap().answered.len()
    }

    pub(crate) fn stalled(&self) -> u64 {
        self.seen.lock().unwrap().stalled
    }

    pub(crate) fn rewritten(&self) -> usize {
        self.seen.lock().unwrap().rewritten.len()
    }

    /// Waits until so many more are answered for, which shows that all goes on.
    pub(crate) async fn goes_on(&self, more: usize) {
        let wanted = self.answered() + more;
        let began = Instant::now();
        while self.answered() < wanted {
            let patience = Duration::from_secs(20);
            assert!(
                began.elapsed() < patience,
                "it does not go on: {:?}",
                self.engine
            );
            assert!(!self.follower.is_finished(), "the follower has failed");
            sleep(Duration::from_millis(5)).await;
        }
    }

    pub(crate) async fn end(self) -> Verdict {
        self.stop.store(true, Ordering::Relaxed);
        for task in self.tasks {
            task.await.unwrap();
        }
        let bounds = self.engine.bounds().await.unwrap();
        let began = Instant::now();
        while self.seen.lock().unwrap().after < bounds.head {
            assert!(!self.follower.is_finished(), "the follower has failed");
            assert!(
                began.elapsed() < Duration::from_secs(20),
                "the follower stays behind"
            );
            sleep(Duration::from_millis(5)).await;
        }
        self.follower.abort();
        let kept = self.engine.read_after(0, all()).await.unwrap().records;
        let tags: HashMap<u64, u64> = kept.iter().map(|one| (one.sequence, one.tag)).collect();
        let seen = self.seen.lock().unwrap();
        for ((epoch, sequence), tag) in seen.answered.iter().chain(&seen.delivered) {
            if *sequence <= bounds.lineage.valid_until(*epoch).unwrap_or(0) {
                let kept = tags.get(sequence);
                assert_eq!(kept, Some(tag), "{epoch}.{sequence} is gone in silence");
            }
        }
        let holds = |epoch| bounds.lineage.valid_until(epoch).unwrap_or(0);
        let answered = seen.answered.keys();
        let gone = answered.filter(|(epoch, sequence)| *sequence > holds(*epoch));
        let gone = gone.count();
        for (key, tag) in &seen.delivered {
            let answered = seen.answered.get(key);
            assert!(answered.is_none_or(|answered| answered == tag));
        }
        Verdict {
            answered: seen.answered.len(),
            lost: seen.lost,
            gone,
            epochs: seen.rewritten.len(),
            in_doubt: seen.in_doubt,
        }
    }
}
