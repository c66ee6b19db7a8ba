//! The thread that writes. In: commands; all that wait go into one transaction. Out: answers, once it is
//! committed, and the tail for those who follow.
//!
//! Next: `batch.rs`, what is in a transaction.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use bytes::Bytes;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::batch::Batch;
use super::error::Verdict;
use super::schema::Stored;
use super::shared::Shared;
use super::{members, trim};
use crate::cursor::Epoch;
use crate::engine::{
    Append, AppendOutcome, Bounds, EngineError, EngineErrorKind, NodeId, Refusal, Renewal,
    Retention, StoredRecord,
};

/// How many commands may wait. Who sends one more waits until there is room.
const QUEUE: usize = 4_096;

/// How many commands go into one transaction.
const MOST: usize = 1_024;

/// How often records and keys are looked at for their age while nothing is appended.
const IDLE: Duration = Duration::from_secs(1);

/// How long the thread stays awake behind a transaction.
const SOON: Duration = Duration::from_micros(100);

pub(super) enum Command {
    Append {
        epoch: Epoch,
        batch: Vec<Append>,
        /// How many records it has.
        count: usize,
        answer: oneshot::Sender<Vec<AppendOutcome>>,
    },
    Trim {
        retention: Retention,
        answer: oneshot::Sender<Result<(), EngineError>>,
    },
    Fence {
        epoch: Epoch,
        last: u64,
        answer: oneshot::Sender<Result<Bounds, EngineError>>,
    },
    Lease {
        node: NodeId,
        ttl: Duration,
        answer: oneshot::Sender<Result<Renewal, EngineError>>,
    },
    Release {
        node: NodeId,
        answer: oneshot::Sender<Result<(), EngineError>>,
    },
    Put {
        node: NodeId,
        member: String,
        bytes: Bytes,
        answer: oneshot::Sender<Result<(), EngineError>>,
    },
    Remove {
        node: NodeId,
        member: String,
        answer: oneshot::Sender<Result<(), EngineError>>,
    },
}

/// The way to the thread.
pub(super) struct Commands {
    room: Arc<Semaphore>,
    sender: Mutex<Option<Sender<(Command, OwnedSemaphorePermit)>>>,
}

impl Commands {
    /// None if the thread is gone.
    pub(super) async fn send(&self, command: Command) -> Option<()> {
        let permit = Arc::clone(&self.room).acquire_owned().await.ok()?;
        let sender = self.sender.lock().unwrap_or_else(PoisonError::into_inner);
        sender.as_ref()?.send((command, permit)).ok()
    }

    pub(super) fn close(&self) {
        let mut sender = self.sender.lock().unwrap_or_else(PoisonError::into_inner);
        sender.take();
    }
}

/// What became of a command, if its transaction is committed.
enum Done {
    Appended(Vec<AppendOutcome>),
    Fenced(Bounds),
    Renewed(Renewal),
    Nothing,
}

pub(super) struct Writer<C> {
    connection: Connection,
    stored: Stored,
    shared: Arc<Shared>,
    retention: Retention,
    /// In milliseconds.
    key_window: i64,
    clock: C,
    /// Why nothing more is written.
    stopped: Option<String>,
    /// A command that begins a transaction of its own.
    held: Option<Command>,
    /// There is more to drop than one transaction drops.
    behind: bool,
    /// The transaction before had commands.
    busy: bool,
}

