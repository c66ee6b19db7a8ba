//! What happens to a source, for subscribers of `tracing`. In: the turns of the driver. Out:
//! events of the target `wellspring`; nothing at all without the feature `tracing`.
//!
//! Names, levels and fields are in the documentation of the crate, and stay what they are.
//!
//! Next: back to `../driver.rs`.

#[cfg(not(feature = "tracing"))]
pub(crate) use self::off::*;
#[cfg(feature = "tracing")]
pub(crate) use self::on::*;

#[cfg(feature = "tracing")]
mod on {
    use tracing::{Level, debug, enabled, error, info, trace, warn};
    use url::Url;
    use wellspring_proto::EventRef;

    use crate::fetch::without_credentials;
    use crate::outcome::cause::Cause;
    use crate::outcome::error::Error;
    use crate::outcome::opening::Opening;
    use crate::outcome::reconnecting::Reconnecting;

    const TARGET: &str = "wellspring";

    /// Whose messages they are.
    pub(crate) struct Source(String);

    impl Source {
        pub(crate) fn new(shown_url: &str) -> Self {
            Self(shown_url.to_owned())
        }

        #[inline]
        pub(crate) fn message(&self, event: EventRef<'_>) {
            trace!(
                target: TARGET,
                url = %self.0,
                event_type = event.event_type,
                last_event_id = event.last_event_id,
                data_length = event.data.len(),
                "message"
            );
        }
    }

    pub(crate) fn connect(url: &Url, attempt: u32) {
        if enabled!(target: TARGET, Level::DEBUG) {
            debug!(target: TARGET, url = %without_credentials(url), attempt, "connect");
        }
    }

    pub(crate) fn open(opened: Option<&Opening>) {
        let Some(opened) = opened else { return };
        if enabled!(target: TARGET, Level::INFO) {
            info!(
                target: TARGET,
                url = %without_credentials(opened.url()),
                status = 200_u16,
                version = ?opened.version(),
                "open"
            );
        }
    }

    pub(crate) fn reconnecting(lost: &Reconnecting) {
        let status = match &lost.cause {
            Cause::Refused(refused) => Some(refused.status.as_u16()),
            _ => None,
        };
        warn!(
            target: TARGET,
            url = %lost.url,
            attempt = lost.attempt,
            delay = ?lost.delay,
            cause = %lost.cause,
            status,
            "reconnecting"
        );
    }

    pub(crate) fn failed(failed: &Error) {
        let status = failed.status().map(|status| status.as_u16());
        let cause = failed.cause();
        let cause = cause.map_or_else(|| format!("{failed:#}"), Cause::to_string);
        error!(target: TARGET, url = %failed.url(), %cause, status, "failed");
    }

    pub(crate) fn closed(shown_url: &str) {
        info!(target: TARGET, url = %shown_url, "closed");
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use url::Url;
    use wellspring_proto::EventRef;

    use crate::outcome::error::Error;
    use crate::outcome::opening::Opening;
    use crate::outcome::reconnecting::Reconnecting;

    pub(crate) struct Source;

    impl Source {
        pub(crate) fn new(_shown_url: &str) -> Self {
            Self
        }

        #[inline]
        pub(crate) fn message(&self, _event: EventRef<'_>) {}
    }

    pub(crate) fn connect(_url: &Url, _attempt: u32) {}

    pub(crate) fn open(_opened: Option<&Opening>) {}

    pub(crate) fn reconnecting(_lost: &Reconnecting) {}

    pub(crate) fn failed(_failed: &Error) {}

    pub(crate) fn closed(_shown_url: &str) {}
}
