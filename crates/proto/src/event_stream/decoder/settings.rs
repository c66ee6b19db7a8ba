//! How a decoder is made. In: limits, and what is asked for. Out: a decoder at the start of a stream.
//!
//! Next: back to `../decoder.rs`.

use super::Decoder;
use crate::event_stream::fields::Fields;
use crate::event_stream::interpret::Interpreter;
use crate::event_stream::lines::Lines;
use crate::event_stream::{Limits, OnLimit};

impl Decoder {
    /// Returns a decoder with the default [`Limits`], which skips comments.
    #[must_use]
    pub fn new() -> Self {
        Self::with_limits(Limits::default())
    }

    /// Returns a decoder with limits of its own, which skips comments.
    #[must_use]
    pub fn with_limits(limits: Limits) -> Self {
        Self {
            lines: Lines::default(),
            fields: Fields::default(),
            interpreter: Interpreter::default(),
            limits,
            on_limit: OnLimit::Fail,
            comments: false,
            bom: Some(0),
            bytes_read: 0,
            failed: None,
        }
    }

    /// Sets whether comments are visited as [`Item::Comment`](crate::Item::Comment). Without them a comment is skipped, whatever
    /// its length.
    ///
    /// ```
    /// use wellspring_proto::{Batch, Decoder, Item};
    ///
    /// let mut batch = Batch::new();
    /// Decoder::new().comments(true).decode_into(b": still here\n", &mut batch)?;
    /// assert_eq!(batch.next_item(), Some(Item::Comment(" still here")));
    /// # Ok::<(), wellspring_proto::LimitExceeded>(())
    /// ```
    #[must_use]
    pub fn comments(mut self, wanted: bool) -> Self {
        self.comments = wanted;
        self
    }

    /// Sets whether what exceeds the limits is an error, as by default, or skipped.
    #[must_use]
    pub fn on_limit(mut self, on_limit: OnLimit) -> Self {
        self.on_limit = on_limit;
        self
    }
}

impl Default for Decoder {
    fn default() -> Self {
        Self::new()
    }
}
