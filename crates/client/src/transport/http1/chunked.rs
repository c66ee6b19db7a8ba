//! The chunked coding (RFC 9112, 7.1). In: pieces of a body, cut anywhere. Out: their data, moved together at the front,
//! and whether that is all, or what is wrong with what follows. Chunk extensions and trailers are skipped.
//!
//! Next: back to `framing.rs`.

/// The longest line that begins a chunk: its size, and extensions, which are skipped.
const CHUNK_LINE: u16 = 4 * 1024;
/// All trailers together.
const TRAILERS: u16 = 16 * 1024;

/// Where in the coding the next byte stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum At {
    /// Before the first digit of a size.
    #[default]
    Start,
    Size,
    /// Behind the size, in front of CR or an extension.
    Space,
    Extension,
    LineEnd,
    Data,
    DataCr,
    DataLf,
    /// At the beginning of a line of trailers.
    Trailers,
    Trailer,
    TrailerEnd,
    LastLf,
    Over,
    Broken(Wrong),
}

/// What is wrong; a number, since every stream that waits has room for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    Size,
    TooLarge,
    LineTooLong,
    LineEnd,
    DataEnd,
    TrailersTooLong,
    TrailersEnd,
}

impl Wrong {
    fn what(self) -> &'static str {
        match self {
            Self::Size => "a chunk begins with something other than its size",
            Self::TooLarge => "the size of a chunk is 2^64 or more",
            Self::LineTooLong => "the line before a chunk is longer than 4 KiB",
            Self::LineEnd => "the line before a chunk does not end in CR LF",
            Self::DataEnd => "a chunk is longer than its size",
            Self::TrailersTooLong => "the trailers are longer than 16 KiB",
            Self::TrailersEnd => "a line of the trailers does not end in CR LF",
        }
    }
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Chunked {
    at: At,
    /// Of the chunk's data, what has not come yet.
    left: u64,
    /// Bytes of the line, or of all trailers.
    skipped: u16,
}

impl Chunked {
    pub(super) fn is_over(&self) -> bool {
        self.at == At::Over
    }

    /// Why it does not go on.
    pub(super) fn broken(&self) -> Option<&'static str> {
        match self.at {
            At::Broken(why) => Some(why.what()),
            _ => None,
        }
    }

    /// How many bytes of data stand at the front afterwards. What comes behind the end of the body, or behind what is
    /// wrong, is left out.
    pub(super) fn decode(&mut self, bytes: &mut [u8]) -> usize {
        let (mut read, mut written) = (0, 0);
        while read < bytes.len() && !self.is_over() && self.broken().is_none() {
            if self.at == At::Data {
                let here = usize::try_from(self.left).unwrap_or(usize::MAX);
                let length = here.min(bytes.len() - read);
                if read != written {
                    bytes.copy_within(read..read + length, written);
                }
                read += length;
                written += length;
                self.left -= length as u64;
                if self.left == 0 {
                    self.at = At::DataCr;
                }
            } else {
                self.at = self.step(bytes[read]).unwrap_or_else(At::Broken);
                read += 1;
            }
        }
        written
    }

    /// Where it stands behind one byte that is no data.
    fn step(&mut self, byte: u8) -> Result<At, Wrong> {
        Ok(match (self.at, byte) {
            (At::Start | At::Size, b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F') => self.digit(byte)?,
            (At::Size | At::Space | At::Extension, b'\r') => At::LineEnd,
            (At::Size | At::Space, b'\t' | b' ') => {
                self.skip(CHUNK_LINE, At::Space, Wrong::LineTooLong)?
            }
            (At::Size | At::Space, b';') => {
                self.skip(CHUNK_LINE, At::Extension, Wrong::LineTooLong)?
            }
            (At::Start | At::Size | At::Space, _) => return Err(Wrong::Size),
            (At::Extension, b'\n') => return Err(Wrong::LineEnd),
            (At::Extension, _) => self.skip(CHUNK_LINE, At::Extension, Wrong::LineTooLong)?,
            (At::LineEnd, b'\n') => self.begin(),
            (At::LineEnd, _) => return Err(Wrong::LineEnd),
            (At::DataCr, b'\r') => At::DataLf,
            (At::DataLf, b'\n') => At::Start,
            (At::DataCr | At::DataLf, _) => return Err(Wrong::DataEnd),
            (At::Trailers, b'\r') => At::LastLf,
            (At::Trailer, b'\r') => At::TrailerEnd,
            (At::Trailers | At::Trailer, b'\n') => return Err(Wrong::TrailersEnd),
            (At::Trailers | At::Trailer, _) => {
                self.skip(TRAILERS, At::Trailer, Wrong::TrailersTooLong)?
            }
            (At::TrailerEnd, b'\n') => At::Trailers,
            (At::LastLf, b'\n') => At::Over,
            (At::TrailerEnd | At::LastLf, _) => return Err(Wrong::TrailersEnd),
            (At::Data | At::Over | At::Broken(_), _) => self.at,
        })
    }

    /// Leading zeros count as part of the line, so that there is an end to them.
    fn digit(&mut self, byte: u8) -> Result<At, Wrong> {
        let digit = char::from(byte).to_digit(16).ok_or(Wrong::Size)?;
        let shifted = self.left.checked_mul(16).ok_or(Wrong::TooLarge)?;
        self.left = shifted + u64::from(digit);
        self.skip(CHUNK_LINE, At::Size, Wrong::LineTooLong)
    }

    fn skip(&mut self, most: u16, to: At, or: Wrong) -> Result<At, Wrong> {
        self.skipped += 1;
        if self.skipped > most { Err(or) } else { Ok(to) }
    }

    /// The line before a chunk is over; the last chunk has no data.
    fn begin(&mut self) -> At {
        self.skipped = 0;
        if self.left == 0 {
            At::Trailers
        } else {
            At::Data
        }
    }
}

#[cfg(test)]
mod tests;
