//! Colours, or none. In: a stream, and the environment. Out: [`Paint`], whose styles write nothing
//! unless the stream is a terminal that wants colours.
//!
//! Next: `text.rs` paints events.

use std::ffi::OsStr;
use std::io::IsTerminal;

use anstyle::{AnsiColor, Style};

/// The types of events take turns with these; `message` has its own.
const TYPES: [AnsiColor; 4] = [
    AnsiColor::Yellow,
    AnsiColor::Green,
    AnsiColor::Magenta,
    AnsiColor::Blue,
];

/// Knows whether to paint.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paint {
    on: bool,
}

impl Paint {
    /// Paints on a terminal, unless `NO_COLOR` is set and not empty or the terminal is a dumb one.
    pub(crate) fn on(stream: &impl IsTerminal) -> Self {
        let no_color = std::env::var_os("NO_COLOR");
        let term = std::env::var_os("TERM");
        let wanted = wants_color(no_color.as_deref(), term.as_deref());
        Self {
            on: wanted && stream.is_terminal(),
        }
    }

    /// Paints nothing.
    #[cfg(test)]
    pub(crate) fn never() -> Self {
        Self { on: false }
    }

    /// For the type of an event, each its colour.
    pub(crate) fn event_type(self, event_type: &str) -> Style {
        let color = match event_type {
            "message" => AnsiColor::Cyan,
            other => {
                let sum = other.bytes().map(usize::from).sum::<usize>();
                TYPES[sum % TYPES.len()]
            }
        };
        self.choose(color.on_default().bold())
    }

    /// For what is there but not in the way.
    pub(crate) fn aside(self) -> Style {
        self.choose(Style::new().dimmed())
    }

    /// For what a reader should find again.
    pub(crate) fn strong(self) -> Style {
        self.choose(Style::new().bold())
    }

    /// For a word of this meaning.
    pub(crate) fn color(self, color: AnsiColor) -> Style {
        self.choose(color.on_default().bold())
    }

    fn choose(self, style: Style) -> Style {
        if self.on { style } else { Style::new() }
    }
}

fn wants_color(no_color: Option<&OsStr>, term: Option<&OsStr>) -> bool {
    no_color.is_none_or(OsStr::is_empty) && term.is_none_or(|term| term != "dumb")
}

#[cfg(test)]
mod tests;
