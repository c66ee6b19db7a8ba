//! What is appended. In: batches of all callers. Out: the outcome of each record, as far as it is known.
//!
//! One task appends: what waits meanwhile goes into the next script together, so that a slow server is asked
//! less often for more.
//!
//! Next: `scripts/append.lua`.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use redis::{RedisError, Value};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use wellspring_broker::{Append, AppendOutcome, EngineError, Epoch, Receipt, Refusal};

use crate::connection::{Connection, Shared};
use crate::error::{code, is_answer, is_wrong_node, sentence};
use crate::link::Link;
use crate::place::ANSWER;
use crate::reply;

/// The largest record, in bytes.
pub(crate) const LARGEST: usize = 16 << 20;

/// The most records that one script appends, and their bytes.
const MOST: usize = 512;
const MOST_BYTES: usize = 1 << 20;

/// How many batches wait.
const WAITING: usize = 4_096;

/// How long the tags of records without a key are remembered, at the least: the script that was in doubt and
/// the one that asks again run within this time of each other.
const TAG_WINDOW: Duration = Duration::from_secs(60);

/// How long is waited for replicas.
const REPLICATION: Duration = Duration::from_secs(1);

/// What is said of an append that can be tried again.
const RETRY_AFTER: Duration = Duration::from_secs(2);

struct Job {
    epoch: Epoch,
    batch: Vec<Append>,
    answer: oneshot::Sender<Vec<AppendOutcome>>,
}

/// Hands batches to the task.
#[derive(Debug)]
pub(crate) struct Appender {
    jobs: mpsc::Sender<Job>,
}

impl Appender {
    pub(crate) fn spawn(shared: Arc<Shared>, connection: Connection) -> Self {
        let (jobs, waiting) = mpsc::channel(WAITING);
        let task = Task {
            link: Link::new(Arc::clone(&shared), Some(connection)),
            shared,
        };
        tokio::spawn(task.run(waiting));
        Self { jobs }
    }

    pub(crate) async fn append(&self, epoch: Epoch, batch: Vec<Append>) -> Vec<AppendOutcome> {
        let count = batch.len();
        let (answer, answered) = oneshot::channel();
        let job = Job {
            epoch,
            batch,
            answer,
        };
        if self.jobs.send(job).await.is_err() {
            return vec![AppendOutcome::InDoubt; count];
        }
        let outcomes = answered.await;
        outcomes.unwrap_or_else(|_| vec![AppendOutcome::InDoubt; count])
    }
}

struct Task {
    shared: Arc<Shared>,
    link: Link,
}

/// Records that one script appends.
#[derive(Default)]
struct Chunk {
    records: Vec<Append>,
    bytes: usize,
}

impl Task {
    async fn run(self, mut waiting: mpsc::Receiver<Job>) {
        let mut next = None;
        loop {
            let first = match next.take() {
                Some(job) => job,
                None => match waiting.recv().await {
                    Some(job) => job,
                    None => return,
                },
            };
            let epoch = first.epoch;
            let mut jobs = vec![first];
            let mut size = jobs[0].batch.len();
            while size < MOST
                && let Ok(job) = waiting.try_recv()
            {
                if job.epoch != epoch {
                    next = Some(job);
                    break;
                }
                size += job.batch.len();
                jobs.push(job);
            }
            self.do_all(epoch, jobs).await;
        }
    }

    async fn do_all(&self, epoch: Epoch, jobs: Vec<Job>) {
        let mut answers = Vec::with_capacity(jobs.len());
        let mut records = VecDeque::new();
        for job in jobs {
            answers.push((job.batch.len(), job.answer));
            records.extend(job.batch);
        }
        let mut outcomes = VecDeque::with_capacity(records.len());
        let mut stopped: Option<AppendOutcome> = None;
        while !records.is_empty() {
            let chunk = chunk(&mut records);
            let count = chunk.records.len();
            // Behind what is in doubt nothing is sent: the order of a batch holds.
            let done = match &stopped {
                Some(outcome) => vec![outcome.clone(); count],
                None => self.append(epoch, &chunk.records).await,
            };
            if let Some(outcome) = done.iter().find(|outcome| !is_stored(outcome)) {
                let refused = match outcome {
                    AppendOutcome::InDoubt => unavailable("the records before are in doubt".into()),
                    other => other.clone(),
                };
                stopped.get_or_insert(refused);
            }
            outcomes.extend(done);
        }
        for (count, answer) in answers {
            // Whoever asked may have gone.
            let _ = answer.send(outcomes.drain(..count).collect());
        }
    }

