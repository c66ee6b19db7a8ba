//! Where lines end. Next: `encoding.rs`.

use super::{Vector, vector};

const S: &str = "9.2.5";
const P: &str = "9.2.6";

pub(super) const VECTORS: &[Vector] = &[
    vector(
        "empty_body",
        P,
        "an end of body alone dispatches nothing",
        b"",
        &[],
    ),
    vector(
        "blank_lines_only",
        P,
        "a blank line without data fires nothing",
        b"\n\r\n\r\r\n\n",
        &[],
    ),
    vector("lf", S, "LF ends a line", b"data: a\n\n", &["event 'a'"]),
    vector(
        "cr",
        S,
        "CR alone ends a line",
        b"data: a\r\r",
        &["event 'a'"],
    ),
    vector(
        "crlf",
        S,
        "CRLF is one line end, not two",
        b"data: a\r\ndata: b\r\n\r\n",
        &[r"event 'a\nb'"],
    ),
    vector(
        "crlf_after_cr_is_not_a_blank_line",
        P,
        "CRLF cut between two chunks must not dispatch",
        b"data:a\r\ndata:b\n\n",
        &[r"event 'a\nb'"],
    ),
    vector(
        "lf_cr_is_two_line_ends",
        S,
        "LF then CR are two line ends",
        b"data: a\n\rdata: b\n\n",
        &["event 'a'", "event 'b'"],
    ),
    vector(
        "cr_cr_lf_lf",
        S,
        "mixed line ends are legal",
        b"data: 1\r\r\n\n",
        &["event '1'"],
    ),
    vector(
        "cr_blank_line_dispatches_without_a_next_byte",
        P,
        "the second CR is a blank line whether or not LF follows",
        b"data: a\r\r",
        &["event 'a'"],
    ),
    vector(
        "one_body_with_every_line_end",
        S,
        "each line may end in its own way",
        b"data: a\rdata: b\r\ndata: c\n\r\ndata: d\r\n\rdata: e\n\n",
        &[r"event 'a\nb\nc'", "event 'd'", "event 'e'"],
    ),
    vector(
        "line_separator_is_text",
        S,
        "U+2028 does not end a line",
        "data: a\u{2028}data: b\n\n".as_bytes(),
        &[r"event 'a\u{2028}data: b'"],
    ),
    vector(
        "paragraph_separator_is_text",
        S,
        "U+2029 does not end a line",
        "data: a\u{2029}b\n\n".as_bytes(),
        &[r"event 'a\u{2029}b'"],
    ),
    vector(
        "next_line_is_text",
        S,
        "U+0085 does not end a line",
        "data: a\u{85}b\n\n".as_bytes(),
        &[r"event 'a\u{85}b'"],
    ),
    vector(
        "vertical_tab_and_form_feed_are_text",
        S,
        "VT and FF do not end a line",
        b"data: a\x0Bb\x0Cc\n\n",
        &[r"event 'a\u{b}b\u{c}c'"],
    ),
    vector(
        "separators_of_ascii_are_text",
        S,
        "FS, GS, RS and US do not end a line",
        b"data: a\x1Cb\x1Dc\x1Ed\x1Fe\n\n",
        &[r"event 'a\u{1c}b\u{1d}c\u{1e}d\u{1f}e'"],
    ),
    vector(
        "last_line_without_end",
        P,
        "an unfinished line is not a line",
        b"data: a\n\nretry: 5",
        &["event 'a'"],
    ),
    vector(
        "block_without_end",
        P,
        "pending data is discarded at the end of the body",
        b"data: a\n\ndata: b\n",
        &["event 'a'"],
    ),
    vector(
        "block_ended_by_cr_at_the_end",
        P,
        "a last CR is a whole line end",
        b"data: a\n\r",
        &["event 'a'"],
    ),
];
