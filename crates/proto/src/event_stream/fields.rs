//! Lines to fields (HTML Standard 9.2.6, the three cases of a line that is not empty). In: pieces
//! of a line. Out: whose value they are. Only a name is ever held back, and at most six bytes.
//!
//! | line | field | value |
//! |---|---|---|
//! | `data: a` | `data` | `a` |
//! | `data:a` | `data` | `a` |
//! | `data:  a` | `data` | ` a`: only one space is dropped |
//! | `data` | `data` | empty |
//! | `: a` | comment | ` a`: all that follows the colon |
//! | `Data: a` | unknown | names are case-sensitive |
//!
//! Next: `interpret.rs`.

/// The field a line belongs to; a comment is a line that starts with a colon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// `: text`
    Comment,
    /// `data: text`
    Data,
    /// `event: type`
    Event,
    /// `id: id`
    Id,
    /// `retry: milliseconds`
    Retry,
    /// Anything else, which is ignored.
    Unknown,
}

impl Field {
    /// Field names are case-sensitive and exact.
    #[inline]
    pub(crate) fn from_name(name: &[u8]) -> Self {
        match name {
            b"data" => Self::Data,
            b"event" => Self::Event,
            b"id" => Self::Id,
            b"retry" => Self::Retry,
            _ => Self::Unknown,
        }
    }
}

/// One more than the longest known name.
const NAME_CAPACITY: usize = 6;

/// Reads one line after another, piece by piece.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    /// The name as far as it has come.
    name: [u8; NAME_CAPACITY],
    name_length: usize,
    /// The field, once its name is complete.
    field: Option<Field>,
    /// The next byte is the one space that does not belong to the value, if it is a space.
    space: bool,
}

impl Fields {
    /// No byte of the current line has been seen.
    #[inline]
    pub(crate) fn at_line_start(&self) -> bool {
        self.name_length == 0 && self.field.is_none()
    }

    /// All that comes before the end of the line belongs to a value.
    #[inline]
    pub(crate) fn in_value(&self) -> bool {
        self.field.is_some() && !self.space
    }

    /// The line is a comment.
    #[inline]
    pub(crate) fn in_comment(&self) -> bool {
        self.field == Some(Field::Comment)
    }

    /// The field of the line, once it is known; none between lines.
    #[inline]
    pub(crate) fn field(&self) -> Option<Field> {
        self.field
    }

    /// The line, as far as it has come, is one of data.
    pub(crate) fn is_data(&self) -> bool {
        let all_name = &self.name[..self.name_length];
        self.field.unwrap_or_else(|| Field::from_name(all_name)) == Field::Data
    }

    /// The rest of the line, if it is not over, is ignored.
    #[cold]
    pub(crate) fn skip_line(&mut self) {
        self.field = self.field.and(Some(Field::Unknown));
    }

    /// The colon at the start of a comment has been read by the caller.
    #[inline]
    pub(crate) fn begin_comment(&mut self) {
        self.field = Some(Field::Comment);
    }

    /// Takes a piece of the current line; gives the part of it that is value, and of what.
    #[inline]
    pub(crate) fn push<'a>(&mut self, piece: &'a [u8]) -> Option<(Field, &'a [u8])> {
        let mut rest = piece;
        let field = match self.field {
            Some(field) => field,
            None => self.read_name(&mut rest)?,
        };
        if self.space
            && let Some((&first, after)) = rest.split_first()
        {
            self.space = false;
            if first == b' ' {
                rest = after;
            }
        }
        (!rest.is_empty()).then_some((field, rest))
    }

    /// The line has ended: which field it was. A line without a colon is all name.
    #[inline]
    pub(crate) fn end_line(&mut self) -> Field {
        let name = &self.name[..self.name_length];
        let field = self.field.unwrap_or_else(|| Field::from_name(name));
        self.name_length = 0;
        self.field = None;
        self.space = false;
        field
    }

    /// Reads on to the colon. One byte more than the longest known name makes the field unknown, so that a long
    /// name is not kept.
    #[inline]
    fn read_name(&mut self, rest: &mut &[u8]) -> Option<Field> {
        // Most lines are data, and most of those have their name in one piece.
        if self.name_length == 0
            && let Some(value) = rest.strip_prefix(b"data:")
        {
            *rest = value;
            self.space = true;
            self.field = Some(Field::Data);
            return self.field;
        }
        while let Some((&byte, after)) = rest.split_first() {
            let field = if byte == b':' {
                *rest = after;
                self.space = self.name_length > 0;
                if self.space {
                    Field::from_name(&self.name[..self.name_length])
                } else {
                    Field::Comment
                }
            } else if self.name_length + 1 < NAME_CAPACITY {
                self.name[self.name_length] = byte;
                self.name_length += 1;
                *rest = after;
                continue;
            } else {
                Field::Unknown
            };
            self.field = Some(field);
            return Some(field);
        }
        None
    }
}
