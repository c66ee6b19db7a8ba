//! Topics, cursors and a durable history for event streams.
//!
//! A [`Broker`] delivers what is published under a topic to all who subscribe to it, each at its own pace.
//! What is published is kept by an [`Engine`], in one total order; a subscriber that comes back with the
//! id of the last event it saw gets what it missed, or learns that something is gone. The crate knows no
//! HTTP: what a subscriber gets are the bytes of an event stream.
//!
//! # Example
//!
//! See [`Broker`].
//!
//! # Order and cursors
//!
//! Every event has a number, and numbers are dense: that makes a loss visible. A [`Cursor`] is the number
//! with the epoch of the history and a tag of the event itself, so that a history that was wiped, restored
//! from a backup or lost its tail is not taken for the one the client knows. One cursor is valid for any
//! set of topics. What becomes of it is a [`Resume`].
//!
//! # Delivery
//!
//! A subscriber is a place in the order and holds no events. An event is compared with all selectors once,
//! and wakes those who are owed it, and no others; its bytes are encoded once and shared. A subscriber
//! that is owed nothing counts as up to date however long that lasts. One that resumes reads pages of the
//! history, which are shared too, until it has caught up.
//!
//! # Limits
//!
//! | what | limit | default | beyond it |
//! |---|---|---|---|
//! | history | [`Retention`] | 1,000,000 events, 1 GiB | the oldest events are dropped |
//! | events in memory | [`BrokerOptions::window_events`], [`window_bytes`](BrokerOptions::window_bytes) | 100,000, 64 MiB | readers behind it read pages |
//! | newest events of their topics, beyond those | [`BrokerOptions::latest_topics`], [`latest_bytes`](BrokerOptions::latest_bytes) | 10,000, 8 MiB | the topic not published for longest is dropped |
//! | one update as stored | [`BrokerOptions::publish_limit`] | 1 MiB | [`PublishError::TooLarge`] |
//! | topics of an update | [`MAX_TOPICS`] | 1,000 | [`UpdateError::TooManyTopics`] |
//! | a topic | [`MAX_TOPIC_LENGTH`] | 4,096 bytes | [`UpdateError::TopicTooLong`] |
//! | a publisher's id | [`MAX_ID_LENGTH`] | 1,024 bytes | [`UpdateError::IdLength`] |
//! | an idempotency key with its scope | | 1,023 bytes | [`InvalidKey`] |
//! | events about members | a tenth of the history at once, and [`BrokerOptions::presence_rate`] | 100,000, then 25 a second | arrivals are held back: see [`Presence`] |
//! | bytes a second of events that are read again, to all together | [`BrokerOptions::replay_rate`] | 256 MiB | who resumes waits |
//! | one frame | [`SLICE_BYTES`] | 4 KiB | a larger event comes in several |
//! | frames queued for a subscriber that is behind | | 64 KiB | the rest is read when they are taken |
//! | pages of the history in memory | | 32, and 8 being read, of 256 KiB or one event | readers wait for each other |
//! | earlier epochs that are remembered | [`MAX_FORKS`] | 64 | [`Resume::OtherEpoch`] |
#![cfg_attr(docsrs, feature(doc_cfg))]

mod broker;
mod cursor;
mod drain;
mod end;
mod engine;
mod event;
mod lineage;
mod node;
mod opening;
mod options;
mod pages;
mod presence;
mod publish;
mod record;
mod replay_rate;
mod resume;
mod shared;
mod stats;
mod subscribe_error;
mod subscription;
mod tail;
mod tail_state;
mod update;

pub use broker::Broker;
pub use cursor::{Cursor, Epoch, InvalidCursor};
pub use end::End;
pub use engine::{
    Append, AppendOutcome, Bounds, Engine, EngineError, EngineErrorKind, EngineLimits,
    IdempotencyKey, InvalidKey, Lease, Member, Members, MemoryEngine, NodeId, Page, PageLimits,
    Receipt, Refusal, Renewal, Retention, StoredRecord, TailItem,
};
#[cfg(feature = "sqlite")]
pub use engine::{SqliteEngine, SqliteOptions};
pub use event::SLICE_BYTES;
pub use lineage::{Fork, Lineage, MAX_FORKS};
pub use opening::{Start, Subscribe};
pub use options::BrokerOptions;
pub use presence::{Announcements, Presence};
pub use publish::{PublishError, Published};
pub use resume::Resume;
pub use stats::{BrokerStats, Readiness};
pub use subscribe_error::SubscribeError;
pub use subscription::{Delivery, Gap, GapReason, OnLag, Subscription};
pub use update::{MAX_ID_LENGTH, MAX_TOPIC_LENGTH, MAX_TOPICS, Update, UpdateError};
pub use wellspring_matcher::{Crowded, Selector, SelectorError};

/// The README of this crate, so that its example runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
