//! BOM, UTF-8 and its ruins. Next: `fields.rs`.

use super::{Vector, vector};

const P: &str = "9.2.6";

pub(super) const VECTORS: &[Vector] = &[
    vector(
        "leading_bom",
        P,
        "a leading BOM is no part of the first field's name",
        b"\xEF\xBB\xBFdata: a\n\n",
        &["event 'a'"],
    ),
    vector(
        "bom_alone",
        P,
        "a body may be nothing but a BOM",
        b"\xEF\xBB\xBF",
        &[],
    ),
    vector(
        "second_bom_is_text",
        P,
        "only one BOM is stripped, the next begins an unknown field",
        b"\xEF\xBB\xBF\xEF\xBB\xBFdata: a\n\ndata: b\n\n",
        &["event 'b'"],
    ),
    vector(
        "later_bom_is_text",
        P,
        "a BOM after the first line is not stripped",
        "\u{FEFF}data:1\n\n\u{FEFF}data:2\n\ndata:3".as_bytes(),
        &["event '1'"],
    ),
    vector(
        "bom_in_a_value",
        P,
        "a BOM in data is kept",
        "data: \u{FEFF}a\n\n".as_bytes(),
        &[r"event '\u{feff}a'"],
    ),
    vector(
        "half_a_bom",
        P,
        "two bytes of a BOM are broken UTF-8 in an unknown field's name",
        b"\xEF\xBBdata: a\n\ndata: b\n\n",
        &["event 'b'"],
    ),
    vector(
        "bom_of_utf16",
        P,
        "the stream is always UTF-8",
        b"\xFE\xFFdata: a\n\ndata: b\n\n",
        &["event 'b'"],
    ),
    vector(
        "multibyte_text",
        P,
        "characters of two, three and four bytes",
        "data: é€\u{1F600}日\n\n".as_bytes(),
        &[r"event 'é\u{20ac}\u{1f600}日'"],
    ),
    vector(
        "one_bad_byte",
        P,
        "one bad byte is one U+FFFD and the stream goes on",
        b"data: a\xFFb\n\ndata: c\n\n",
        &[r"event 'a\u{fffd}b'", "event 'c'"],
    ),
    vector(
        "truncated_character_before_a_line_end",
        P,
        "a character cut short is one U+FFFD and takes no line end with it",
        b"data: \xF0\x9F\x98\ndata: b\n\n",
        &[r"event '\u{fffd}\nb'"],
    ),
    vector(
        "truncated_character_before_another",
        P,
        "replacement covers the maximal subpart only",
        b"data: \xE2\x82\xC3\xA9\n\n",
        &[r"event '\u{fffd}é'"],
    ),
    vector(
        "overlong_surrogate_and_too_large",
        P,
        "bytes that no character begins with are replaced one by one",
        b"data: \xC0\xAF \xED\xA0\x80 \xF4\x90\x80\x80\n\n",
        &[r"event '\u{fffd}\u{fffd} \u{fffd}\u{fffd}\u{fffd} \u{fffd}\u{fffd}\u{fffd}\u{fffd}'"],
    ),
    vector(
        "truncated_character_at_the_end",
        P,
        "a character cut by the end of the body dispatches nothing",
        b"data: a\n\ndata: \xE2\x82",
        &["event 'a'"],
    ),
    vector(
        "bad_bytes_in_a_name",
        P,
        "broken UTF-8 in a name makes it unknown",
        b"da\x80ta: a\ndata: b\n\n",
        &["event 'b'"],
    ),
    vector(
        "bad_bytes_in_type_id_and_comment",
        P,
        "every value is decoded alike",
        b":\x80\nevent: \xC3\nid: \xFF\ndata\n\n",
        &[
            r"comment '\u{fffd}'",
            r"event '' type '\u{fffd}' id '\u{fffd}'",
        ],
    ),
    vector(
        "nul_in_data",
        P,
        "NUL is text",
        b"data: a\0b\n\n",
        &[r"event 'a\0b'"],
    ),
    vector(
        "nul_in_a_name",
        P,
        "NUL in a name makes it unknown",
        b"data\0: a\n\ndata: b\n\n",
        &["event 'b'"],
    ),
    vector(
        "nul_in_a_type",
        P,
        "only id forbids NUL",
        b"event: a\0b\ndata\n\n",
        &[r"event '' type 'a\0b'"],
    ),
];
