//! What a follower asks the server for. In: a connection, and where it is. Out: one answer.
//!
//! Next: `../reply.rs`.

use std::sync::Arc;
use std::time::Duration;

use redis::{Script, Value};
use tokio::time::sleep;
use wellspring_broker::{Bounds, EngineError, Epoch, Page};

use crate::connection::{Connection, Shared};
use crate::error::{of_redis, of_word};
use crate::reply::{self, Entry};
use crate::scripts::Scripts;

/// How much comes at once to one that is behind.
const PAGE_RECORDS: usize = 1_024;
const PAGE_BYTES: usize = 1 << 20;

/// How many entries come at once to one that is not.
const ENTRIES: usize = 64;

pub(super) enum Step {
    Connected(Box<Connection>),
    Checked(Box<Bounds>),
    Rewritten(Box<Rewritten>),
    Page(Page),
    Entries(Vec<Entry>),
}

/// Another history than before, and the last record that both have.
pub(super) struct Rewritten {
    pub(super) bounds: Bounds,
    pub(super) last: u64,
    pub(super) last_tag: u64,
}

pub(super) async fn connect(shared: Arc<Shared>, pause: Duration) -> Result<Step, EngineError> {
    sleep(pause).await;
    let connection = Connection::open(&shared).await?;
    Ok(Step::Connected(Box::new(connection)))
}

async fn run(
    shared: &Shared,
    connection: &mut Connection,
    script: fn(&Scripts) -> &Script,
    arguments: &[String],
) -> Result<(String, std::vec::IntoIter<Value>), EngineError> {
    let scripts = &shared.scripts;
    let redis = &mut connection.redis;
    let answer = scripts.run(script(scripts), redis, |script| {
        for argument in arguments {
            script.arg(argument);
        }
    });
    let answer = answer.await;
    reply::parts(answer.map_err(|error| of_redis(&error, &connection.server))?)
}

/// An answer that says that the history was deleted ends the connection: the next one begins another.
pub(super) async fn check(
    shared: Arc<Shared>,
    mut connection: Connection,
) -> Result<Step, EngineError> {
    connection.still().await?;
    let (word, values) = run(&shared, &mut connection, |scripts| &scripts.bounds, &[]).await?;
    match word.as_str() {
        "bounds" => Ok(Step::Checked(Box::new(reply::bounds(values)?))),
        word => Err(of_word(word)),
    }
}

async fn read(
    shared: &Shared,
    connection: &mut Connection,
    after: u64,
    records: usize,
) -> Result<Page, EngineError> {
    let arguments = [after, records as u64, PAGE_BYTES as u64].map(|number| number.to_string());
    let (word, values) = run(shared, connection, |scripts| &scripts.page, &arguments).await?;
    match word.as_str() {
        "page" => reply::page(values),
        word => Err(of_word(word)),
    }
}

pub(super) async fn page(
    shared: Arc<Shared>,
    mut connection: Connection,
    after: u64,
) -> Result<Step, EngineError> {
    let page = read(&shared, &mut connection, after, PAGE_RECORDS).await?;
    Ok(Step::Page(page))
}

/// Waits for entries, for so long at most. From the last number, never from "the newest": what comes in between would be missed.
pub(super) async fn wait(
    shared: Arc<Shared>,
    mut connection: Connection,
    after: u64,
    most: Duration,
) -> Result<Step, EngineError> {
    let mut command = redis::cmd("XREAD");
    command.arg("COUNT").arg(ENTRIES);
    command.arg("BLOCK").arg(most.as_millis().to_string());
    let stream = shared.scripts.keys().stream();
    command.arg("STREAMS").arg(stream).arg(format!("0-{after}"));
    let answer = command.query_async(&mut connection.redis).await;
    let answer = answer.map_err(|error| of_redis(&error, &connection.server))?;
    Ok(Step::Entries(reply::entries(answer)?))
}

/// Finds the tag of the last common record.
pub(super) async fn rewritten(
    shared: Arc<Shared>,
    mut connection: Connection,
    bounds: Bounds,
    last: u64,
) -> Result<Step, EngineError> {
    let last_tag = match last {
        0 => Some(0),
        last if last == bounds.head => Some(bounds.head_tag),
        last if last + 1 == bounds.horizon => bounds.trimmed_tag,
        last => {
            let page = read(&shared, &mut connection, last - 1, 1).await?;
            let first = page.records.first();
            first
                .filter(|stored| stored.sequence == last)
                .map(|stored| stored.tag)
        }
    };
    Ok(Step::Rewritten(Box::new(Rewritten {
        bounds,
        last,
        last_tag: last_tag.unwrap_or(0),
    })))
}

/// Ends the epoch behind the newest record that the server still has.
pub(super) async fn fence(
    shared: Arc<Shared>,
    mut connection: Connection,
    bounds: Bounds,
) -> Result<Step, EngineError> {
    let epoch = bounds.lineage.current();
    let arguments = [epoch.number(), bounds.head, Epoch::random().number()];
    let arguments = arguments.map(|number| number.to_string());
    let fence = run(
        &shared,
        &mut connection,
        |scripts| &scripts.fence,
        &arguments,
    );
    let (word, values) = fence.await?;
    match word.as_str() {
        "bounds" => Ok(Step::Checked(Box::new(reply::bounds(values)?))),
        word => Err(of_word(word)),
    }
}
