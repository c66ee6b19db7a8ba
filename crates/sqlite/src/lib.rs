//! A store of the EventSource client [`wellspring`] in an SQLite database: events, and the position behind them, in one
//! transaction.
//!
//! ```no_run
//! use wellspring::EventSource;
//! use wellspring::store::Recorder;
//! use wellspring_sqlite::SqliteStore;
//!
//! # async fn example(url: &str) -> Result<(), Box<dyn std::error::Error>> {
//! let store = SqliteStore::open("news.db")?;
//! let mut recorder = Recorder::resume(EventSource::builder(url), store, url).await?;
//! while let Some(event) = recorder.next().await {
//!     println!("{}", event?.data);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # The database
//!
//! | table | columns |
//! |---|---|
//! | `wellspring_events` | `sequence`, `source`, `last_event_id`, `event_type`, `data`, `stored_at` in milliseconds since 1970 |
//! | `wellspring_sources` | `id`, `key`, `position` |
//!
//! It may have others, and any program may read it meanwhile: the journal is a write-ahead log. Two programs that record
//! the same source into it are found out, [`StoreErrorKind::Conflict`](wellspring::store::StoreErrorKind::Conflict).
//!
//! # Which error when
//!
//! | kind | when | what to do |
//! |---|---|---|
//! | `CannotOpen` | the file or its folder cannot be opened | mend the path or its permissions |
//! | `NotAStore`, `NewerVersion` | the file is no database, or one of a later version of this crate | choose another file, or use that version |
//! | `Locked` | another program has written for 5 s | let it finish; the commit was not made |
//! | `Conflict` | another program records the same source | stop one of the two |
//! | `Full`, `ReadOnly`, `TooLarge`, `Corrupt` | as SQLite says | as [`StoreError::help`](wellspring::store::StoreError::help) says |
//!
//! The version of [`rusqlite`] in the interface is handed on, so that a program need not name it a second time.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod error;
mod schema;
mod statements;
mod store;

pub use rusqlite;
pub use store::SqliteStore;

/// The README of this crate, so that its example runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
