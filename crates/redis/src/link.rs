//! One connection that is made anew when it is lost. In: scripts and commands. Out: their answers within a
//! deadline, or why there is none.
//!
//! Next: `connection.rs`.

use std::sync::Arc;
use std::time::Duration;

use redis::{Pipeline, RedisError, Script, Value};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};
use wellspring_broker::EngineError;

use crate::connection::{Connection, Shared};
use crate::error::{is_answer, is_wrong_node, of_redis, unavailable};
use crate::place::ANSWER;
use crate::reply;
use crate::scripts::Scripts;

/// How long callers are answered with why connecting failed, before it is tried again.
const PAUSE: Duration = Duration::from_millis(300);

#[derive(Debug)]
pub(crate) struct Link {
    shared: Arc<Shared>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    connection: Option<Connection>,
    /// How many there were.
    generation: u64,
    failed: Option<(Instant, EngineError)>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State")
            .field("generation", &self.generation)
            .field("failed", &self.failed)
            .finish_non_exhaustive()
    }
}

impl Link {
    pub(crate) fn new(shared: Arc<Shared>, connection: Option<Connection>) -> Self {
        let state = State {
            connection,
            ..State::default()
        };
        Self {
            shared,
            state: Mutex::new(state),
        }
    }

    /// The connection there is, or a new one; and its number.
    pub(crate) async fn connection(&self) -> Result<(Connection, u64), EngineError> {
        let mut state = self.state.lock().await;
        if let Some(connection) = &state.connection {
            return Ok((connection.clone(), state.generation));
        }
        if let Some((when, error)) = &state.failed
            && when.elapsed() < PAUSE
        {
            return Err(error.clone());
        }
        match Connection::open(&self.shared).await {
            Ok(connection) => {
                state.failed = None;
                state.generation += 1;
                state.connection = Some(connection.clone());
                Ok((connection, state.generation))
            }
            Err(error) => {
                state.failed = Some((Instant::now(), error.clone()));
                Err(error)
            }
        }
    }

    /// Lets the next caller connect anew.
    pub(crate) async fn give_up(&self, generation: u64) {
        let mut state = self.state.lock().await;
        if state.generation == generation {
            state.connection = None;
        }
    }

    /// Runs a script that may run twice: the word that its answer begins with, and what follows. Over a
    /// connection that had broken since it was last used, it is run once more.
    pub(crate) async fn script(
        &self,
        choose: fn(&Scripts) -> &Script,
        arguments: &[&[u8]],
    ) -> Result<(String, std::vec::IntoIter<Value>), EngineError> {
        match self.run(choose, arguments).await {
            // A new connection begins another history.
            Ok((word, _)) if word == "wiped" => {}
            Err(Failure { broke: true, .. }) => {}
            done => return done.map_err(|failure| failure.error),
        }
        self.script_once(choose, arguments).await
    }

    /// Runs a script that must not run twice.
    pub(crate) async fn script_once(
        &self,
        choose: fn(&Scripts) -> &Script,
        arguments: &[&[u8]],
    ) -> Result<(String, std::vec::IntoIter<Value>), EngineError> {
        let done = self.run(choose, arguments).await;
        done.map_err(|failure| failure.error)
    }

    async fn run(
        &self,
        choose: fn(&Scripts) -> &Script,
        arguments: &[&[u8]],
    ) -> Result<(String, std::vec::IntoIter<Value>), Failure> {
        let scripts = &self.shared.scripts;
        let (mut connection, generation) = self.connection().await?;
        let running = scripts.run(choose(scripts), &mut connection.redis, |script| {
            for argument in arguments {
                script.arg(*argument);
            }
        });
        let answer = timeout(ANSWER, running).await.ok();
        let value = self.judged(answer, &connection, generation).await?;
        let (word, values) = reply::parts(value)?;
        if word == "wiped" {
            self.give_up(generation).await;
        }
        Ok((word, values))
    }

    /// Sends commands.
    pub(crate) async fn send(&self, commands: &Pipeline) -> Result<Value, EngineError> {
        let (mut connection, generation) = self.connection().await?;
        let sending = commands.query_async(&mut connection.redis);
        let answer = timeout(ANSWER, sending).await.ok();
        let judged = self.judged(answer, &connection, generation).await;
        judged.map_err(|failure| failure.error)
    }

    /// A connection that did not answer in time, or broke, is not used again.
    async fn judged(
        &self,
        answer: Option<Result<Value, RedisError>>,
        connection: &Connection,
        generation: u64,
    ) -> Result<Value, Failure> {
        let server = &connection.server;
        let failure = match answer {
            Some(Ok(value)) => return Ok(value),
            Some(Err(error)) => {
                let failure = Failure {
                    broke: !is_answer(&error) && !error.is_timeout(),
                    error: of_redis(&error, server),
                };
                if is_answer(&error) && !is_wrong_node(&error) {
                    return Err(failure);
                }
                failure
            }
            None => Failure::from(unavailable(format!("{server} does not answer"))),
        };
        self.give_up(generation).await;
        Err(failure)
    }
}

struct Failure {
    error: EngineError,
    /// The connection did, so that the server may be there all the same.
    broke: bool,
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        Self {
            error,
            broke: false,
        }
    }
}
