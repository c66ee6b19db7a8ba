//! The first look at a cluster. In: options. Out: a stream that keeps what a hub needs, or a sentence about
//! why there is none.
//!
//! Next: `config.rs` says what is checked.

use std::time::Duration;

use serde_json::json;
use wellspring_broker::{EngineError, EngineErrorKind, Epoch};

use crate::api::{self, ApiError};
use crate::config;
use crate::connection;
use crate::description::Description;
use crate::error::configuration;
use crate::frame::{FIXED, LONGEST_ID};
use crate::names::Names;
use crate::numbering::Numbering;
use crate::options::NatsOptions;
use crate::requests::{Requests, Unanswered};
use crate::shared::Shared;
use crate::stream::{NoView, look};
use crate::view::View;

/// The oldest server that has all that is asked for.
const OLDEST: (u32, u32) = (2, 9);

/// Beside the record, in bytes: what frames it, and headers.
const BESIDE: usize = FIXED + LONGEST_ID + 128;

/// The least that a server has to take as one message, in bytes.
const LEAST_PAYLOAD: usize = 64 << 10;

/// Election of a leader after a start of the whole cluster included.
const DEADLINE: Duration = Duration::from_secs(15);

/// Opens, and says what is promised less than it might.
pub(crate) async fn open(options: NatsOptions) -> Result<(Shared, Vec<String>), EngineError> {
    let names = Names::new(&options.stream);
    let names = names.ok_or_else(|| configuration("the name of the stream is not one of NATS"))?;
    let requests = connection::connect(&options).await?;
    let largest = check_server(&requests)?;
    check_jetstream(&requests).await?;
    let view = look_or_create(&requests, &names, &options).await?;
    if let Err(fault) = config::check(&view.config, &options) {
        let message = format!("the stream {} {fault}", names.stream);
        return Err(configuration(message));
    }
    adjust(&requests, &names, &options, &view).await?;
    let warnings = config::warnings(&view.config).into_iter();
    let warnings = warnings.map(|warning| format!("the stream {}: {warning}", names.stream));
    let warnings = warnings.collect();
    Ok((
        Shared::new(requests, names, options, largest, view),
        warnings,
    ))
}

/// The largest record.
fn check_server(requests: &Requests) -> Result<usize, EngineError> {
    let info = requests.client().server_info();
    if !is_new_enough(&info.version) {
        let message = format!(
            "the NATS server is of version {}; a hub needs {}.{} or later",
            info.version, OLDEST.0, OLDEST.1
        );
        return Err(configuration(message));
    }
    if info.max_payload < LEAST_PAYLOAD {
        let message = format!(
            "the NATS server takes messages of {} bytes (`max_payload`); a hub needs {LEAST_PAYLOAD} or more",
            info.max_payload
        );
        return Err(configuration(message));
    }
    Ok(info.max_payload - BESIDE)
}

fn is_new_enough(version: &str) -> bool {
    let mut parts = version.split('.').map(|part| part.parse().ok());
    match (parts.next().flatten(), parts.next().flatten()) {
        (Some(major), Some(minor)) => (major, minor) >= OLDEST,
        // A build without a number.
        _ => true,
    }
}

async fn check_jetstream(requests: &Requests) -> Result<(), EngineError> {
    let not_enabled = || {
        configuration(
            "JetStream is not enabled on the NATS server, or not for this account: start it with `-js`, \
             or with `jetstream {}` in its configuration",
        )
    };
    match api::account(requests).await {
        Ok(()) => Ok(()),
        Err(ApiError::Unanswered(Unanswered::NobodyThere)) => Err(not_enabled()),
        Err(error) if error.is_not_enabled() => Err(not_enabled()),
        Err(error) => Err(error.into()),
    }
}

async fn look_or_create(
    requests: &Requests,
    names: &Names,
    options: &NatsOptions,
) -> Result<View, EngineError> {
    match look(requests, names, DEADLINE).await {
        Ok(view) => return Ok(view),
        Err(NoView::NoStream) => create(requests, names, options).await?,
        Err(NoView::Failed(error)) => return Err(error),
    }
    Ok(look(requests, names, DEADLINE).await?)
}

/// Makes the stream, unless another node has made it meanwhile.
pub(crate) async fn create(
    requests: &Requests,
    names: &Names,
    options: &NatsOptions,
) -> Result<(), EngineError> {
    let description = Description {
        created: None,
        numbering: Numbering::new(Epoch::random()),
    };
    let config = config::records(options, names, &description);
    match api::create_stream(requests, &names.stream, &config).await {
        Ok(()) => Ok(()),
        Err(error) if error.is_name_taken() => Ok(()),
        Err(error) => Err(EngineError::new(
            EngineErrorKind::Configuration,
            format!("the stream {} cannot be made: {error}", names.stream),
        )),
    }
}

/// Sets what may be set without losing anything.
async fn adjust(
    requests: &Requests,
    names: &Names,
    options: &NatsOptions,
    view: &View,
) -> Result<(), EngineError> {
    let mut config = view.config.clone();
    config["duplicate_window"] = json!(config::nanoseconds(options));
    config["allow_direct"] = json!(true);
    if config == view.config {
        return Ok(());
    }
    Ok(api::update_stream(requests, &names.stream, &config).await?)
}

#[cfg(test)]
mod tests {
    use super::is_new_enough;

    #[test]
    fn servers_of_2_9_and_later_will_do() {
        for (version, expected) in [
            ("2.8.4", false),
            ("2.9.0-beta.1", true),
            ("2.10.22", true),
            ("10.0", true),
            ("1.4.1", false),
            ("dev", true),
        ] {
            assert_eq!(is_new_enough(version), expected, "{version}");
        }
    }
}
