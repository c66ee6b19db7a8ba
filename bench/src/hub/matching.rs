//! In: nothing. Out: the CPU time of a publish that one of 100,000 selectors matches: of a broker in this process, and
//! of a hub with 10,000 connections of ten selectors each.
//!
//! Next: `durable.rs`.

use super::part::{Part, ours};
use super::{Method, text};
use crate::median::median;
use crate::serve::engines::hub::{MULTI_THREAD, PATH, TOPIC};
use crate::serve::load::Load;
use crate::serve::process::{self, Server};
use futures_core::Stream;
use rustix::time::{ClockId, clock_gettime};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use wellspring_broker::{
    Broker, BrokerOptions, Delivery, MemoryEngine, Selector, Subscribe, Subscription, Update,
};
use wellspring_report::chart::Chart;

const CONNECTIONS: usize = 10_000;
const EACH: usize = 10;

/// Publishes between two looks at the clock.
const BATCH: usize = 100;
const BATCHES: usize = 20;

const MUST: f64 = 200.0;
const GOAL: Option<f64> = Some(50.0);

/// The selectors, of which the one with number 7 matches what is published.
struct Shape {
    name: &'static str,
    selector: fn(usize) -> String,
    /// So many have it; the others are literal.
    most: usize,
}

const SHAPES: [Shape; 3] = [
    Shape {
        name: "literal",
        selector: literal,
        most: usize::MAX,
    },
    Shape {
        name: "behind one variable",
        selector: |number| format!("https://bench.example/{{lang}}/users/{number}"),
        most: usize::MAX,
    },
    Shape {
        name: "1,000 without a prefix, the others literal",
        selector: |number| format!("{{+x}}/users/{number}"),
        most: 1_000,
    },
];

fn literal(number: usize) -> String {
    format!("https://bench.example/en/users/{number}")
}

impl Shape {
    /// A connection has ten that are far from each other, so that each has a few without a prefix.
    fn of(&self, connection: usize, place: usize) -> String {
        let number = place * CONNECTIONS + connection;
        let selector = if number < self.most {
            self.selector
        } else {
            literal
        };
        selector(number)
    }
}

pub(super) fn measure(method: Method) -> Result<Part, String> {
    let mut part = Part::new("matching", "Publishes that one of 100,000 selectors matches")
        .how(format!(
            "{} different selectors, and one subscriber that each event is for; microseconds of CPU of the whole process \
             for each publish, with 100 bytes of data, to the delivery of it: medians",
            CONNECTIONS * EACH
        ))
        .how(format!(
            "in process: a subscription each; connected: {CONNECTIONS} connections with {EACH} selectors each to a hub \
             on a core of its own, one event in flight"
        ));
    let mut bars = Vec::new();
    for shape in &SHAPES {
        let alone = in_process(shape)?;
        let name = shape.name;
        part = part.at_most(
            format!("µs a publish, in process: {name}"),
            alone,
            MUST,
            GOAL,
        );
        bars.push(ours(format!("in process: {name}"), alone));
    }
    process::pin(method.cores.load)?;
    for shape in &SHAPES {
        let connected = connected(shape, method)?;
        let name = shape.name;
        part = part.at_most(
            format!("µs a publish, connected: {name}"),
            connected,
            MUST,
            GOAL,
        );
        bars.push(ours(format!("connected: {name}"), connected));
    }
    Ok(part.charts(vec![Chart {
        title: "CPU of a publish that 1 of 100,000 selectors matches".to_owned(),
        unit: "µs, less is better".to_owned(),
        bars,
    }]))
}

fn cpu() -> f64 {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    now.tv_sec as f64 * 1e6 + now.tv_nsec as f64 / 1e3
}

/// A broker and a subscription for each selector, on one thread.
fn in_process(shape: &Shape) -> Result<f64, String> {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().build().map_err(text)?;
    runtime.block_on(async {
        let engine = Arc::new(MemoryEngine::new());
        let broker = Broker::open(engine, BrokerOptions::default()).await;
        let broker = broker.map_err(text)?;
        let mut subscriptions = Vec::with_capacity(CONNECTIONS * EACH);
        for number in 0..CONNECTIONS * EACH {
            let selector = shape.of(number % CONNECTIONS, number / CONNECTIONS);
            let wanted = Subscribe::new([Selector::parse(&selector).map_err(text)?]);
            let mut subscription = broker.subscribe(wanted).await.map_err(text)?;
            wait_in_its_list(&mut subscription).await?;
            subscriptions.push(subscription);
        }
        let update = Update::new(TOPIC).map_err(text)?.data("x".repeat(100));
        let reader = subscriptions.get_mut(7).ok_or("there is no reader")?;
        let mut times = Vec::new();
        for _ in 0..BATCHES {
            let before = cpu();
            for _ in 0..BATCH {
                broker.publish(&update, None).await.map_err(text)?;
                next(reader).await?;
            }
            times.push((cpu() - before) / BATCH as f64);
        }
        Ok(median(times))
    })
}

async fn wait_in_its_list(subscription: &mut Subscription) -> Result<(), String> {
    let waits = poll_fn(|cx| Poll::Ready(Pin::new(&mut *subscription).poll_next(cx).is_pending()));
    waits
        .await
        .then_some(())
        .ok_or_else(|| "it is owed something".to_owned())
}

async fn next(subscription: &mut Subscription) -> Result<(), String> {
    match poll_fn(|cx| Pin::new(&mut *subscription).poll_next(cx)).await {
        Some(Delivery::Frame(_)) => Ok(()),
        other => Err(format!("{other:?} instead of a frame")),
    }
}

/// A hub of its own, and everybody connected.
fn connected(shape: &Shape, method: Method) -> Result<f64, String> {
    let server = Server::start(&MULTI_THREAD, method.cores.server)?;
    let mut publisher = server.publisher()?;
    let target = |connection| {
        let topics = (0..EACH).map(|place| {
            let selector = shape.of(connection, place);
            let selector = selector.replace('{', "%7B").replace('}', "%7D");
            format!("topic={}", selector.replace('+', "%2B"))
        });
        format!("{PATH}?{}", topics.collect::<Vec<_>>().join("&"))
    };
    let mut load = Load::connect_to(server.subscribers, CONNECTIONS, 1, target)?;
    load.run(&mut publisher, 1, method.time)?;
    let mut times = Vec::new();
    for _ in 0..method.runs {
        let before = server.cpu()?;
        let deliveries = load.run(&mut publisher, 1, method.time)?;
        let spent = server.cpu()? - before;
        times.push(spent.as_secs_f64() * 1e6 / deliveries.count as f64);
    }
    Ok(median(times))
}
