//! A hub that speaks enough of Mercure, and does wrong what it is told to. In: faults, and how many
//! events go without one between two with it. Out: how often each was committed.

use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::tcp::OwnedWriteHalf;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::request::Request;

/// Each is committed with every so-manieth event or request; never by default.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Faults {
    pub(crate) drop: Option<usize>,
    pub(crate) double: Option<usize>,
    /// Sends an event behind the next one of its topic.
    pub(crate) reorder: Option<usize>,
    /// Sends private ones to all who ask for their topic.
    pub(crate) leak: Option<usize>,
    /// Sends events of topics that were not asked for.
    pub(crate) stray: Option<usize>,
    pub(crate) alter: Option<usize>,
    /// Leaves out so many events when a subscriber resumes.
    pub(crate) skip: usize,
    /// Says so.
    pub(crate) tells: bool,
    pub(crate) refuse: Option<usize>,
    /// Sends what it has refused.
    pub(crate) send_refused: bool,
    /// Takes a publish, and closes the connection instead of answering.
    pub(crate) hang_up: Option<usize>,
    /// Closes it before it takes the publish.
    pub(crate) hang_up_early: bool,
    /// Knows publishes by their Idempotency-Key.
    pub(crate) keys: bool,
    /// Sends no ids.
    pub(crate) no_ids: bool,
}

#[derive(Clone, Debug)]
struct Event {
    topic: String,
    data: String,
    is_private: bool,
}

