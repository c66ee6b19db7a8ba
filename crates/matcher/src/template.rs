//! URI templates (RFC 6570). In: text. Out: pieces, or nothing where the text is no valid template:
//! then it stands for itself.
//!
//! Next: `piece.rs`, which compares pieces with a topic.

use alloc::vec::Vec;

use crate::expression::{Expression, WITHOUT_BOUND};
use crate::piece::Piece;
use crate::selector::SelectorError;
use crate::set::Set;

/// The longest selector, in bytes.
pub const MAX_LENGTH: usize = 4096;

/// How many expressions a template may have.
pub const MAX_EXPRESSIONS: usize = 32;

/// How many variables a template may have, all its expressions together.
pub const MAX_VARIABLES: usize = 256;

/// The pieces of a template that has at least one expression.
pub(crate) fn parse(text: &str) -> Result<Option<Vec<Piece>>, SelectorError> {
    if !text.contains('{') {
        return Ok(None);
    }
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut expressions = 0;
    let mut variables = 0;
    while let Some((literal, behind)) = rest.split_once('{') {
        let Some((inside, behind)) = behind.split_once('}') else {
            return Ok(None);
        };
        let Some((expression, count)) = expression(inside) else {
            return Ok(None);
        };
        if !push_literal(&mut pieces, literal) {
            return Ok(None);
        }
        pieces.push(Piece::Expression(expression));
        expressions += 1;
        variables += count;
        rest = behind;
    }
    if !push_literal(&mut pieces, rest) {
        return Ok(None);
    }
    match (expressions > MAX_EXPRESSIONS, variables > MAX_VARIABLES) {
        (true, _) => Err(SelectorError::TooManyExpressions),
        (_, true) => Err(SelectorError::TooManyVariables),
        _ => Ok(Some(pieces)),
    }
}

/// Whether this may stand outside of expressions.
fn push_literal(pieces: &mut Vec<Piece>, text: &str) -> bool {
    if !text.is_empty() {
        pieces.push(Piece::Literal(text.as_bytes().into()));
    }
    let percents_are_triples = text.split('%').skip(1).all(is_triple);
    percents_are_triples && text.chars().all(|ch| ch == '%' || is_literal(ch))
}

/// Whether a text that was behind a `%` begins with two hexadecimal digits.
fn is_triple(behind: &str) -> bool {
    let digits = behind.bytes().take(2);
    digits.filter(u8::is_ascii_hexdigit).count() == 2
}

/// RFC 6570, section 2.1, with the apostrophe that its erratum adds.
fn is_literal(ch: char) -> bool {
    match ch {
        '\0'..=' ' | '"' | '<' | '>' | '\\' | '^' | '`' | '{'..='}' | '\u{7F}' => false,
        '!'..='~' => true,
        '\u{80}'..='\u{9F}' | '\u{FDD0}'..='\u{FDEF}' | '\u{FFF0}'..='\u{FFFF}' => false,
        // Of each plane the last two are no characters; the tags of plane 14 are not listed either.
        _ => u32::from(ch) & 0xFFFE != 0xFFFE && !('\u{E0000}'..='\u{E0FFF}').contains(&ch),
    }
}

/// An expression without its braces, and how many variables it has.
fn expression(inside: &str) -> Option<(Expression, usize)> {
    let operator = inside.chars().next().filter(|ch| "+#./;?&".contains(*ch));
    let list = &inside[operator.map_or(0, char::len_utf8)..];
    let mut exploded = false;
    let mut count = 0;
    for variable in list.split(',') {
        exploded |= is_exploded(variable)?;
        count += 1;
    }
    let mut expression = expansion(operator, exploded);
    if expression.separator.is_some() {
        let more = u16::try_from(count - 1).unwrap_or(WITHOUT_BOUND);
        expression.more = if exploded { WITHOUT_BOUND } else { more };
    }
    Some((expression, count))
}

/// RFC 6570, section 3.2.1 and appendix A. Values of most operators may have their separator in them.
fn expansion(operator: Option<char>, exploded: bool) -> Expression {
    let (lead, reserved, equals, separator) = match operator {
        None => (None, false, false, None),
        Some('+') => (None, true, false, None),
        Some('#') => (Some(b'#'), true, false, None),
        Some('.') => (Some(b'.'), false, false, None),
        Some('/') => (Some(b'/'), false, false, Some(b'/')),
        Some(';') => (Some(b';'), false, true, Some(b';')),
        Some('?') => (Some(b'?'), false, true, Some(b'&')),
        Some(_) => (Some(b'&'), false, true, Some(b'&')),
    };
    Expression {
        lead,
        set: Set::Template {
            reserved,
            equals: equals || exploded,
        },
        separator,
        more: 0,
    }
}

/// Whether a valid variable, such as `name`, `name:3` or `name*`, is exploded.
fn is_exploded(variable: &str) -> Option<bool> {
    let (name, exploded) = match variable.split_once(['*', ':']) {
        None => (variable, false),
        Some((name, "")) if variable.ends_with('*') => (name, true),
        Some((name, length)) if variable.contains(':') && is_length(length) => (name, false),
        Some(_) => return None,
    };
    name.split('.').all(is_name).then_some(exploded)
}

/// A prefix length: 1 to 9,999.
fn is_length(text: &str) -> bool {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits && matches!(text.len(), 1..=4) && !text.starts_with('0')
}

/// What stands between two dots of a variable's name.
fn is_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'%');
    !text.is_empty() && text.bytes().all(plain) && text.split('%').skip(1).all(is_triple)
}
