use wellspring::transport::{TransportError, TransportErrorKind};
use wellspring::{BuildError, Failure, LimitExceeded};
use wellspring_proto::{Batch, Decoder, Limits};

use super::*;

/// What a user cannot type.
fn is_typed(text: &str) {
    for library in [
        "Limits::",
        "extra root",
        "builder",
        "TransportOptions",
        "policy",
        "`",
        "::",
    ] {
        assert!(!text.contains(library), "{text}");
    }
}

fn exceeded(limits: Limits, stream: &[u8]) -> LimitExceeded {
    let mut decoder = Decoder::with_limits(limits);
    decoder.decode_into(stream, &mut Batch::new()).unwrap_err()
}

#[test]
fn limits_are_raised_with_options() {
    let default = Limits::default;
    let cases = [
        (
            default().with_line(2),
            &b"data: abc\n\n"[..],
            "raise --max-line",
        ),
        (
            default().with_event(2),
            b"data: ab\ndata: c\n\n",
            "raise --max-event",
        ),
        (default().with_id(2), b"id: abc\n\n", "raise --max-id"),
    ];
    for (limits, stream, says) in cases {
        let text = of(exceeded(limits, stream));
        is_typed(&text);
        assert!(text.contains(says), "{text}");
    }
}

#[test]
fn errors_name_what_can_be_typed() {
    use TransportErrorKind as Kind;
    let kinds = [
        Kind::Dns,
        Kind::Connect,
        Kind::ConnectTimeout,
        Kind::Tls,
        Kind::Proxy,
        Kind::Protocol,
        Kind::Closed,
        Kind::Body,
        Kind::ContentCoding,
        Kind::InvalidRequest,
    ];
    for kind in kinds {
        let error = TransportError::new(kind, "host:80", "why");
        let text = with_help(&error, Some(error.help()));
        is_typed(&text);
        assert!(text.contains("why") && text.ends_with(')'), "{text}");
    }
    for failure in [
        Failure::NotRepeated,
        Failure::Attempts(3),
        Failure::Truncated,
    ] {
        is_typed(&of(failure));
    }
    let error = BuildError::Body {
        method: "GET".to_owned(),
    };
    assert!(of(error).contains("-X POST"));
}

#[test]
fn an_error_is_one_line_without_secrets() {
    let error = TransportError::new(TransportErrorKind::Connect, "http://h/?token=a", "\u{1b}");
    let text = of(error);
    assert!(
        text.contains("token=***") && text.contains("\\u{1b}"),
        "{text}"
    );
}
