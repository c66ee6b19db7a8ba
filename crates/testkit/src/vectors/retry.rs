//! The reconnection time. Next: `dispatch.rs`.

use super::{Vector, vector};

const P: &str = "9.2.6";

pub(super) const VECTORS: &[Vector] = &[
    vector(
        "retry",
        P,
        "digits are milliseconds",
        b"retry: 2500\n\n",
        &["retry 2500"],
    ),
    vector(
        "retry_works_at_once",
        P,
        "no blank line is needed",
        b"retry: 250\n",
        &["retry 250"],
    ),
    vector(
        "retry_before_its_event",
        P,
        "it does not wait for the dispatch",
        b"data: a\nretry: 1\nretry: 2\n\n",
        &["retry 1", "retry 2", "event 'a'"],
    ),
    vector(
        "retry_zero",
        P,
        "zero is an integer; what to do with it is the source's business",
        b"retry: 0\n",
        &["retry 0"],
    ),
    vector(
        "retry_leading_zeros",
        P,
        "base ten whatever it begins with",
        b"retry: 007\nretry:08\n",
        &["retry 7", "retry 8"],
    ),
    vector(
        "retry_without_space",
        P,
        "the space is optional",
        b"retry:10\n",
        &["retry 10"],
    ),
    vector(
        "retry_empty",
        P,
        "no digits make no integer",
        b"retry:\nretry: \nretry\ndata: a\n\n",
        &["event 'a'"],
    ),
    vector(
        "retry_with_sign",
        P,
        "signs are no digits",
        b"retry: +5\nretry: -1\n",
        &[],
    ),
    vector(
        "retry_with_spaces",
        P,
        "a second or a trailing space is no digit",
        b"retry:  5\nretry: 5 \nretry:\t5\n",
        &[],
    ),
    vector(
        "retry_exponent_fraction_hex",
        P,
        "only a plain integer counts",
        b"retry: 1e3\nretry: 1.5\nretry: 0x10\nretry: 1000x\nretry: 1_000\n",
        &[],
    ),
    vector(
        "retry_full_width_digits",
        P,
        "ASCII digits only",
        "retry: \u{FF15}\nretry: \u{0665}\n".as_bytes(),
        &[],
    ),
    vector("retry_with_nul", P, "NUL is no digit", b"retry: 5\0\n", &[]),
    vector(
        "retry_bad_does_not_undo_good",
        P,
        "an ignored value leaves the time alone",
        b"retry: 5\nretry: x\n",
        &["retry 5"],
    ),
    vector(
        "retry_at_the_edge",
        P,
        "the largest 64-bit value is kept",
        b"retry: 18446744073709551615\n",
        &["retry 18446744073709551615"],
    ),
    vector(
        "retry_beyond_the_edge",
        P,
        "a larger value saturates instead of wrapping to a tight loop",
        b"retry: 18446744073709551616\nretry: 99999999999999999999999\n",
        &["retry 18446744073709551615", "retry 18446744073709551615"],
    ),
    vector(
        "retry_huge_with_leading_zeros",
        P,
        "length is not size",
        b"retry: 000000000000000000000000005\n",
        &["retry 5"],
    ),
];
