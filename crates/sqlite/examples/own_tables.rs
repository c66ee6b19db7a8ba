//! Tables of your own that move together with the position, without a runtime. In: the URL of an event
//! stream, and a database to be. Out: how many events of each type there were, however often the
//! program is killed and started again.
//!
//! ```sh
//! cargo run -p wellspring-sqlite --example own_tables -- http://localhost:8080/events counts.db
//! ```

#![allow(clippy::print_stdout, reason = "an example")]

use std::env;
use std::error::Error;

use wellspring::EventSource;
use wellspring_sqlite::SqliteStore;
use wellspring_sqlite::rusqlite::Connection;

const TABLE: &str =
    "CREATE TABLE IF NOT EXISTS counts (event_type TEXT PRIMARY KEY, count INTEGER)";
const COUNT: &str = "INSERT INTO counts VALUES (?1, 1)
    ON CONFLICT DO UPDATE SET count = count + 1 RETURNING count";

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(url), Some(path)) = (arguments.next(), arguments.next()) else {
        return Err("usage: own_tables URL DATABASE".into());
    };
    let mut connection = Connection::open(path)?;
    connection.execute_batch(TABLE)?;
    SqliteStore::prepare(&connection)?;
    let position = SqliteStore::position_in(&connection, &url)?.unwrap_or_default();
    let source = EventSource::builder(&url).last_event_id(position).build()?;
    let mut source = source.into_blocking()?;
    while let Some(event) = source.next_lent() {
        let event = event?;
        let transaction = connection.transaction()?;
        let count = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
        let count = transaction.query_row(COUNT, [event.event_type], count)?;
        SqliteStore::commit_in(&transaction, &url, &[], event.last_event_id)?;
        transaction.commit()?;
        println!("{}: {count}", event.event_type);
    }
    Ok(())
}
