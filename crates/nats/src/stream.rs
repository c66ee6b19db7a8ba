//! The stream that the records are in. In: what the server has. Out: a view of it, once what is half done
//! is done.
//!
//! All of it may be done by several nodes at once: each does the same.
//!
//! Next: `opening.rs` makes the stream, `reconcile.rs` compares views.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{sleep, timeout};
use wellspring_broker::{EngineError, EngineErrorKind, Epoch};

use crate::api::{self, ApiError, StreamInfo};
use crate::description::{Description, NotOurs};
use crate::error::unavailable;
use crate::names::{Names, hash};
use crate::numbering::Numbering;
use crate::requests::Requests;
use crate::shared::Shared;
use crate::view::View;

/// Between two looks at what is half done.
const PAUSE: Duration = Duration::from_millis(30);

/// Why there is no view.
#[derive(Clone, Debug)]
pub(crate) enum NoView {
    /// The server knows that the stream is not there.
    NoStream,
    Failed(EngineError),
}

impl From<ApiError> for NoView {
    fn from(error: ApiError) -> Self {
        match error.is_no_stream() {
            true => Self::NoStream,
            false => Self::Failed(error.into()),
        }
    }
}

impl From<NoView> for EngineError {
    fn from(no_view: NoView) -> Self {
        match no_view {
            NoView::NoStream => unavailable("the stream is gone"),
            NoView::Failed(error) => error,
        }
    }
}

/// Looks at the stream, and completes what is half done.
pub(crate) async fn look(
    requests: &Requests,
    names: &Names,
    deadline: Duration,
) -> Result<View, NoView> {
    let looking = async {
        loop {
            let info = api::stream_info(requests, &names.stream, deadline).await?;
            let description = described(names, &info)?;
            match completed(&description, &info) {
                None => return Ok(View::new(info, description.numbering)),
                Some(next) => rewrite(requests, names, &info.config, &next).await?,
            }
            sleep(PAUSE).await;
        }
    };
    let late = || NoView::Failed(unavailable("NATS does not answer in time"));
    timeout(deadline, looking).await.map_err(|_| late())?
}

/// Says of the stream what this description does, and lets it take the records of its epoch only.
pub(crate) async fn rewrite(
    requests: &Requests,
    names: &Names,
    config: &Value,
    description: &Description,
) -> Result<(), ApiError> {
    let mut config = config.clone();
    config["description"] = json!(description.to_text());
    config["subjects"] = json!([names.records(description.numbering.epoch)]);
    api::update_stream(requests, &names.stream, &config).await
}

/// What the stream says of itself.
fn described(names: &Names, info: &StreamInfo) -> Result<Description, NoView> {
    let stream = &names.stream;
    let text = info.config["description"].as_str().unwrap_or_default();
    let description = Description::parse(text).map_err(|not_ours| {
        let (kind, message) = match not_ours {
            NotOurs::Foreign => (
                EngineErrorKind::Configuration,
                format!("the stream {stream} is not a hub's; name another one: nats://HOST/STREAM"),
            ),
            NotOurs::NewerVersion => (
                EngineErrorKind::NewerVersion,
                format!("the stream {stream} was written by a newer version of wellspring"),
            ),
            NotOurs::Damaged => (
                EngineErrorKind::Corrupt,
                format!("the description of the stream {stream} was changed; restore it, or remove the stream"),
            ),
        };
        NoView::Failed(EngineError::new(kind, message))
    })?;
    let subjects = json!([names.records(description.numbering.epoch)]);
    if info.config["subjects"] != subjects {
        let message =
            format!("the stream {stream} takes other subjects than {subjects}; restore them");
        let error = EngineError::new(EngineErrorKind::Configuration, message);
        return Err(NoView::Failed(error));
    }
    Ok(description)
}

/// What the description should say, if it is another thing.
fn completed(description: &Description, info: &StreamInfo) -> Option<Description> {
    let created = Some(info.created.clone());
    let mut next = description.clone();
    if description.created.is_some() && description.created != created {
        // Made anew from a copy of its configuration: nothing of the past is in it.
        next.numbering = Numbering::new(successor(description.numbering.epoch, &info.created));
    } else {
        next.numbering.settle(info.state.last_seq);
    }
    next.created = created;
    (next != *description).then_some(next)
}

/// The epoch that follows, of eight digits, the same on each node that comes to the same conclusion.
pub(crate) fn successor(epoch: Epoch, reason: &str) -> Epoch {
    const LEAST: u64 = 36_u64.pow(7);
    let digits = hash(format!("{epoch} {reason}").as_bytes());
    let number = u64::from_str_radix(&digits[..16], 16).unwrap_or_default();
    Epoch::new(LEAST + number % (LEAST * 35))
}

impl Shared {
    /// Looks at the stream. What is seen is the newest view.
    pub(crate) async fn look(&self, deadline: Duration) -> Result<Arc<View>, NoView> {
        let mut view = look(&self.requests, &self.names, deadline).await?;
        view.hole = self.hole_of(&view).await?;
        let view = Arc::new(view);
        self.set_view(Arc::clone(&view));
        Ok(view)
    }

    /// The newest message that was deleted from the middle, and was a record.
    async fn hole_of(&self, view: &View) -> Result<u64, NoView> {
        let before = self.view();
        if view.deleted == 0 {
            return Ok(0);
        }
        if (view.deleted, view.created.as_str()) == (before.deleted, before.created.as_str()) {
            return Ok(before.hole);
        }
        let deleted = api::deleted(&self.requests, &self.names.stream).await?;
        let records = deleted.into_iter();
        let records = records.filter(|position| view.numbering.number(*position).is_some());
        Ok(records.max().unwrap_or(0))
    }
}

#[cfg(test)]
mod tests;
