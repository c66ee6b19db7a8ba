//! In: what is wrong with a server's certificate. Out: words for it.
//! Next: back to `../words.rs`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustls::CertificateError;
use rustls::pki_types::UnixTime;

use super::spelling::{Words, spelled, spelled_if_name, words};

const TRUST: &str = "check the server's certificate, or trust its issuer as an extra root";
const RENEW: &str = "renew the server's certificate, or correct this machine's clock";
const REPLACE: &str = "replace the server's certificate";
const NAME: &str = "use a name that the certificate is for, or issue it for this name";
const SIGNER: &str = "check the server's certificate, trust its issuer as an extra root, or use an RSA key of at \
                      least 2048 bits";
const KEYS: &str =
    "use a certificate with an RSA key of at least 2048 bits, or with ECDSA on P-256 or P-384";

pub(super) fn of(error: &CertificateError) -> Words {
    use CertificateError as Bad;
    match error {
        Bad::UnknownIssuer => certificate("is from an issuer that is not trusted", TRUST),
        Bad::Expired => certificate("has expired", RENEW),
        Bad::ExpiredContext { not_after, .. } => {
            certificate(&format!("expired on {}", date(*not_after)), RENEW)
        }
        Bad::NotValidYet => certificate("is not valid yet", RENEW),
        Bad::NotValidYetContext { not_before, .. } => {
            certificate(&format!("is not valid before {}", date(*not_before)), RENEW)
        }
        Bad::NotValidForName => certificate("is for another name", NAME),
        Bad::NotValidForNameContext {
            expected,
            presented,
        } => certificate(&for_another_name(&expected.to_str(), presented), NAME),
        Bad::Revoked => certificate("has been revoked", REPLACE),
        Bad::BadEncoding => certificate("is malformed", REPLACE),
        Bad::BadSignature => certificate(
            "has a signature that is not of a trusted issuer, or made with a key that is too short",
            SIGNER,
        ),
        Bad::UnsupportedSignatureAlgorithmContext { .. }
        | Bad::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            certificate("has a key or a signature that is not supported", KEYS)
        }
        Bad::InvalidPurpose | Bad::InvalidPurposeContext { .. } => certificate(
            "is not for servers (its extended key usage lacks serverAuth)",
            REPLACE,
        ),
        Bad::Other(error) => of_other(&error.to_string()),
        error => certificate(&format!("does not hold: {}", spelled(error)), TRUST),
    }
}

/// What rustls has no variant for comes with the name of webpki's.
fn of_other(name: &str) -> Words {
    match name {
        "CaUsedAsEndEntity" => certificate(
            "is a certification authority's, not a server's",
            "trust this very certificate as an extra root, or issue one with CA:FALSE",
        ),
        "UnsupportedCertVersion" => certificate(
            "is of X.509 version 1 or 2",
            "issue one of version 3, with the host in subjectAltName",
        ),
        name => certificate(&format!("does not hold: {}", spelled_if_name(name)), TRUST),
    }
}

fn certificate(what: &str, help: &'static str) -> Words {
    words(format!("the server's certificate {what}"), help)
}

/// At most this many names are shown.
const NAMES: usize = 5;

fn for_another_name(expected: &str, presented: &[String]) -> String {
    let mut names: Vec<_> = presented
        .iter()
        .take(NAMES)
        .map(|name| plain(name))
        .collect();
    if presented.len() > NAMES {
        names.push("…");
    }
    if names.is_empty() {
        format!("names no host in its subjectAltName, so it is not for {expected}")
    } else {
        format!("is for {}, not for {expected}", names.join(", "))
    }
}

/// webpki shows a name as `DnsName("a.example")`, which is of no use to a reader.
fn plain(name: &str) -> &str {
    let inside = name
        .split_once("(\"")
        .and_then(|(_, rest)| rest.strip_suffix("\")"));
    inside
        .or_else(|| {
            name.split_once('(')
                .and_then(|(_, rest)| rest.strip_suffix(')'))
        })
        .unwrap_or(name)
}

fn date(time: UnixTime) -> String {
    // Dates of HTTP end with the year 9999, as those of certificates do.
    let latest = Duration::from_secs(253_402_300_799);
    let time: SystemTime = UNIX_EPOCH + Duration::from_secs(time.as_secs()).min(latest);
    httpdate::fmt_http_date(time)
}
