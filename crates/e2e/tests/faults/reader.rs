//! The event sources. In: proxies. Out: how far each has come, and a verdict on one that got what it should not.
//!
//! Next: `wellspring_e2e::numbered::Judge`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinHandle;
use wellspring::transport::{HttpTransport, Transport, TransportOptions};
use wellspring::{EventSource, Reconnection};
use wellspring_e2e::numbered::Judge;

use crate::PATIENCE;
use crate::origin::Certificate;
use crate::proxy::Proxy;

/// How many sources there are of each kind.
const EACH: usize = 2;

pub(crate) struct Readers {
    places: Vec<Arc<AtomicU64>>,
    moved: Arc<Notify>,
    verdicts: Arc<Mutex<Vec<String>>>,
    tasks: Vec<JoinHandle<()>>,
}

impl Readers {
    /// Over HTTP/1.1, over HTTP/2 by prior knowledge, over TLS with HTTP/1.1, and over TLS with HTTP/2.
    pub(crate) fn start(
        clear: &Proxy,
        prior: &Proxy,
        tls: &Proxy,
        certificate: &Certificate,
    ) -> Self {
        let mut readers = Self {
            places: Vec::new(),
            moved: Arc::default(),
            verdicts: Arc::default(),
            tasks: Vec::new(),
        };
        let trusting = || {
            let options = http2().built_in_roots(false);
            options.root_certificate_der(certificate.der.to_vec())
        };
        readers.add(clear, "http", TransportOptions::new());
        readers.add(prior, "http", http2().http2_prior_knowledge(true));
        readers.add(tls, "https", trusting().http2(false));
        readers.add(tls, "https", trusting());
        readers
    }

    fn add(&mut self, proxy: &Proxy, scheme: &str, options: TransportOptions) {
        let url = format!("{scheme}://localhost:{}/", proxy.port());
        let transport: Arc<dyn Transport> = Arc::new(HttpTransport::new(options).unwrap());
        for _ in 0..EACH {
            let source = EventSource::builder(&url)
                .shared_transport(Arc::clone(&transport))
                .reconnection(soon())
                .idle_timeout(Some(Duration::from_secs(1)));
            let source = source.build().unwrap();
            let place = Arc::new(AtomicU64::new(0));
            self.places.push(Arc::clone(&place));
            let (moved, verdicts) = (Arc::clone(&self.moved), Arc::clone(&self.verdicts));
            self.tasks.push(tokio::spawn(async move {
                if let Err(why) = read(source, &place, &moved).await {
                    let mut verdicts = verdicts.lock().unwrap_or_else(PoisonError::into_inner);
                    verdicts.push(why);
                }
            }));
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.places.len()
    }

    /// Waits until each of them has this event.
    pub(crate) async fn reach(&self, number: u64) {
        let reached = async {
            while self.slowest() < number && self.verdicts().is_empty() {
                // Looks again without being told, too: it may be told in between.
                let moved = tokio::time::timeout(Duration::from_millis(20), self.moved.notified());
                let _ = moved.await;
            }
        };
        let reached = tokio::time::timeout(PATIENCE, reached).await;
        assert!(
            reached.is_ok(),
            "{:?} have come, {number} is wanted",
            self.places
        );
        assert!(self.verdicts().is_empty(), "{:?}", self.verdicts());
    }

    pub(crate) fn verdicts(&self) -> Vec<String> {
        let verdicts = self.verdicts.lock();
        verdicts.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn slowest(&self) -> u64 {
        let places = self.places.iter().map(|place| place.load(Ordering::SeqCst));
        places.min().unwrap_or(0)
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// A dead connection is found out soon.
fn http2() -> TransportOptions {
    TransportOptions::new().http2_keep_alive(Duration::from_secs(1), Duration::from_secs(1))
}

/// Comes back almost at once, however often it was cut off.
pub(crate) fn soon() -> Reconnection {
    let mut reconnection = Reconnection::default().with_jitter(false);
    reconnection.initial = Duration::from_millis(5);
    reconnection.floor = Duration::from_millis(5);
    reconnection.cap = Duration::from_millis(20);
    reconnection
}

/// Until it fails, or is not wanted any more.
async fn read(mut source: EventSource, place: &AtomicU64, moved: &Notify) -> Result<(), String> {
    let mut judge = Judge::new(u64::MAX);
    while let Some(next) = source.next().await {
        let event = next.map_err(|error| format!("after {} events: {error:?}", judge.count()))?;
        judge.judge(event.event_type, event.data, event.last_event_id)?;
        place.store(judge.count(), Ordering::SeqCst);
        moved.notify_one();
    }
    Err("the source has ended".to_owned())
}
