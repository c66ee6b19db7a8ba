//! What happens to a broker: publishes, trims, a tail that lags behind, subscribers that come, read and go.
//! In: a seed. Out: what has happened, or a panic.
//!
//! Next: `sum.rs`.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};
use wellspring_broker::{
    Broker, BrokerOptions, Cursor, Engine, Epoch, OnLag, Resume, Retention, Selector, Start,
    Subscribe, SubscribeError, Update,
};

use crate::ahead::Ahead;
use crate::reader::{Bounds, Published, Reader, Wants};
use crate::sum::Sum;

const TOPICS: [&str; 6] = ["/a", "/b", "/a/1", "/a/2", "/b/1", "c"];
const SELECTORS: [&str; 8] = ["*", "/a", "/b", "/{x}", "/a/{x}", "/{x}/1", "c", "d"];

/// Longer than anything waits.
const LONG: Duration = Duration::from_secs(60);

/// Longer than who waits for the node, or for a page, takes to look again.
const ROUND: Duration = Duration::from_secs(1);

pub(crate) struct World {
    pub(crate) sum: Sum,
    rng: fastrand::Rng,
    engine: Ahead,
    broker: Broker,
    history: Vec<Published>,
    /// Of each event, from before the first on.
    cursors: Vec<Cursor>,
    readers: Vec<Reader>,
}

