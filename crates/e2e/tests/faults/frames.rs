//! Where the frames of HTTP/2 and the records of TLS end. In: bytes as they pass. Out: the first such place behind a
//! number of bytes.
//!
//! Next: `proxy.rs`, which cuts there.

/// GOAWAY of HTTP/2 (RFC 9113, 6.8): up to the greatest stream, for no reason.
pub(crate) const GOAWAY: [u8; 17] = [
    0, 0, 8, 7, 0, 0, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0,
];
/// GOAWAY that disowns every stream: "enhance your calm".
pub(crate) const GOAWAY_AT_ONCE: [u8; 17] = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 11];

/// A length-prefixed protocol.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Framing {
    header: usize,
    /// Where the length is in the header.
    length: (usize, usize),
}

/// RFC 9113, 4.1: a length of three bytes, and six more.
pub(crate) const HTTP2: Framing = Framing {
    header: 9,
    length: (0, 3),
};

/// RFC 8446, 5.1: a type, a version, a length of two bytes.
pub(crate) const TLS: Framing = Framing {
    header: 5,
    length: (3, 5),
};

/// Follows a stream of frames.
#[derive(Debug)]
pub(crate) struct Frames {
    framing: Framing,
    header: Vec<u8>,
    /// What is left of the frame whose header has passed.
    left: usize,
}

impl Frames {
    pub(crate) fn new(framing: Framing) -> Self {
        Self {
            framing,
            header: Vec::new(),
            left: 0,
        }
    }

    /// Passes the bytes, up to the first end of a frame at or behind `from`; `None` if that is not in them.
    pub(crate) fn pass(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        for (index, byte) in bytes.iter().enumerate() {
            if index >= from && self.header.is_empty() && self.left == 0 {
                return Some(index);
            }
            self.pass_byte(*byte);
        }
        let at_end = bytes.len() >= from && self.header.is_empty() && self.left == 0;
        at_end.then_some(bytes.len())
    }

    fn pass_byte(&mut self, byte: u8) {
        if self.left > 0 {
            self.left -= 1;
            return;
        }
        self.header.push(byte);
        if self.header.len() == self.framing.header {
            let (from, to) = self.framing.length;
            let length = &self.header[from..to];
            self.left = length
                .iter()
                .fold(0, |sum, byte| sum << 8 | usize::from(*byte));
            self.header.clear();
        }
    }
}

#[test]
fn frames_end_where_they_say() {
    let stream = [&[0, 0, 2, 0, 0, 0, 0, 0, 1, 7, 7][..], &[0; 9], &[0, 0, 1]].concat();
    assert_eq!(Frames::new(HTTP2).pass(&stream, 0), Some(0));
    assert_eq!(Frames::new(HTTP2).pass(&stream, 1), Some(11));
    assert_eq!(Frames::new(HTTP2).pass(&stream, 12), Some(20));
    assert_eq!(Frames::new(HTTP2).pass(&stream, 21), None);
    let mut pieces = Frames::new(TLS);
    assert_eq!(pieces.pass(&[22, 3, 3], 1), None);
    assert_eq!(pieces.pass(&[0, 1, 9, 23], 0), Some(3));
}
