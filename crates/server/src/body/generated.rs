//! A stream of blocks as a source of frames. In: any stream of blocks. Out: frames with all the blocks
//! that are ready at the same time.
//!
//! Next: `body.rs` makes a body of it.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use wellspring_proto::Block;

use crate::log::FRAME_BYTES;

pub(super) struct Generated {
    /// `None` once it has ended: it is not polled again.
    blocks: Option<Pin<Box<dyn Stream<Item = Block<'static>> + Send>>>,
    /// A block that did not fit the frame before.
    held: Option<Block<'static>>,
}

impl Generated {
    pub(super) fn new(blocks: Pin<Box<dyn Stream<Item = Block<'static>> + Send>>) -> Self {
        Self {
            blocks: Some(blocks),
            held: None,
        }
    }

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
