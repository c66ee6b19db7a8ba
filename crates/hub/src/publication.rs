//! What a publisher sends. In: a form. Out: an update, or the sentence that says what is wrong with it: of what
//! the two dialects ask, the stricter.
//!
//! Next: `service/publish.rs`.

use url::Url;

use crate::dialect_07;
use crate::dialect_08::{self, EARLIEST, EVENT_TYPE};
use crate::form::{self, Field};
use crate::refusal::Refusal;
use crate::text::forbidden;

/// The most topics that an update may have.
pub const MAX_TOPICS: usize = 1_000;
/// The longest topic, in bytes: as long as a selector may be.
pub const MAX_TOPIC: usize = wellspring_matcher::MAX_LENGTH;
/// The longest id of a publisher, in bytes.
pub const MAX_ID: usize = 1_024;
/// The longest type of an event, in bytes.
pub const MAX_TYPE: usize = 1_024;

/// An update as it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Publication {
    /// The canonical topic, then the others.
    pub(crate) topics: Vec<String>,
    /// What the event says.
    pub(crate) data: Option<String>,
    /// Whether it is for those alone whose token covers one of its topics.
    pub(crate) private: bool,
    /// The publisher's own id.
    pub(crate) id: Option<String>,
    /// The type of the event.
    pub(crate) event_type: Option<String>,
    /// The reconnection time, in milliseconds.
    pub(crate) retry: Option<u64>,
}

/// Reads the form that is sent to publish. Fields that are not known are passed over.
pub(crate) fn read(form: &[u8]) -> Result<Publication, Refusal> {
    let mut publication = Publication::default();
    let fields = form::fields(form)?;
    for Field { name, value } in fields {
        match name.as_str() {
            "topic" => add_topic(&mut publication.topics, value)?,
            "data" => once("data", &mut publication.data, value)?,
            // Any value means yes, the empty one too.
            "private" => publication.private = true,
            "id" => once("id", &mut publication.id, value)?,
            "type" => once("type", &mut publication.event_type, value)?,
            "retry" => once("retry", &mut publication.retry, retry(&value)?)?,
            _ => {}
        }
    }
    if publication.topics.is_empty() {
        return Err(Refusal::bad(
            "There is no topic. Publish a form with topic=… and data=…, as \
             'curl -d topic=news --data-urlencode data=hello' sends it.",
        ));
    }
    publication.id = publication.id.filter(|id| !id.is_empty());
    if let Some(id) = &publication.id {
        check_id(id)?;
    }
    if let Some(event_type) = &publication.event_type {
        check_type(event_type)?;
    }
    Ok(publication)
}

fn once<T>(name: &str, place: &mut Option<T>, value: T) -> Result<(), Refusal> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(Refusal::bad(format!("The field {name} is there twice."))),
    }
}

fn add_topic(topics: &mut Vec<String>, topic: String) -> Result<(), Refusal> {
    if topics.len() == MAX_TOPICS {
        return Err(Refusal::too_large(format!(
            "An update has at most {MAX_TOPICS} topics."
        )));
    }
    if topic.len() > MAX_TOPIC {
        return Err(Refusal::too_large(format!(
            "A topic has at most {MAX_TOPIC} bytes."
        )));
    }
    if topic == "*" {
        return Err(Refusal::bad(
            "The topic * is reserved: subscribers ask for every topic with it.",
        ));
    }
    check_characters("topic", &topic)?;
    topics.push(topic);
    Ok(())
}

fn check_characters(name: &str, value: &str) -> Result<(), Refusal> {
    match forbidden(value) {
        None => Ok(()),
        Some(ch) => Err(Refusal::bad(format!(
            "The {name} has the character U+{:04X}; controls and characters that are not seen are not allowed \
             there.",
            u32::from(ch)
        ))),
    }
}

fn check_id(id: &str) -> Result<(), Refusal> {
    if id.len() > MAX_ID {
        return Err(Refusal::too_large(format!(
            "An id has at most {MAX_ID} bytes."
        )));
    }
    if id.starts_with('#') || id == EARLIEST {
        return Err(Refusal::bad(
            "The id is reserved: it begins with #, or is \"earliest\".",
        ));
    }
    check_characters("id", id)
}

fn check_type(event_type: &str) -> Result<(), Refusal> {
    if event_type.len() > MAX_TYPE {
        return Err(Refusal::too_large(format!(
            "A type has at most {MAX_TYPE} bytes."
        )));
    }
    if event_type == EVENT_TYPE {
        return Err(Refusal::bad(
            "The type \"mercure\" is reserved for the hub's own events.",
        ));
    }
    check_characters("type", event_type)
}

fn retry(value: &str) -> Result<u64, Refusal> {
    let is_digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let number = value.parse().ok().filter(|_| is_digits);
    number.ok_or_else(|| Refusal::bad("The field retry is a number of milliseconds, digits alone."))
}

impl Publication {
    /// The first topic that is the hub's own, by either dialect.
    pub(crate) fn reserved_topic(&self, hub: &Url) -> Option<&str> {
        let mut topics = self.topics.iter();
        let found = topics.find(|topic| {
            dialect_07::is_reserved(topic, hub.path()) || dialect_08::is_reserved(topic, hub)
        });
        found.map(String::as_str)
    }
}

#[cfg(test)]
mod tests;
