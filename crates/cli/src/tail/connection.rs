//! What happens to the connection of `tail`. In: signals other than events. Out: lines for standard
//! error, and how the program ends with the connection.
//!
//! Next: `../text.rs` has the words.

use std::io::{self, IsTerminal};
use std::ops::ControlFlow;
use std::time::Duration;

use wellspring::{Cause, EventRef, Opened, Reconnecting};

use super::call::Call;
use super::peek::Glimpse;
use crate::args;
use crate::exit::Ending;
use crate::output::Output;
use crate::paint::Paint;
use crate::{looks, refusal, text};

/// A silence before a response is reported after this time.
const PATIENCE: Duration = Duration::from_secs(3);

const HALF_EVENT: &str = "the body ended inside an event, which is left out: the server or a proxy in \
                          between may have been lost";

pub(super) struct Connection<'a> {
    args: &'a args::Tail,
    /// For standard error.
    paint: Paint,
    on_terminal: bool,
    glimpse: Glimpse,
    call: Call,
    /// Of the connection that is or was open.
    origin: String,
    url: String,
    /// On the connection that is open, and at all.
    events: u64,
    events_in_all: u64,
    /// The last event said that something went wrong.
    is_error: bool,
    /// How long to wait for a response without saying so; `None` when there is one.
    patience: Option<Duration>,
    /// What a server said last; the same is not said twice.
    said: Vec<String>,
}

impl<'a> Connection<'a> {
    pub(super) fn new(args: &'a args::Tail, glimpse: Glimpse) -> Self {
        Self {
            args,
            paint: Paint::on(&io::stderr()),
            on_terminal: io::stderr().is_terminal(),
            glimpse,
            call: Call::new(args),
            origin: String::new(),
            url: String::new(),
            events: 0,
            events_in_all: 0,
            is_error: false,
            patience: Some(PATIENCE),
            said: Vec::new(),
        }
    }

    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    pub(super) fn opened(&mut self, opened: &Opened, output: &mut Output) {
        self.patience = None;
        self.events = 0;
        self.origin.clone_from(&opened.origin);
        self.url = text::url(opened);
        self.note(&text::opened(opened), output);
    }

    pub(super) fn event(&mut self, event: EventRef<'_>) {
        self.events += 1;
        self.events_in_all += 1;
        let stream = self.args.preset.stream();
        self.is_error = stream.is_some_and(|stream| stream.is_error(event));
        self.call.event(event);
    }

    pub(super) fn position(&mut self, id: &str) {
        self.call.position(id);
    }

    pub(super) fn reconnection_time(&mut self) {
        self.call.reconnection_time();
    }

    pub(super) fn lost(
        &mut self,
        lost: &Reconnecting,
        output: &mut Output,
    ) -> ControlFlow<Result<(), Ending>> {
        self.patience = Some(lost.delay.saturating_add(PATIENCE));
        if self.args.no_reconnect {
            return ControlFlow::Break(self.not_again(lost, output));
        }
        if lost.inside_event {
            let line = format!("{}: {HALF_EVENT}", lost.url);
            self.note(&line, output);
        }
        if matches!(lost.cause, Cause::EndOfBody)
            && self.events == 0
            && let Some(looks) = looks::like(&self.glimpse.head())
        {
            self.say_once(
                vec![format!("no event came: the body looks like {looks}")],
                output,
            );
        }
        self.note(&text::reconnecting(lost), output);
        if let Cause::Refused(refused) = &lost.cause {
            self.say_once(refusal::lines(refused), output);
        }
        ControlFlow::Continue(())
    }

    /// How it ends with `--no-reconnect`.
    fn not_again(&mut self, lost: &Reconnecting, output: &mut Output) -> Result<(), Ending> {
        match &lost.cause {
            Cause::EndOfBody if !lost.inside_event => self.ended(output),
            Cause::EndOfBody => Err(Ending::failed(format_args!(
                "{}: {HALF_EVENT}; not trying again (--no-reconnect)",
                lost.url
            ))),
            Cause::Refused(refused) => {
                let what = text::cause(&lost.cause, &lost.url);
                Err(Ending::refused(
                    format_args!("{what}; not trying again (--no-reconnect)"),
                    refused,
                ))
            }
            cause => {
                let what = text::cause(cause, &lost.url);
                Err(Ending::failed(format_args!(
                    "{what}; not trying again (--no-reconnect)"
                )))
            }
        }
    }

    /// The stream has come to its end.
    pub(super) fn ended(&mut self, output: &mut Output) -> Result<(), Ending> {
        if self.events_in_all == 0 {
            let looks = looks::like(&self.glimpse.head());
            let looks =
                looks.map_or_else(String::new, |what| format!("; the body looks like {what}"));
            self.note(
                &format!("{}: the stream ended without an event{looks}", self.url),
                output,
            );
        }
        if let Some(rest) = self.call.rest(&self.url) {
            self.note(&rest, output);
        }
        if self.is_error {
            return Err(Ending::failed(format_args!(
                "{}: the last event says that the server failed",
                self.url
            )));
        }
        Ok(())
    }

    /// How long to wait for a signal before [`waited`](Self::waited) says so.
    pub(super) fn patience(&self) -> Option<Duration> {
        self.patience.filter(|_| self.on_terminal)
    }

    pub(super) fn waited(&mut self, output: &mut Output) {
        self.patience = None;
        self.note("waiting for a response", output);
    }

    pub(super) fn note(&self, line: &str, output: &mut Output) {
        let aside = self.paint.aside();
        output.note(format!("{aside}{line}{aside:#}"));
    }

    fn say_once(&mut self, lines: Vec<String>, output: &mut Output) {
        if lines != self.said {
            for line in &lines {
                self.note(line, output);
            }
            self.said = lines;
        }
    }
}
