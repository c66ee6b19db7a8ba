//! A call whose answer is a stream, as of MCP. In: what came of it. Out: when the server has closed the
//! stream before the answer, how the rest may be had.
//!
//! Next: back to `connection.rs`.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use wellspring::EventRef;

use crate::args;
use crate::plain::visible;

/// Asked with a method that is not repeated, and without a word on how the answer ends.
pub(super) struct Call {
    is_call: bool,
    last_event_id: String,
    /// The server has set a reconnection time: it expects to be asked again.
    is_polled: bool,
    is_answered: bool,
}

impl Call {
    pub(super) fn new(args: &args::Tail) -> Self {
        let method = args.method.as_deref().unwrap_or("GET");
        let repeats = args.data.is_none() && method.eq_ignore_ascii_case("GET");
        Self {
            is_call: !repeats && !knows_its_end(args),
            last_event_id: String::new(),
            is_polled: false,
            is_answered: false,
        }
    }

    pub(super) fn event(&mut self, event: EventRef<'_>) {
        if self.is_call {
            self.position(event.last_event_id);
            self.is_answered = is_response(event.data);
        }
    }

    pub(super) fn position(&mut self, id: &str) {
        if self.is_call {
            id.clone_into(&mut self.last_event_id);
        }
    }

    pub(super) fn reconnection_time(&mut self) {
        self.is_polled = true;
    }

    /// What to say once the stream at `url` has ended.
    pub(super) fn rest(&self, url: &str) -> Option<String> {
        let resumes = self.is_call && self.is_polled && !self.last_event_id.is_empty();
        let (url, id) = (quoted(url), quoted(&visible(&self.last_event_id)));
        (resumes && !self.is_answered).then(|| {
            format!(
                "the server closed the stream of a call and expects to be asked again; for the rest, \
                 with the same -H and without -d and -X: wellspring tail {url} --last-event-id {id}"
            )
        })
    }
}

fn knows_its_end(args: &args::Tail) -> bool {
    args.preset.stream().is_some() || !args.until.is_empty() || !args.until_data.is_empty()
}

/// One word to a shell, whatever a server has put into it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Whether it is the answer to a JSON-RPC call.
fn is_response(data: &str) -> bool {
    let members = serde_json::from_str::<BTreeMap<&str, &RawValue>>(data);
    members.is_ok_and(|members| {
        let has = |key| members.contains_key(key);
        has("jsonrpc") && has("id") && (has("result") || has("error"))
    })
}

#[cfg(test)]
mod tests;
