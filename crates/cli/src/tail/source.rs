//! In: the arguments of `tail`. Out: the event source they describe, not opened yet; or what is wrong
//! with them.
//!
//! Next: back to `tail.rs`.

use std::fmt::Display;
use std::fs;

use wellspring::EventSource;
use wellspring::transport::{HttpTransport, TransportOptions};

use crate::args;
use crate::exit::Ending;

pub(super) fn build(args: &args::Tail) -> Result<EventSource, Ending> {
    let mut builder = EventSource::builder(&args.url).transport(transport(args)?);
    for (name, value) in &args.headers {
        builder = builder.header(name, value);
    }
    if let Some(id) = &args.last_event_id {
        builder = builder.last_event_id(id);
    }
    builder.build().map_err(Ending::usage)
}

fn transport(args: &args::Tail) -> Result<HttpTransport, Ending> {
    let mut options = TransportOptions::new()
        .http2_prior_knowledge(args.http2_prior_knowledge)
        .danger_accept_invalid_certificates(args.insecure);
    let Some(path) = &args.cacert else {
        return HttpTransport::new(options).map_err(Ending::usage);
    };
    let unusable =
        |error: &dyn Display| Ending::usage(format_args!("--cacert {}: {error}", path.display()));
    let pem = fs::read(path).map_err(|error| unusable(&error))?;
    options = options.root_certificates_pem(pem);
    HttpTransport::new(options).map_err(|error| unusable(&error))
}
