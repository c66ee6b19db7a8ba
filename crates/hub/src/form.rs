//! Forms and queries (URL Standard, 5.1: `application/x-www-form-urlencoded`). In: bytes. Out: names and
//! values, in their order, all of it UTF-8; or where it is not.
//!
//! Next: `subscribe.rs`, `publication.rs`.

use crate::refusal::Refusal;

/// The most fields that are read of a form or a query.
pub const MAX_FIELDS: usize = 2_048;

/// A name and a value, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) value: String,
}

/// Reads all fields; empty ones between `&` are left out.
pub(crate) fn fields(text: &[u8]) -> Result<Vec<Field>, Refusal> {
    read(text, Refusal::too_large)
}

/// The same of a query, of which too much is a bad request as any other: it has no body that could be too large.
pub(crate) fn query(text: &[u8]) -> Result<Vec<Field>, Refusal> {
    read(text, Refusal::bad)
}

fn read(text: &[u8], too_many: fn(String) -> Refusal) -> Result<Vec<Field>, Refusal> {
    let mut fields = Vec::new();
    for pair in text.split(|byte| *byte == b'&') {
        if pair.is_empty() {
            continue;
        }
        if fields.len() == MAX_FIELDS {
            let says = format!("There are more than {MAX_FIELDS} fields.");
            return Err(too_many(says));
        }
        let at = pair.iter().position(|byte| *byte == b'=');
        let (name, value) = match at {
            Some(at) => (&pair[..at], &pair[at + 1..]),
            None => (pair, &pair[..0]),
        };
        let number = fields.len() + 1;
        let name = decode(name).ok_or_else(|| not_utf8("name", number))?;
        let value = decode(value).ok_or_else(|| not_utf8("value", number))?;
        fields.push(Field { name, value });
    }
    Ok(fields)
}

fn not_utf8(what: &str, number: usize) -> Refusal {
    Refusal::bad(format!("The {what} of field {number} is not UTF-8."))
}

/// `+` is a space, `%` and two hexadecimal digits are a byte, anything else is itself.
fn decode(text: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, others)) = rest.split_first() {
        let escaped = match (first, others) {
            (b'%', [high, low, ..]) => digit(*high).zip(digit(*low)),
            _ => None,
        };
        (bytes, rest) = match escaped {
            Some((high, low)) => (pushed(bytes, high << 4 | low), &others[2..]),
            None if first == b'+' => (pushed(bytes, b' '), others),
            None => (pushed(bytes, first), others),
        };
    }
    String::from_utf8(bytes).ok()
}

fn pushed(mut bytes: Vec<u8>, byte: u8) -> Vec<u8> {
    bytes.push(byte);
    bytes
}

fn digit(hexadecimal: u8) -> Option<u8> {
    let digit = char::from(hexadecimal).to_digit(16)?;
    u8::try_from(digit).ok()
}

/// The text with everything escaped but letters, digits, `-`, `.`, `_` and `~`, so that it is one segment of a
/// path.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push('%');
            for digit in [byte >> 4, byte & 15] {
                let digit = char::from_digit(digit.into(), 16).unwrap_or_default();
                escaped.push(digit.to_ascii_uppercase());
            }
        }
    }
    escaped
}

/// A segment of a path without its escapes, where a `+` is a `+`.
pub(crate) fn unescape(segment: &str) -> Option<String> {
    decode(segment.replace('+', "%2B").as_bytes())
}

#[cfg(test)]
mod tests;
