//! The end of an epoch. In: the last record that is kept. Out: a stream that takes the records of the next
//! epoch only.
//!
//! The next epoch follows from the last one and from where it ended: nodes that come to the same conclusion
//! write the same.
//!
//! Next: `numbering.rs`, `stream.rs`.

use wellspring_broker::{Bounds, EngineError, Epoch};

use crate::api::DEADLINE;
use crate::description::Description;
use crate::numbering::Numbering;
use crate::shared::Shared;
use crate::stream::{rewrite, successor};
use crate::view::View;

impl Shared {
    /// Ends this epoch behind this record, and takes back what stands behind it.
    pub(crate) async fn fence(&self, epoch: Epoch, last: u64) -> Result<Bounds, EngineError> {
        let view = self.look(DEADLINE).await?;
        if view.epoch() == epoch {
            let next = successor(epoch, &last.to_string());
            let numbering = match last < view.head() {
                true => view.numbering.cut(last, next),
                false => view.numbering.fork(view.head(), next),
            };
            self.begin(&view, numbering).await?;
            self.known().lose(last);
        }
        self.bounds().await
    }

    /// The tail was lost: ends the epoch in force behind the last record that is still the one that was
    /// seen. What others have appended since belongs to the next epoch. Without such a record, nothing of
    /// the past is left.
    pub(crate) async fn fork(&self, view: &View, last: Option<u64>) -> Result<(), EngineError> {
        let numbering = match last {
            Some(last) => {
                let next = successor(view.epoch(), &last.to_string());
                view.numbering.fork(last, next)
            }
            None => {
                let mut numbering = view.numbering.clone();
                numbering.past.clear();
                numbering.epoch = successor(view.epoch(), "");
                numbering
            }
        };
        self.begin(view, numbering).await
    }

    async fn begin(&self, view: &View, numbering: Numbering) -> Result<(), EngineError> {
        let description = Description {
            created: Some(view.created.clone()),
            numbering,
        };
        Ok(rewrite(&self.requests, &self.names, &view.config, &description).await?)
    }
}
