//! In: an error of a TLS handshake, or one that came out of the encrypted stream. Out: what happened in plain words, and
//! what to do about it. rustls names most of its errors by the variants of its enums; none of these names is shown as is.
//! Next: back to `../tls.rs`.

mod certificate;
mod spelling;
#[cfg(test)]
mod tests;

use std::error::Error as StdError;
use std::fmt::Debug;
use std::io;

use rustls::{AlertDescription, Error, InvalidMessage};

pub(in crate::transport) use self::spelling::Words;
use self::spelling::{spelled, spelled_if_name, words};

const NO_TLS_THERE: &str =
    "check that the URL's port speaks TLS; a server without it needs http:// in place of https://";
const NOTHING_IN_COMMON: &str = "let the server speak TLS 1.3, or 1.2 with ECDHE";
const CLIENT_CERTIFICATE: &str = "give a client certificate that the server trusts";
const TRY_AGAIN: &str = "the server or a proxy in between closed the connection; try again";
/// How rustls begins its text about an end without `close_notify`, before the address of a manual.
const NO_CLOSE_NOTIFY: &str = "peer closed connection without sending TLS close_notify";

/// The words for the first TLS error in the chain of causes; `None` when there is none.
pub(in crate::transport) fn of(error: &(dyn StdError + 'static)) -> Option<Words> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<Error>() {
            return Some(of_rustls(error));
        }
        if let Some(error) = error.downcast_ref::<io::Error>() {
            // What an I/O error wraps is not its source but the one behind it.
            if let Some(inner) = error.get_ref()
                && let Some(words) = of(inner)
            {
                return Some(words);
            }
            if error.kind() == io::ErrorKind::UnexpectedEof
                && error.to_string().starts_with(NO_CLOSE_NOTIFY)
            {
                let detail =
                    "the connection ended without TLS's close_notify, so something may be missing";
                return Some(words(detail, TRY_AGAIN));
            }
        }
        next = error.source();
    }
    None
}

/// The words for what broke the handshake off, whatever it was.
pub(super) fn of_handshake(error: &io::Error) -> Words {
    if let Some(words) = of(error) {
        return words;
    }
    if error.kind() == io::ErrorKind::UnexpectedEof {
        let detail = "the server closed the connection in the middle of the handshake";
        return words(detail, NO_TLS_THERE);
    }
    words(error.to_string(), NO_TLS_THERE)
}

fn of_rustls(error: &Error) -> Words {
    match error {
        Error::InvalidCertificate(error) => certificate::of(error),
        Error::AlertReceived(alert) => of_alert(*alert),
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            words("the server does not answer in TLS", NO_TLS_THERE)
        }
        Error::InvalidMessage(reason) => {
            let detail = format!(
                "the server sent a message that is not valid: {}",
                spelled(reason)
            );
            words(detail, NO_TLS_THERE)
        }
        Error::InappropriateMessage { got_type, .. } => unexpected(got_type),
        Error::InappropriateHandshakeMessage { got_type, .. } => unexpected(got_type),
        Error::PeerIncompatible(reason) => {
            let detail = format!(
                "the server and this client have nothing in common: {}",
                spelled(reason)
            );
            words(detail, NOTHING_IN_COMMON)
        }
        Error::PeerMisbehaved(reason) => {
            let detail = format!("the server breaks the rules of TLS: {}", spelled(reason));
            words(detail, "correct or update the server's TLS library")
        }
        Error::General(text) => words(text.clone(), None),
        Error::InconsistentKeys(_) => words(
            "the client certificate and its private key do not belong together",
            "give the key of this certificate",
        ),
        Error::Other(error) => words(spelled_if_name(&error.to_string()), None),
        error => words(spelled_if_name(&error.to_string()), None),
    }
}

fn unexpected(got: &impl Debug) -> Words {
    let detail = format!("the server sent {} out of turn", spelled(got));
    words(detail, NO_TLS_THERE)
}

fn of_alert(alert: AlertDescription) -> Words {
    use AlertDescription as Alert;
    let name = match alert {
        Alert::Unknown(number) => number.to_string(),
        alert => spelled(&alert),
    };
    match alert {
        Alert::HandshakeFailure | Alert::ProtocolVersion | Alert::InsufficientSecurity => {
            let detail =
                format!("the server found nothing in common with this client: alert '{name}'");
            words(detail, NOTHING_IN_COMMON)
        }
        Alert::CertificateRequired | Alert::NoCertificate => {
            let detail = format!("the server requires a client certificate: alert '{name}'");
            words(detail, CLIENT_CERTIFICATE)
        }
        Alert::BadCertificate
        | Alert::UnsupportedCertificate
        | Alert::CertificateRevoked
        | Alert::CertificateExpired
        | Alert::CertificateUnknown
        | Alert::UnknownCA
        | Alert::AccessDenied => {
            let detail = format!("the server refused the client certificate: alert '{name}'");
            words(detail, CLIENT_CERTIFICATE)
        }
        Alert::UnrecognisedName => words(
            format!("the server has no certificate for this name: alert '{name}'"),
            "use a host name that the server knows",
        ),
        Alert::NoApplicationProtocol => words(
            format!("the server speaks none of the HTTP versions offered: alert '{name}'"),
            "let the server speak HTTP/1.1 or HTTP/2",
        ),
        _ => words(
            format!("the server broke off: alert '{name}'"),
            NO_TLS_THERE,
        ),
    }
}
