//! The run itself. In: a plan. Out: what was found: subscribers connect, publishers publish,
//! connections are cut, and at the end the run waits for all that is under way.
//!
//! Next: `report.rs`.

use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::cutter::{self, Target};
use super::plan::Plan;
use super::process::{Usage, Watcher};
use super::progress;
use super::publisher::Publisher;
use super::rights::Privacy;
use super::run::{Run, read};
use super::subscriber::Subscriber;
use crate::args::{self, Publishing};
use crate::exit::Ending;
use crate::interrupt::interrupted;
use crate::note::note;
use crate::plain::visible;

/// So many connect at the same time: servers drop what overflows their queue.
const CONNECTING: usize = 128;
/// From the last subscriber's head to the first event: a server may register a subscriber only then.
const SETTLING: Duration = Duration::from_millis(250);
/// How often it is looked whether everything has come.
const LOOK: Duration = Duration::from_millis(200);
/// What comes although nothing is owed any more may come so late.
const LINGER: Duration = Duration::from_millis(500);
const SAMPLE: Duration = Duration::from_secs(1);

/// What was measured besides.
pub(super) struct Measured {
    /// How long there was publishing, or listening.
    pub(super) active: Duration,
    pub(super) usage: Option<Usage>,
}

/// Ctrl-C ends the publishing early; before, and once more behind it, it ends everything.
pub(super) async fn perform(
    plan: &Plan<'_>,
    run: &Arc<Run>,
    mut watcher: Option<Watcher>,
) -> Result<Measured, Ending> {
    // Ends with this function.
    let mut readers = JoinSet::new();
    let targets = subscribe(plan, run, &mut readers)?;
    let active = tokio::select! {
        active = act(plan, run, &targets) => active?,
        never = progress::tell(run, plan.args.subscribers) => match never {},
        never = watch(watcher.as_mut()) => match never {},
    };
    let usage = watcher.map(|mut watcher| {
        let _ = watcher.look();
        watcher.usage()
    });
    Ok(Measured { active, usage })
}

/// How long there was publishing.
async fn act(plan: &Plan<'_>, run: &Arc<Run>, targets: &[Target]) -> Result<Duration, Ending> {
    let args = plan.args;
    tokio::select! {
        connected = connected(run, args) => connected?,
        () = interrupted()? => return Err(Ending::failed("interrupted before the first event")),
    }
    let began = Instant::now();
    let mut publishers = publish(plan, run);
    let again = tokio::select! {
        () = sleep(args.seconds) => interrupted()?,
        () = interrupted()? => {
            let again = interrupted()?;
            note("interrupted: waiting for what is under way");
            again
        }
        never = cutter::cut(run, targets, args.cuts, plan.seed) => match never {},
    };
    run.is_over.send_replace(true);
    let active = began.elapsed();
    let ended = async {
        while publishers.join_next().await.is_some() {}
        drained(run, args).await;
    };
    tokio::select! {
        () = ended => {}
        () = again => note("interrupted: what is under way counts as missing"),
    }
    Ok(active)
}

/// A server that is killed, or not there yet, is looked at later.
async fn watch(watcher: Option<&mut Watcher>) -> Infallible {
    let Some(watcher) = watcher else {
        return pending().await;
    };
    loop {
        sleep(SAMPLE).await;
        let _ = watcher.look();
    }
}

fn subscribe(
    plan: &Plan<'_>,
    run: &Arc<Run>,
    readers: &mut JoinSet<()>,
) -> Result<Vec<Target>, Ending> {
    let leave = Arc::new(Semaphore::new(CONNECTING));
    let subscribed = plan.parts.iter().enumerate().map(|(number, part)| {
        let (source, blade) = plan.source(part)?;
        let target = Target {
            handle: source.handle().clone(),
            blade: Arc::clone(&blade),
        };
        let subscriber = Subscriber {
            run: Arc::clone(run),
            number,
            source,
            blade,
        };
        readers.spawn(subscriber.read(Arc::clone(&leave)));
        Ok(target)
    });
    subscribed.collect()
}

/// Waits until each subscriber has a connection.
async fn connected(run: &Run, args: &args::Load) -> Result<(), Ending> {
    let until = Instant::now() + args.connect_within;
    let subscribers = args.subscribers as usize;
    loop {
        let connected = run.connected_once();
        if connected == subscribers {
            sleep(SETTLING).await;
            return Ok(());
        }
        let has_failed = read(&run.counters.failed) > 0;
        if has_failed || Instant::now() >= until {
            let complaints = run.complaints();
            let why = complaints.first().map(|(why, _)| format!(": {why}"));
            return Err(Ending::failed(format_args!(
                "{connected} of {subscribers} subscribers were connected{}",
                visible(&why.unwrap_or_default())
            )));
        }
        sleep(LOOK / 10).await;
    }
}

fn publish(plan: &Plan<'_>, run: &Arc<Run>) -> JoinSet<()> {
    let (args, publishers) = (plan.args, plan.publishers());
    let interval = args
        .rate
        .map(|rate| Duration::from_secs(1) * publishers / rate);
    let topics = run.ledger.topics();
    let mut tasks = JoinSet::new();
    for number in 0..publishers {
        let publisher = Publisher {
            run: Arc::clone(run),
            line: plan.line(),
            form: Arc::clone(&plan.form),
            privacy: Privacy {
                share: args.private,
            },
            topics: (number..topics).step_by(publishers as usize).collect(),
            interval,
            delay: interval.unwrap_or_default() * number / publishers,
            timeout: args.publish_timeout,
            is_idempotent: args.idempotency_key,
            patience: args.drain,
        };
        tasks.spawn(publisher.publish());
    }
    tasks
}

/// Waits until everything has come, or nothing comes any more.
async fn drained(run: &Run, args: &args::Load) {
    if args.publish == Publishing::None {
        return;
    }
    let (mut before, mut since) = (0, Instant::now());
    while !run.is_complete() {
        let delivered = read(&run.counters.delivered);
        if delivered != before {
            (before, since) = (delivered, Instant::now());
        }
        if since.elapsed() >= args.drain {
            return;
        }
        sleep(LOOK).await;
    }
    sleep(LINGER).await;
}
