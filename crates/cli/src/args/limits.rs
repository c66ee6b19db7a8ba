//! The arguments about how much of a stream is kept in memory.
//!
//! Next: `tail.rs`, `decode.rs`.

use wellspring_proto::Limits as DecoderLimits;

use super::values::bytes;

const HEADING: &str = "Limits";

/// The largest there may be, each in bytes.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Limits {
    /// The longest line, in bytes or with K, M or G; 16M by default
    #[arg(long, value_name = "BYTES", value_parser = bytes, help_heading = HEADING)]
    pub(crate) max_line: Option<usize>,

    /// The largest event, likewise; 16M by default
    #[arg(long, value_name = "BYTES", value_parser = bytes, help_heading = HEADING)]
    pub(crate) max_event: Option<usize>,

    /// The longest id, likewise; 64K by default
    #[arg(long, value_name = "BYTES", value_parser = bytes, help_heading = HEADING)]
    pub(crate) max_id: Option<usize>,
}

impl Limits {
    /// The same for a decoder. One that is raised alone raises the other: an event may be one line.
    pub(crate) fn for_decoder(self) -> DecoderLimits {
        let default = DecoderLimits::default();
        let line = default.line.max(self.max_event.unwrap_or(0));
        let event = default.event.max(self.max_line.unwrap_or(0));
        default
            .with_line(self.max_line.unwrap_or(line))
            .with_event(self.max_event.unwrap_or(event))
            .with_id(self.max_id.unwrap_or(default.id))
    }
}