impl World {
    pub(crate) async fn new(seed: u64) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let epoch = Epoch::new(7);
        let engine = Ahead::new(epoch, rng.bool());
        let options = BrokerOptions::default()
            .with_window(rng.usize(1..12), rng.usize(500..20_000))
            .with_latest(rng.usize(0..5), 20_000);
        let opened = Broker::open(Arc::new(engine.clone()), options).await;
        Self {
            sum: Sum::default(),
            rng,
            engine,
            broker: opened.unwrap(),
            history: Vec::new(),
            cursors: vec![Cursor::new(epoch, 0, 0)],
            readers: Vec::new(),
        }
    }

    fn head(&self) -> u64 {
        self.history.len() as u64
    }

    fn node_head(&self) -> u64 {
        self.broker.cursor().sequence
    }

    pub(crate) async fn step(&mut self) {
        match self.rng.u8(0..100) {
            0..35 => self.publish().await,
            35..50 => self.let_on(),
            50..58 => self.join().await,
            58..60 => self.leave(),
            60..67 => self.trim().await,
            67..70 => {
                let delay = self.rng.u64(0..30) * u64::from(self.rng.bool());
                self.engine.delay_pages(Duration::from_millis(delay));
            }
            70..80 => self.pass(700).await,
            _ => self.read_some().await,
        }
    }

    /// All that is stored comes, and all that is owed arrives.
    pub(crate) async fn finish(&mut self) {
        self.engine.let_on(u64::MAX);
        let is_still = |world: &Self| {
            let readers = world.readers.iter();
            world.node_head() == world.head() && readers.into_iter().all(|r| !r.is_woken())
        };
        for _ in 0..200 {
            sleep(ROUND).await;
            if is_still(self) {
                break;
            }
            self.look_for_holes();
            self.read_all(usize::MAX).await;
        }
        let horizon = self.engine.horizon().await;
        for reader in &self.readers {
            assert!(!reader.is_woken(), "it waits in the end");
            reader.assert_all_came(horizon);
        }
    }

    fn some(&mut self, of: &[&'static str], most: usize) -> Vec<&'static str> {
        let count = self.rng.usize(0..=most);
        let one = |_| of[self.rng.usize(0..of.len())];
        (0..count).map(one).collect()
    }

    async fn publish(&mut self) {
        let mut topics = vec![TOPICS[self.rng.usize(0..TOPICS.len())]];
        topics.extend(self.some(&TOPICS, 2));
        let published = Published {
            sequence: self.head() + 1,
            topics,
            private: self.rng.u8(0..3) == 0,
        };
        let large = self.rng.u8(0..16) == 0;
        let mut update = Update::new(published.topics[0]).unwrap();
        for topic in &published.topics[1..] {
            update = update.alternate(*topic).unwrap();
        }
        let update = update.data(published.data(large));
        let update = update.private(published.private);
        let answered = self.broker.publish(&update, None).await.unwrap();
        assert_eq!(answered.cursor.sequence, published.sequence);
        self.cursors.push(answered.cursor);
        self.readers.iter_mut().for_each(|r| r.owe(&published));
        self.history.push(published);
    }

    fn let_on(&mut self) {
        let (node, head) = (self.node_head(), self.head());
        let until = if self.rng.bool() {
            head
        } else {
            self.rng.u64(node..=head)
        };
        self.engine.let_on(until);
    }

    async fn pass(&mut self, most: u64) {
        sleep(Duration::from_millis(self.rng.u64(0..most))).await;
    }

    /// What the node never saw, its readers look for themselves.
    fn look_for_holes(&mut self) {
        let holes = self.broker.stats().holes;
        if holes > std::mem::replace(&mut self.sum.holes, holes) {
            self.readers.iter_mut().for_each(Reader::lose_sight);
        }
    }

    async fn trim(&mut self) {
        let kept = if self.rng.u8(0..4) == 0 {
            u64::MAX
        } else {
            self.rng.u64(1..25)
        };
        let retention = Retention::default().with_events(kept);
        self.engine.trim(retention).await.unwrap();
        let beyond = self.engine.horizon().await > self.node_head() + 1;
        self.sum.beyond += u64::from(beyond);
    }

    async fn join(&mut self) {
        let mut selectors = self.some(&SELECTORS, 3);
        selectors.push(SELECTORS[self.rng.usize(0..SELECTORS.len())]);
        let grants = self.some(&SELECTORS, 2);
        let parsed = |texts: Vec<&str>| {
            let parsed = texts.iter().map(|text| Selector::parse(text).unwrap());
            parsed.collect::<Vec<_>>()
        };
        let wants = Wants {
            selectors: parsed(selectors),
            grants: parsed(grants),
            on_lag: [OnLag::Disconnect, OnLag::Gap, OnLag::Latest][self.rng.usize(0..3)],
        };
        let place = self.rng.usize(0..self.cursors.len());
        let start = match self.rng.u8(0..4) {
            0 => Start::Live,
            1 => Start::Earliest,
            _ => Start::After(self.cursors[place].to_string()),
        };
        let subscribe = Subscribe::new(wants.selectors.clone())
            .grants(wants.grants.clone())
            .on_lag(wants.on_lag)
            .start(start.clone());
        let node = self.node_head();
        let subscribed = timeout(LONG, self.broker.subscribe(subscribe)).await;
        let subscription = match subscribed.expect("it is answered") {
            Ok(subscription) => subscription,
            Err(SubscribeError::Behind) => {
                assert!(place as u64 > node, "the node had the event");
                self.sum.refused += 1;
                return;
            }
            Err(error) => panic!("{error:?}"),
        };
        let (after, elastic) = match (start, subscription.resume()) {
            (Start::Live, None) => (node, false),
            (Start::Earliest, _) => (0, true),
            (_, Some(Resume::Found)) => (place as u64, false),
            (_, Some(Resume::Expired { .. } | Resume::Unknown)) => {
                let horizon = self.engine.horizon().await;
                assert!((place as u64) < horizon, "it is there");
                (0, true)
            }
            (_, other) => panic!("{other:?} of an event that exists"),
        };
        self.sum.resumed += u64::from(!elastic);
        let mut reader = Reader::new(subscription, wants, after, elastic);
        self.history
            .iter()
            .for_each(|published| reader.owe(published));
        self.readers.push(reader);
    }

    fn leave(&mut self) {
        if !self.readers.is_empty() {
            let index = self.rng.usize(0..self.readers.len());
            self.readers.swap_remove(index);
        }
    }

    async fn read_some(&mut self) {
        if self.readers.is_empty() {
            return;
        }
        self.look_for_holes();
        let most = self.rng.usize(1..9);
        let index = self.rng.usize(0..self.readers.len());
        let reader = self.readers.swap_remove(index);
        self.read(reader, most).await;
    }

    async fn read_all(&mut self, most: usize) {
        for reader in std::mem::take(&mut self.readers) {
            self.read(reader, most).await;
        }
    }

    /// Only who was woken reads, or a wake-up that is missing would go unseen.
    async fn read(&mut self, mut reader: Reader, most: usize) {
        let (node, head) = (self.node_head(), self.head());
        let is_behind = reader.is_owed().is_some_and(|owed| owed <= node);
        self.sum.ahead += u64::from(is_behind && node < head);
        let horizon = self.engine.horizon().await;
        let bounds = Bounds { horizon, node };
        if !reader.is_woken() || reader.read(most, bounds, &mut self.sum) {
            self.readers.push(reader);
        }
    }
}