impl<C: Fn() -> i64 + Send + 'static> Writer<C> {
    pub(super) fn new(
        connection: Connection,
        stored: Stored,
        shared: Arc<Shared>,
        key_window: i64,
        clock: C,
    ) -> Self {
        Self {
            connection,
            stored,
            shared,
            retention: Retention::default()
                .with_events(u64::MAX)
                .with_bytes(u64::MAX),
            key_window,
            clock,
            stopped: None,
            held: None,
            behind: false,
            busy: false,
        }
    }

    pub(super) fn spawn(self) -> Result<(Commands, JoinHandle<()>), EngineError> {
        let (sender, receiver) = channel();
        let name = "wellspring-history".to_owned();
        let thread = thread::Builder::new().name(name);
        let thread = thread.spawn(move || self.run(&receiver)).map_err(|error| {
            let message = format!("no thread for the history: {error}");
            EngineError::new(EngineErrorKind::Unavailable, message)
        })?;
        let commands = Commands {
            room: Arc::new(Semaphore::new(QUEUE)),
            sender: Mutex::new(Some(sender)),
        };
        Ok((commands, thread))
    }

    /// Until all who send commands are gone.
    fn run(mut self, receiver: &Receiver<(Command, OwnedSemaphorePermit)>) {
        loop {
            let mut commands: Vec<Command> = self.held.take().into_iter().collect();
            if commands.is_empty() {
                let patience = if self.behind { Duration::ZERO } else { IDLE };
                let next = self
                    .soon(receiver)
                    .map_or_else(|| receiver.recv_timeout(patience), Ok);
                match next {
                    Ok((command, _)) => commands.push(command),
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
            while commands.len() < MOST && !matches!(commands.last(), Some(Command::Fence { .. })) {
                match receiver.try_recv() {
                    Ok((fence @ Command::Fence { .. }, _)) if !commands.is_empty() => {
                        self.held = Some(fence);
                        break;
                    }
                    Ok((command, _)) => commands.push(command),
                    Err(_) => break,
                }
            }
            self.turn(commands);
        }
    }

    /// What comes right behind the answers to the transaction before: to sleep and be woken would take
    /// longer than to wait for it.
    fn soon<T>(&mut self, receiver: &Receiver<T>) -> Option<T> {
        if !std::mem::take(&mut self.busy) {
            return None;
        }
        let until = Instant::now() + SOON;
        loop {
            match receiver.try_recv() {
                Ok(next) => return Some(next),
                Err(TryRecvError::Empty) if Instant::now() < until => thread::yield_now(),
                Err(_) => return None,
            }
        }
    }

    fn turn(&mut self, mut commands: Vec<Command>) {
        self.busy = !commands.is_empty();
        if let Some(reason) = &self.stopped {
            let reason = reason.clone();
            commands
                .into_iter()
                .for_each(|command| command.stopped(&reason));
            return;
        }
        match self.transaction(&mut commands) {
            Ok((done, tail)) => {
                for (command, done) in commands.into_iter().zip(done) {
                    command.done(done);
                }
                // Behind the answers, which are waited for.
                match tail {
                    Some(appended) => self.shared.recent.appended(appended, self.stored.horizon),
                    None => self.shared.recent.rewritten(self.stored.bounds()),
                }
            }
            Err(error) => {
                let verdict = Verdict::of(&error, &self.shared.place);
                if let Verdict::Stop(reason) = &verdict {
                    self.stopped = Some(reason.clone());
                }
                self.behind = false;
                commands
                    .into_iter()
                    .for_each(|command| command.failed(&verdict));
            }
        }
    }

    /// What became of the commands, and what was appended; nothing of that if the tail was lost.
    fn transaction(
        &mut self,
        commands: &mut [Command],
    ) -> rusqlite::Result<(Vec<Done>, Option<Vec<StoredRecord>>)> {
        let immediate = TransactionBehavior::Immediate;
        let transaction = Transaction::new_unchecked(&self.connection, immediate)?;
        let mut batch = Batch {
            transaction: &transaction,
            stored: self.stored.clone(),
            appended: Vec::new(),
            keyed: 0,
            now: (self.clock)(),
            key_window: self.key_window,
        };
        let mut retention = self.retention;
        let mut rewritten = false;
        let mut done = Vec::with_capacity(commands.len());
        for command in commands.iter_mut() {
            if let Command::Trim { retention: new, .. } = command {
                retention = *new;
            }
            let (forks, epoch) = (
                matches!(command, Command::Fence { .. }),
                batch.stored.lineage.current(),
            );
            done.push(command.execute(&mut batch)?);
            rewritten |= forks && batch.stored.lineage.current() != epoch;
        }
        let came = batch.appended.len() as u64;
        let Batch {
            mut stored,
            appended,
            keyed,
            now,
            ..
        } = batch;
        let behind = trim::trim(&transaction, &mut stored, retention, now, came)?;
        // More than come, so that they do not pile up where there is never a pause.
        let most = if commands.is_empty() {
            trim::KEYS
        } else {
            keyed * 2
        };
        if most > 0 {
            trim::forget_keys(&transaction, now.saturating_sub(self.key_window), most)?;
        }
        transaction.commit()?;
        (self.retention, self.behind) = (retention, behind);
        self.stored = stored;
        *self.shared.bounds() = self.stored.bounds();
        Ok((done, (!rewritten).then_some(appended)))
    }
}

impl Command {
    /// What it has is taken out; what is left can still be answered.
    fn execute(&mut self, batch: &mut Batch<'_>) -> rusqlite::Result<Done> {
        let transaction = batch.transaction;
        match self {
            Self::Append {
                epoch,
                batch: records,
                ..
            } => {
                let records = std::mem::take(records);
                if batch.stored.lineage.current() != *epoch {
                    let refused = AppendOutcome::Refused(Refusal::OtherEpoch);
                    return Ok(Done::Appended(vec![refused; records.len()]));
                }
                let receipts = records.into_iter().map(|record| batch.append(record));
                let outcomes = receipts.map(|receipt| receipt.map(AppendOutcome::Appended));
                Ok(Done::Appended(outcomes.collect::<Result<_, _>>()?))
            }
            Self::Trim { .. } => Ok(Done::Nothing),
            Self::Fence { epoch, last, .. } => {
                if batch.stored.lineage.current() == *epoch {
                    batch.fork(*last)?;
                }
                Ok(Done::Fenced(batch.stored.bounds()))
            }
            Self::Lease { node, ttl, .. } => {
                let ttl = i64::try_from(ttl.as_millis()).unwrap_or(i64::MAX);
                let until = batch.now.saturating_add(ttl);
                members::lease(transaction, *node, batch.now, until).map(Done::Renewed)
            }
            Self::Release { node, .. } => {
                members::release(transaction, *node).map(|()| Done::Nothing)
            }
            Self::Put {
                node,
                member,
                bytes,
                ..
            } => members::put(transaction, *node, member, bytes).map(|()| Done::Nothing),
            Self::Remove { node, member, .. } => {
                members::remove(transaction, *node, member).map(|()| Done::Nothing)
            }
        }
    }

    /// The caller may be gone: then there is nothing to answer.
    fn done(self, done: Done) {
        match (self, done) {
            (Self::Append { answer, .. }, Done::Appended(outcomes)) => drop(answer.send(outcomes)),
            (Self::Fence { answer, .. }, Done::Fenced(bounds)) => drop(answer.send(Ok(bounds))),
            (Self::Lease { answer, .. }, Done::Renewed(renewal)) => drop(answer.send(Ok(renewal))),
            (
                Self::Trim { answer, .. }
                | Self::Release { answer, .. }
                | Self::Put { answer, .. }
                | Self::Remove { answer, .. },
                _,
            ) => drop(answer.send(Ok(()))),
            // What does not fit its command cannot be; the question counts as not answered.
            _ => {}
        }
    }

    fn failed(self, verdict: &Verdict) {
        self.refused(verdict.outcome(), verdict.error());
    }

    fn stopped(self, reason: &str) {
        let reason = format!("writing to the disk failed before: {reason}");
        let error = EngineError::new(EngineErrorKind::Unavailable, reason.as_str());
        self.refused(AppendOutcome::Refused(Refusal::Stopped { reason }), error);
    }

    fn refused(self, outcome: AppendOutcome, error: EngineError) {
        match self {
            Self::Append { answer, count, .. } => drop(answer.send(vec![outcome; count])),
            Self::Fence { answer, .. } => drop(answer.send(Err(error))),
            Self::Lease { answer, .. } => drop(answer.send(Err(error))),
            Self::Trim { answer, .. }
            | Self::Release { answer, .. }
            | Self::Put { answer, .. }
            | Self::Remove { answer, .. } => drop(answer.send(Err(error))),
        }
    }
}
