//! The program beside what others wrote: `tail` on PHP's own server, nginx with nchan and Node's `http`;
//! `serve` behind nginx, `HAProxy` and Caddy, `check` behind these and others. Each test needs its program,
//! see `cargo xtask tools`.

#![allow(clippy::unwrap_used, clippy::panic)]

#[cfg(unix)]
mod check;
#[cfg(unix)]
mod hosts;
#[cfg(unix)]
mod nchan;
mod node;
mod php;
#[cfg(unix)]
mod prefix;
#[cfg(unix)]
mod proxies;
mod tail;
