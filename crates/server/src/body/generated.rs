//! A stream of blocks as a source of frames. In: any stream of blocks. Out: frames with all the blocks
//! that are ready at the same time.
//!
//! A block that is ready goes out at once; several that are ready at the same time share a frame of at most 16 KiB.
//! A block that is larger has a frame to itself, which `state.rs` splits. The stream is not polled again after its
//! end, so it need not be fused.
//!
//! Next: `body.rs` makes a body of it.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use wellspring_proto::Block;

use crate::log::FRAME_BYTES;

/// The stream of [`EventStream::new`](crate::EventStream::new).
pub(super) struct Generated {
    /// `None` once it has ended: it is not polled again.
    blocks: Option<Pin<Box<dyn Stream<Item = Block<'static>> + Send>>>,
    /// A block that did not fit the frame before.
    held: Option<Block<'static>>,
}

impl Generated {
    /// Wraps the stream.
    pub(super) fn new(blocks: Pin<Box<dyn Stream<Item = Block<'static>> + Send>>) -> Self {
        Self {
            blocks: Some(blocks),
            held: None,
        }
    }

    /// Returns all the blocks that are ready, encoded; `None` at the end.
    pub(super) fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let mut frame = Vec::new();
        let pending = loop {
            let block = match self.poll_block(cx) {
                Poll::Ready(Some(block)) => block,
                Poll::Ready(None) => break false,
                Poll::Pending => break true,
            };
            if !frame.is_empty() && frame.len() + block.encoded_len() > FRAME_BYTES {
                self.held = Some(block);
                break false;
            }
            block.encode_into(&mut frame);
        };
        match (frame.is_empty(), pending) {
            // Without spare capacity, which a server would keep as long as the frame.
            (false, _) => Poll::Ready(Some(frame.into_boxed_slice().into())),
            (true, true) => Poll::Pending,
            (true, false) => Poll::Ready(None),
        }
    }

    /// Returns the block that was held back, or the stream's next one.
    fn poll_block(&mut self, cx: &mut Context<'_>) -> Poll<Option<Block<'static>>> {
        if let Some(block) = self.held.take() {
            return Poll::Ready(Some(block));
        }
        let Some(blocks) = &mut self.blocks else {
            return Poll::Ready(None);
        };
        let polled = blocks.as_mut().poll_next(cx);
        if matches!(polled, Poll::Ready(None)) {
            self.blocks = None;
        }
        polled
    }
}
