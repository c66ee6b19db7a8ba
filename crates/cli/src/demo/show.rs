//! What the demo prints. In: the signals of its event source. Out: a line for each, and at the start
//! where everything is.
//!
//! Next: `../text.rs`.

use std::io::{self, Write};
use std::ops::ControlFlow;

use wellspring::Signal;

use crate::exit::Ending;
use crate::follow::Show;
use crate::output::Output;
use crate::paint::Paint;
use crate::text;

use super::server::STREAM;

pub(super) struct Shown {
    paint: Paint,
    left: Option<u64>,
}

impl Shown {
    pub(super) fn new(count: Option<u64>) -> Self {
        Self {
            paint: Paint::on(&io::stdout()),
            left: count,
        }
    }

    /// Says where everything is.
    pub(super) fn introduce(&self, origin: &str, output: &mut Output) {
        let (strong, aside) = (self.paint.strong(), self.paint.aside());
        // Writing to a vector cannot fail, here and below.
        let _ = writeln!(
            output.buffer,
            "The page    {strong}{origin}/{strong:#}\n\
             The stream  {origin}{STREAM}\n\
             Ten at once {origin}/ten\n\
             {aside}Ctrl-C ends it. This is what our own event source receives:{aside:#}\n"
        );
    }

    fn aside(&self, line: &str, output: &mut Output) {
        let aside = self.paint.aside();
        let _ = writeln!(output.buffer, "{aside}{line}{aside:#}");
    }
}

impl Show for Shown {
    fn show(&mut self, signal: Signal<'_>, output: &mut Output) -> ControlFlow<Result<(), Ending>> {
        match signal {
            Signal::Message(event) => {
                text::write_event(&mut output.buffer, event, self.paint);
                self.left = self.left.map(|left| left - 1);
            }
            Signal::Open(opened) => {
                self.aside(&text::opened(opened), output);
            }
            Signal::Reconnecting(lost) => {
                let line = text::reconnecting(lost);
                self.aside(&line, output);
            }
            Signal::Comment(comment) if !comment.is_empty() => {
                let line = format!(":{}", text::visible(comment));
                self.aside(&line, output);
            }
            Signal::ReconnectionTime(time) => {
                let line = format!("retry: {}", text::seconds(time));
                self.aside(&line, output);
            }
            _ => {}
        }
        match self.left {
            Some(0) => ControlFlow::Break(Ok(())),
            _ => ControlFlow::Continue(()),
        }
    }
}
