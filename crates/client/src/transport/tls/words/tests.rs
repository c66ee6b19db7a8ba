use std::sync::Arc;

use rustls::{CertificateError, OtherError, PeerIncompatible};

use super::*;

fn told(error: Error) -> String {
    let error = io::Error::new(io::ErrorKind::InvalidData, error);
    of_handshake(&error).detail
}

#[test]
fn names_of_variants_are_spelled_as_words() {
    let other =
        |text: &'static str| OtherError(Arc::from(Box::<dyn StdError + Send + Sync>::from(text)));
    let table = [
        (
            Error::AlertReceived(AlertDescription::UnknownCA),
            "alert 'unknown ca'",
        ),
        (
            Error::AlertReceived(AlertDescription::ProtocolVersion),
            "alert 'protocol version'",
        ),
        (
            Error::AlertReceived(AlertDescription::Unknown(200)),
            "alert '200'",
        ),
        (
            Error::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13),
            "server does not support tls12 or13",
        ),
        (
            Error::InvalidCertificate(CertificateError::Other(other("NameConstraintViolation"))),
            "the server's certificate does not hold: name constraint violation",
        ),
        (
            Error::InvalidCertificate(CertificateError::Other(other("CaUsedAsEndEntity"))),
            "the server's certificate is a certification authority's, not a server's",
        ),
        (
            Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure),
            "the server's certificate does not hold: application verification failure",
        ),
        (Error::Other(other("a text as it is")), "a text as it is"),
        (Error::General("the same".to_owned()), "the same"),
    ];
    for (error, expected) in table {
        let detail = told(error);
        assert!(detail.ends_with(expected), "{detail}");
    }
}

#[test]
fn what_is_wrapped_in_layers_is_found() {
    let alert = Error::AlertReceived(AlertDescription::InternalError);
    let inner = io::Error::new(io::ErrorKind::InvalidData, alert);
    let outer = io::Error::other(io::Error::other(inner));
    assert_eq!(
        of(&outer).unwrap().detail,
        "the server broke off: alert 'internal error'"
    );
    assert!(of(&io::Error::other("nothing of TLS")).is_none());
    assert!(of(&io::Error::from(io::ErrorKind::UnexpectedEof)).is_none());
}

#[test]
fn names_in_a_certificate_are_shown_without_their_kind() {
    let presented = [
        "DnsName(\"a.example\")",
        "IpAddress(127.0.0.1)",
        "b.example",
    ];
    let error = |presented: &[&str]| CertificateError::NotValidForNameContext {
        expected: "c.example".try_into().unwrap(),
        presented: presented.iter().map(|&name| name.to_owned()).collect(),
    };
    assert_eq!(
        told(error(&presented).into()),
        "the server's certificate is for a.example, 127.0.0.1, b.example, not for c.example"
    );
    assert_eq!(
        told(error(&[]).into()),
        "the server's certificate names no host in its subjectAltName, so it is not for c.example"
    );
    assert!(told(error(&["a"; 9]).into()).contains("is for a, a, a, a, a, …, not"));
}
