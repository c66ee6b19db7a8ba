//! Cursors: a text is one, or it is none. In: text. Out: a panic when a cursor has two texts, or when numbers do
//! not come back.
//!
//! Next: `record.rs`.

use wellspring_broker::{Cursor, Update};

pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let parsed: Result<Cursor, _> = text.parse();
    let update = Update::new("topic").expect("a topic");
    let as_id = update.id(&text);
    match parsed {
        Ok(cursor) => {
            assert_eq!(cursor.to_string(), text, "one text for each cursor");
            assert!(as_id.is_err(), "no publisher can have it for an id: {text}");
        }
        Err(_) => {
            let is_plain = !text.is_empty()
                && text.len() <= wellspring_broker::MAX_ID_LENGTH
                && !text.starts_with('#')
                && !text.contains(['\r', '\n', '\0']);
            assert_eq!(as_id.is_ok(), is_plain, "{text:?}");
        }
    }
}
