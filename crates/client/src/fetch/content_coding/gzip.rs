//! The coding `gzip` (RFC 1952). In: members, one after the other. Out: what they hold; their headers are skipped, their
//! check sums are checked, what follows the last one is ignored.
//! Next: `brotli.rs`.

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::decoded::Coding;

pub(super) struct Gzip {
    part: Part,
    inflate: Decompress,
    crc: Crc,
}

/// The part of a member that comes next.
enum Part {
    Header(Header),
    Data,
    /// Check sum and length, as far as they have come.
    Trailer([u8; 8], usize),
    /// Another member may follow.
    End,
    /// Something else has followed.
    Ignored,
}

impl Gzip {
    pub(super) fn new() -> Self {
        Self {
            part: Part::Header(Header::default()),
            inflate: Decompress::new(false),
            crc: Crc::new(),
        }
    }

    /// Takes one byte of anything but data.
    fn take(&mut self, byte: u8) -> Result<(), &'static str> {
        match &mut self.part {
            Part::Header(header) => {
                if header.take(byte)? {
                    self.part = Part::Data;
                }
            }
            Part::Trailer(bytes, count) => {
                bytes[*count] = byte;
                *count += 1;
                if *count == bytes.len() {
                    check(*bytes, &self.crc)?;
                    self.part = Part::End;
                }
            }
            Part::End if byte == MAGIC[0] => {
                self.inflate.reset(false);
                self.crc.reset();
                let mut header = Header::default();
                header.take(byte)?;
                self.part = Part::Header(header);
            }
            Part::End => self.part = Part::Ignored,
            Part::Data | Part::Ignored => {}
        }
        Ok(())
    }

    fn inflate(&mut self, input: &[u8], output: &mut [u8]) -> Result<(usize, usize), &'static str> {
        let (read, written) = (self.inflate.total_in(), self.inflate.total_out());
        let status = self
            .inflate
            .decompress(input, output, FlushDecompress::None);
        let status = status.map_err(|_| "the compressed data is corrupt")?;
        let read = length(self.inflate.total_in() - read);
        let written = length(self.inflate.total_out() - written);
        self.crc.update(&output[..written]);
        if status == Status::StreamEnd {
            self.part = Part::Trailer([0; 8], 0);
        }
        Ok((read, written))
    }
}

impl Coding for Gzip {
    const NAME: &'static str = "gzip";

    fn decode(&mut self, input: &[u8], output: &mut [u8]) -> Result<(usize, usize), &'static str> {
        let mut read = 0;
        loop {
            match self.part {
                Part::Data => {
                    let (taken, written) = self.inflate(&input[read..], output)?;
                    read += taken;
                    if written > 0 || matches!(self.part, Part::Data) {
                        return Ok((read, written));
                    }
                }
                Part::Ignored => return Ok((input.len(), 0)),
                _ if read == input.len() => return Ok((read, 0)),
                _ => {
                    self.take(input[read])?;
                    read += 1;
                }
            }
        }
    }

    fn may_end(&self) -> bool {
        matches!(self.part, Part::End | Part::Ignored)
    }
}

/// Converts what is at most the length of a slice.
fn length(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn check(trailer: [u8; 8], crc: &Crc) -> Result<(), &'static str> {
    let [sum, length] = [&trailer[..4], &trailer[4..]].map(|bytes| {
        let value = |value, &byte: &u8| value << 8 | u32::from(byte);
        bytes.iter().rev().fold(0, value)
    });
    if sum == crc.sum() && length == crc.amount() {
        Ok(())
    } else {
        Err("the check sum is wrong")
    }
}

const MAGIC: [u8; 3] = [0x1F, 0x8B, 8];

/// The head of a member, as far as it has come.
#[derive(Default)]
struct Header {
    /// Which fields are still to come.
    flags: u8,
    field: Field,
    /// How many bytes of the field have come.
    count: usize,
    /// How many extra bytes there are.
    extra: usize,
}

/// The field of a header that comes next.
#[derive(Clone, Copy, Default)]
enum Field {
    #[default]
    Fixed,
    Extra,
    Name,
    Comment,
    CheckSum,
}

impl Header {
    /// How long the fields are that every header has.
    const FIXED: usize = 10;
    /// The fields that a flag announces, in their order.
    const FIELDS: [(u8, Field); 4] = [
        (4, Field::Extra),
        (8, Field::Name),
        (16, Field::Comment),
        (2, Field::CheckSum),
    ];

    /// Takes one byte; whether it was the last one.
    fn take(&mut self, byte: u8) -> Result<bool, &'static str> {
        let position = self.count;
        self.count += 1;
        let over = match self.field {
            Field::Fixed => {
                self.take_fixed(position, byte)?;
                self.count == Self::FIXED
            }
            Field::Extra => {
                if position < 2 {
                    self.extra |= usize::from(byte) << (8 * position);
                }
                position > 0 && self.count == 2 + self.extra
            }
            Field::Name | Field::Comment => byte == 0,
            Field::CheckSum => self.count == 2,
        };
        Ok(over && self.is_complete())
    }

    fn take_fixed(&mut self, position: usize, byte: u8) -> Result<(), &'static str> {
        const RESERVED: u8 = 0xE0;
        match MAGIC.get(position) {
            Some(expected) if byte != *expected => Err("the body is not gzip data"),
            None if position == MAGIC.len() && byte & RESERVED != 0 => {
                Err("the gzip header has unknown flags")
            }
            None if position == MAGIC.len() => {
                self.flags = byte;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Goes on to the next field; whether there is none.
    fn is_complete(&mut self) -> bool {
        let next = Self::FIELDS.iter().find(|(flag, _)| self.flags & flag != 0);
        let Some((flag, field)) = next else {
            return true;
        };
        self.flags &= !flag;
        self.field = *field;
        self.count = 0;
        false
    }
}
