//! Variables that Mercure's own hub is set up with. In: the environment. Out: the same as our options.
//!
//! Next: back to `../layers.rs`.

use super::given::Given;

/// Its variables, and our options.
const SAME: [(&str, &str); 4] = [
    ("MERCURE_PUBLISHER_JWT_KEY", "publisher-key"),
    ("MERCURE_PUBLISHER_JWT_ALG", "publisher-alg"),
    ("MERCURE_SUBSCRIBER_JWT_KEY", "subscriber-key"),
    ("MERCURE_SUBSCRIBER_JWT_ALG", "subscriber-alg"),
];

/// Where the server is, for that hub and for many others, so it counts only beside one of those above.
const SERVER_NAME: &str = "SERVER_NAME";

pub(super) fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Vec<Given> {
    let mut given: Vec<Given> = Vec::new();
    for (theirs, ours) in SAME {
        if let Some(value) = variable(theirs).filter(|value| !value.is_empty()) {
            given.push(Given {
                name: ours.to_owned(),
                value: Some(value),
            });
        }
    }
    if given.is_empty() {
        return given;
    }
    if let Some(name) = variable(SERVER_NAME) {
        given.extend(of_server_name(name.trim()));
    }
    given
}

/// `example.org`, `:80`, `http://example.org:3000`: what is listened on is every address, as there.
fn of_server_name(name: &str) -> Vec<Given> {
    let given = |name: &str, value: String| Given {
        name: name.to_owned(),
        value: Some(value),
    };
    // Of several, the first.
    let first = name.split([',', ' ']).next().unwrap_or_default();
    let (scheme, rest) = first.split_once("://").unwrap_or(("https", first));
    let rest = rest.trim_end_matches('/');
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => (host, Some(port)),
        _ => (rest, None),
    };
    let mut all = Vec::new();
    if let Some(port) = port {
        all.push(given("port", port.to_owned()));
    }
    if port.is_some() || !host.is_empty() {
        all.push(given("host", "0.0.0.0".to_owned()));
    }
    if !host.is_empty() {
        all.push(given("public-url", format!("{scheme}://{rest}")));
    }
    all
}

#[cfg(test)]
mod tests;
