//! In: the arguments of `tail`. Out: the event source they describe, not built yet; or what is wrong
//! with them.
//!
//! Next: `peek.rs`, `verbose.rs`, then back to `../tail.rs`.

use std::fs;
use std::io::{self, Read};

use serde_json::value::RawValue;
use url::Url;
use wellspring::{EventSource, EventSourceBuilder, Policy};

use super::peek::{Glimpse, Peek};
use super::verbose::Verbose;
use crate::args::{self, Preset};
use crate::exit::Ending;
use crate::reach;

pub(super) fn builder(
    args: &args::Tail,
    url: &Url,
    glimpse: Glimpse,
) -> Result<EventSourceBuilder, Ending> {
    let transport = reach::transport(&args.reach, reach::options(&args.reach)?)?;
    let transport = Peek::new(transport, glimpse);
    let mut builder = EventSource::builder(url)
        .policy(policy(args))
        .limits(args.limits.for_decoder());
    builder = if args.verbose {
        builder.transport(Verbose::new(transport))
    } else {
        builder.transport(transport)
    };
    for (name, value) in &args.reach.headers {
        builder = match reach::is_private(name) {
            true => builder.sensitive_header(name, value),
            false => builder.header(name, value),
        };
    }
    if let Some(data) = &args.data {
        builder = with_body(builder, args, body(data)?);
    }
    if let Some(method) = &args.method {
        builder = builder.method(method);
    }
    if let Some(id) = &args.last_event_id {
        builder = builder.last_event_id(id);
    }
    let (types, data) = (args.until.clone(), args.until_data.clone());
    if !types.is_empty() || !data.is_empty() {
        builder = builder.terminal_event(move |event| {
            types.iter().any(|name| name == event.event_type)
                || data.iter().any(|text| text == event.data)
        });
    }
    Ok(builder)
}

fn policy(args: &args::Tail) -> Policy {
    let mut policy = match args.preset {
        Preset::Standard => Policy::standard(),
        Preset::Browser => Policy::browser(),
        Preset::Resilient => Policy::resilient(),
        Preset::Finite => Policy::finite(),
    };
    if let Some(longest) = args.max_wait {
        let reconnection = policy.reconnection;
        let cap = reconnection.cap.min(longest);
        policy.reconnection = reconnection.with_ceiling(longest).with_cap(cap);
    }
    if args.idle_timeout.is_some() {
        policy.idle_timeout = args.idle_timeout;
    }
    policy
}

fn with_body(builder: EventSourceBuilder, args: &args::Tail, body: Vec<u8>) -> EventSourceBuilder {
    let mut names = args.reach.headers.iter().map(|(name, _)| name);
    let is_typed = names.any(|name| name.eq_ignore_ascii_case("content-type"));
    let builder = builder.method("POST");
    if is_typed {
        return builder.body(body);
    }
    let content_type = match serde_json::from_slice::<&RawValue>(&body) {
        Ok(_) => "application/json",
        Err(_) => "application/x-www-form-urlencoded",
    };
    builder.header("content-type", content_type).body(body)
}

/// The text itself, or what is in a file or on standard input.
fn body(data: &str) -> Result<Vec<u8>, Ending> {
    let Some(name) = data.strip_prefix('@') else {
        return Ok(data.into());
    };
    let read = if name == "-" {
        let mut body = Vec::new();
        io::stdin().read_to_end(&mut body).map(|_| body)
    } else {
        fs::read(name)
    };
    read.map_err(|error| Ending::usage(format_args!("-d @{name}: {error}")))
}
