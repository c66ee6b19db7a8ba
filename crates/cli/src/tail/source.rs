//! In: the arguments of `tail`. Out: the event source they describe, not built yet; or what is wrong
//! with them.
//!
//! Next: `peek.rs`, `verbose.rs`, then back to `../tail.rs`.

use url::Url;
use wellspring::{EventSource, EventSourceBuilder, IncompleteEvent, Policy};

use super::peek::{Glimpse, Peek};
use super::verbose::Verbose;
use crate::args::{self, Incomplete, Preset};
use crate::exit::Ending;
use crate::{body, reach};

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
        builder = with_body(builder, args, body::read(data)?);
    }
    if let Some(method) = &args.method {
        builder = builder.method(method);
    }
    if let Some(id) = &args.last_event_id {
        builder = builder.last_event_id(id);
    }
    let (types, data) = (args.until.clone(), args.until_data.clone());
    let stream = args.preset.stream();
    if stream.is_some() || !types.is_empty() || !data.is_empty() {
        builder = builder.terminal_event(move |event| {
            let is_last = stream.is_some_and(|stream| stream.is_last(event));
            is_last
                || types.iter().any(|name| name == event.event_type)
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
        // All others are streams with an end.
        _ => Policy::finite(),
    };
    if let Some(longest) = args.max_wait {
        let reconnection = policy.reconnection;
        let cap = reconnection.cap.min(longest);
        policy.reconnection = reconnection.with_ceiling(longest).with_cap(cap);
    }
    if let Some(incomplete) = args.incomplete_event {
        policy.incomplete_event = match incomplete {
            Incomplete::Discard => IncompleteEvent::Discard,
            Incomplete::Fail => IncompleteEvent::Fail,
            Incomplete::Dispatch => IncompleteEvent::Dispatch,
        };
    }
    if args.idle_timeout.is_some() {
        policy.idle_timeout = args.idle_timeout;
    }
    policy
}

fn with_body(builder: EventSourceBuilder, args: &args::Tail, body: Vec<u8>) -> EventSourceBuilder {
    let builder = builder.method("POST");
    match body::content_type(&body, &args.reach.headers) {
        Some(content_type) => builder.header("content-type", content_type).body(body),
        None => builder.body(body),
    }
}
