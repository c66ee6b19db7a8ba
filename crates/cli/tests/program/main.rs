//! The built program, driven from outside. In: command lines and scripted servers. Out: what it
//! printed, and its exit code.
//!
//! Next: `support.rs`, then a file for each command.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod check;
mod decode;
mod demo;
mod failures;
#[cfg(unix)]
mod hangup;
mod http;
mod hub;
mod hub_engine;
#[cfg(feature = "nats")]
mod hub_engine_nats;
mod hub_examples;
#[cfg(target_os = "linux")]
mod hub_faults;
mod hub_page;
mod hub_presence;
mod hub_tokens;
mod keep_alive;
mod load;
mod manual;
mod relay;
mod secrets;
mod serve;
mod serve_access;
mod serve_bodies;
mod serve_clients;
mod serve_examples;
mod serve_hosts;
#[cfg(target_os = "linux")]
mod serve_memory;
mod serve_publish;
mod serve_tls;
mod support;
mod tail;
mod tail_options;
mod tail_request;
mod tail_store;
mod tail_told;
#[cfg(unix)]
mod terminal;
mod tls;