#[derive(Debug, Default)]
struct State {
    log: Vec<Event>,
    publishes: usize,
    keys: HashMap<String, usize>,
    /// What was done wrong: the fault, whose subscription, and the event.
    wrongs: BTreeSet<(&'static str, String, usize)>,
}

struct Shared {
    faults: Faults,
    state: Mutex<State>,
    length: watch::Sender<usize>,
    /// Grows when everything is to end.
    kills: watch::Sender<usize>,
}

pub(crate) struct Hub {
    shared: Arc<Shared>,
    pub(crate) address: SocketAddr,
    accepting: Option<JoinHandle<()>>,
}

impl Hub {
    pub(crate) async fn start(faults: Faults) -> Self {
        let shared = Arc::new(Shared {
            faults,
            state: Mutex::default(),
            length: watch::Sender::default(),
            kills: watch::Sender::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let accepting = Some(accept(listener, &shared));
        Self {
            shared,
            address,
            accepting,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/.well-known/mercure", self.address)
    }

    /// Ends every connection and the listener; what was published stays.
    pub(crate) async fn kill(&mut self) {
        if let Some(accepting) = self.accepting.take() {
            accepting.abort();
            let _ = accepting.await;
        }
        self.shared.kills.send_modify(|kills| *kills += 1);
    }

    pub(crate) async fn restart(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.accepting = Some(accept(listener, &self.shared));
    }

    /// How often this was done wrong.
    pub(crate) fn wrongs(&self, fault: &str) -> u64 {
        let state = self.shared.state.lock().unwrap();
        let wrongs = state.wrongs.iter().filter(|(known, _, _)| *known == fault);
        wrongs.count() as u64
    }

    /// Waits until so many events are stored.
    pub(crate) async fn stored(&self, events: usize) {
        let mut length = self.shared.length.subscribe();
        let stored = length.wait_for(|length| *length >= events);
        timeout(Duration::from_secs(20), stored)
            .await
            .unwrap()
            .unwrap();
    }
}

fn accept(listener: TcpListener, shared: &Arc<Shared>) -> JoinHandle<()> {
    let shared = Arc::clone(shared);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let shared = Arc::clone(&shared);
            let mut kills = shared.kills.subscribe();
            tokio::spawn(async move {
                tokio::select! {
                    () = serve(stream, &shared) => {}
                    _ = kills.changed() => {}
                }
            });
        }
    })
}

async fn serve(stream: TcpStream, shared: &Shared) {
    stream.set_nodelay(true).unwrap();
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    while let Some(request) = Request::read(&mut reader).await {
        if request.method == "GET" {
            return drop(subscribe(&request, &mut writer, shared).await);
        }
        let Some((status, body)) = publish(&request, shared) else {
            return;
        };
        let length = body.len();
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{body}");
        if writer.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// Waits for the event with this number.
async fn behind(mut length: watch::Receiver<usize>, event: usize) {
    let _ = length.wait_for(|length| *length > event).await;
}

fn is_due(every: Option<usize>, number: usize) -> bool {
    every.is_some_and(|every| number % every == every - 1)
}

/// The answer, if there is one.
fn publish(request: &Request, shared: &Shared) -> Option<(&'static str, String)> {
    let faults = shared.faults;
    if request.grants("publish").is_empty() {
        return Some(("401 Unauthorized", "no token\nthat covers it".to_owned()));
    }
    let mut state = shared.state.lock().unwrap();
    let publish = state.publishes;
    state.publishes += 1;
    let key = request.header("idempotency-key").to_owned();
    if let Some(known) = state.keys.get(&key) {
        return Some(("200 OK", known.to_string()));
    }
    let is_refused = is_due(faults.refuse, publish);
    let hangs_up = is_due(faults.hang_up, publish);
    if (!is_refused || faults.send_refused) && !(hangs_up && faults.hang_up_early) {
        let id = state.log.len();
        state.log.push(Event {
            topic: request.first("topic")?,
            data: request.first("data")?,
            is_private: request.first("private").is_some(),
        });
        if faults.keys && !key.is_empty() {
            state.keys.insert(key, id);
        }
        shared.length.send_replace(id + 1);
    }
    if hangs_up {
        return None;
    }
    Some(match is_refused {
        true => ("403 Forbidden", "not today".to_owned()),
        false => ("200 OK", state.log.len().to_string()),
    })
}

fn matches(selectors: &[String], topic: &str) -> bool {
    selectors
        .iter()
        .any(|selector| match selector.split_once('{') {
            _ if selector == "*" => true,
            Some((prefix, _)) => topic.starts_with(prefix),
            None => selector == topic,
        })
}

async fn subscribe(
    request: &Request,
    writer: &mut OwnedWriteHalf,
    shared: &Shared,
) -> std::io::Result<()> {
    let (faults, zero, one) = (shared.faults, request.all("topic"), request.all("match"));
    let is_one = !one.is_empty();
    let selectors = [zero, one].concat();
    let grants = request.grants("subscribe");
    let whose = selectors.join(" ");
    let position: Option<usize> = request.header("last-event-id").parse().ok();
    let mut next = position.map_or_else(|| *shared.length.borrow(), |last| last + 1);
    let mut told = "";
    if position.is_some() {
        let end = *shared.length.borrow();
        let mut skipped = 0;
        while skipped < faults.skip && next < end {
            let mut state = shared.state.lock().unwrap();
            if matches(&selectors, &state.log[next].topic) {
                state.wrongs.insert(("skipped", whose.clone(), next));
                skipped += 1;
            }
            next += 1;
        }
        if skipped > 0 && faults.tells {
            told = match is_one {
                true => "Mercure-Last-Event-ID: earliest\r\n",
                false => "Last-Event-ID: earliest\r\n",
            };
        }
    }
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{told}Connection: close\r\n\r\n:\n\
         retry: 100\n\n"
    );
    writer.write_all(head.as_bytes()).await?;
    let mut length = shared.length.subscribe();
    loop {
        while next < *length.borrow_and_update() {
            if is_due(faults.reorder, next) {
                // At the end there is no next one to come first.
                let two = shared.length.subscribe();
                let _ = timeout(Duration::from_millis(300), behind(two, next + 1)).await;
            }
            let text = block(shared, next, &selectors, &grants, &whose);
            writer.write_all(text.as_bytes()).await?;
            next += 1;
        }
        let _ = length.changed().await;
    }
}

/// What is sent for an event: usually that event.
fn block(
    shared: &Shared,
    at: usize,
    selectors: &[String],
    grants: &[String],
    whose: &str,
) -> String {
    let faults = shared.faults;
    let mut state = shared.state.lock().unwrap();
    let event = state.log[at].clone();
    let is_public = !event.is_private || matches(grants, &event.topic);
    let mut wrong = |fault| state.wrongs.insert((fault, whose.to_owned(), at));
    if !matches(selectors, &event.topic) {
        if !is_public || !is_due(faults.stray, at) {
            return String::new();
        }
        wrong("stray");
    } else if !is_public {
        if !is_due(faults.leak, at) {
            return String::new();
        }
        wrong("leak");
    } else if is_due(faults.drop, at) {
        wrong("drop");
        return String::new();
    }
    let mut own = text(&event, at, faults);
    if is_due(faults.alter, at) {
        wrong("alter");
        own = own.replace('x', "y");
    }
    if is_due(faults.double, at) {
        wrong("double");
        own = own.repeat(2);
    }
    // Only with one topic: this is its next one.
    if is_due(faults.reorder, at) && state.log.len() > at + 1 {
        state.wrongs.insert(("reorder", whose.to_owned(), at));
        return String::new();
    }
    let is_before = at > 0
        && state
            .wrongs
            .contains(&("reorder", whose.to_owned(), at - 1));
    if is_before {
        own.push_str(&text(&state.log[at - 1].clone(), at, faults));
    }
    own
}

fn text(event: &Event, id: usize, faults: Faults) -> String {
    match faults.no_ids {
        true => format!("data: {}\n\n", event.data),
        false => format!("id: {id}\ndata: {}\n\n", event.data),
    }
}