    async fn append(&self, epoch: Epoch, records: &[Append]) -> Vec<AppendOutcome> {
        let all = |outcome: AppendOutcome| vec![outcome; records.len()];
        let (mut connection, generation) = match self.link.connection().await {
            Ok(connection) => connection,
            Err(error) => return all(unavailable(error.to_string())),
        };
        let appending = self.run_script(&mut connection, epoch, records);
        let answer = timeout(ANSWER, appending).await;
        let (outcome, lost) = match answer {
            Ok(Ok(value)) => match read(value, records.len()) {
                Ok(Answer::Stored(receipts)) => {
                    if self.is_replicated(&mut connection).await {
                        let stored = receipts.into_iter().map(AppendOutcome::Appended);
                        return stored.collect();
                    }
                    return all(AppendOutcome::InDoubt);
                }
                Ok(Answer::OtherServer) => (refused(Refusal::OtherEpoch), true),
                Ok(Answer::OtherEpoch) => (refused(Refusal::OtherEpoch), false),
                Ok(Answer::Foreign(says)) => (unavailable(says), false),
                Err(_) => (AppendOutcome::InDoubt, true),
            },
            Ok(Err(error)) => of_error(&error, &connection.server),
            Err(_) => (AppendOutcome::InDoubt, true),
        };
        if lost {
            self.link.give_up(generation).await;
        }
        all(outcome)
    }

    async fn run_script(
        &self,
        connection: &mut Connection,
        epoch: Epoch,
        records: &[Append],
    ) -> Result<Value, RedisError> {
        let scripts = &self.shared.scripts;
        let window = self.shared.options.key_window.as_millis().max(1);
        let incarnation = connection.incarnation.clone();
        let redis = &mut connection.redis;
        let running = scripts.run(&scripts.append, redis, |script| {
            script.arg(epoch.number().to_string()).arg(incarnation);
            script.arg(window.to_string());
            script.arg(TAG_WINDOW.as_millis().to_string());
            for append in records {
                script.arg(append.tag.to_string());
                script.arg(append.fingerprint.to_string());
                script.arg(append.id.as_deref().unwrap_or_default());
                script.arg(append.key.as_ref().map_or("", |key| key.as_str()));
                script.arg(append.record.as_ref());
            }
        });
        running.await
    }

    /// Whether as many replicas as were asked for have what this connection wrote last.
    async fn is_replicated(&self, connection: &mut Connection) -> bool {
        let wanted = self.shared.options.replicas;
        if wanted == 0 {
            return true;
        }
        let mut wait = redis::cmd("WAIT");
        wait.arg(wanted).arg(REPLICATION.as_millis().to_string());
        let waiting = wait.query_async::<u64>(&mut connection.redis);
        let have = timeout(ANSWER, waiting).await;
        have.is_ok_and(|have| have.is_ok_and(|have| have >= wanted.into()))
    }
}

/// Takes as many records as one script appends; at least one.
fn chunk(records: &mut VecDeque<Append>) -> Chunk {
    let mut chunk = Chunk::default();
    while let Some(next) = records.front() {
        let bytes = chunk.bytes + next.record.len();
        let is_full = chunk.records.len() >= MOST || bytes > MOST_BYTES;
        if is_full && !chunk.records.is_empty() {
            break;
        }
        chunk.bytes = bytes;
        chunk.records.extend(records.pop_front());
    }
    chunk
}

enum Answer {
    Stored(Vec<Receipt>),
    OtherEpoch,
    /// The server was wiped, or it is not the one that the connection was let in to.
    OtherServer,
    Foreign(String),
}

fn read(value: Value, count: usize) -> Result<Answer, EngineError> {
    let (word, mut values) = reply::parts(value)?;
    Ok(match word.as_str() {
        "done" if values.len() == count => {
            let receipts: Result<_, _> = values.map(reply::receipt).collect();
            Answer::Stored(receipts?)
        }
        "epoch" => Answer::OtherEpoch,
        "wiped" | "incarnation" => Answer::OtherServer,
        "foreign" => Answer::Foreign(format!(
            "the stream takes no record, so something else may have written to it: {}",
            reply::text(values.next())?
        )),
        word => return Err(crate::error::of_word(word)),
    })
}

/// What a server that answers with an error has done, and whether the connection is of no more use.
fn of_error(error: &RedisError, server: &str) -> (AppendOutcome, bool) {
    const NOTHING_DONE: [&str; 9] = [
        "OOM",
        "MISCONF",
        "READONLY",
        "NOREPLICAS",
        "LOADING",
        "MASTERDOWN",
        "BUSY",
        "NOPERM",
        "NOAUTH",
    ];
    let lost = !is_answer(error) || is_wrong_node(error);
    if is_wrong_node(error) || NOTHING_DONE.contains(&code(error)) {
        return (unavailable(sentence(error, server)), lost);
    }
    (AppendOutcome::InDoubt, lost)
}

fn is_stored(outcome: &AppendOutcome) -> bool {
    matches!(outcome, AppendOutcome::Appended(_))
}

fn refused(refusal: Refusal) -> AppendOutcome {
    AppendOutcome::Refused(refusal)
}

fn unavailable(reason: String) -> AppendOutcome {
    refused(Refusal::Unavailable {
        reason,
        retry_after: RETRY_AFTER,
    })
}
