use super::*;

fn shown(variables: &[(&str, &str)]) -> Vec<String> {
    let find = |name: &str| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    let given = of_environment(find).into_iter();
    given
        .map(|one| format!("{}={}", one.name, one.value.unwrap()))
        .collect()
}

#[test]
fn their_variables_are_our_options() {
    const KEY: (&str, &str) = ("MERCURE_PUBLISHER_JWT_KEY", "secret");
    type Row = (
        &'static [(&'static str, &'static str)],
        &'static [&'static str],
    );
    let rows: [Row; 8] = [
        (&[], &[]),
        // A name of a server alone says nothing about a hub.
        (&[("SERVER_NAME", ":80")], &[]),
        (&[("MERCURE_PUBLISHER_JWT_KEY", "")], &[]),
        (
            &[KEY, ("MERCURE_PUBLISHER_JWT_ALG", "RS256")],
            &["publisher-key=secret", "publisher-alg=RS256"],
        ),
        (
            &[KEY, ("SERVER_NAME", ":3000")],
            &["publisher-key=secret", "port=3000", "host=0.0.0.0"],
        ),
        (
            &[KEY, ("SERVER_NAME", "hub.example")],
            &[
                "publisher-key=secret",
                "host=0.0.0.0",
                "public-url=https://hub.example",
            ],
        ),
        (
            &[KEY, ("SERVER_NAME", "http://hub.example:81, other")],
            &[
                "publisher-key=secret",
                "port=81",
                "host=0.0.0.0",
                "public-url=http://hub.example:81",
            ],
        ),
        (
            &[
                ("MERCURE_SUBSCRIBER_JWT_KEY", "s"),
                ("MERCURE_SUBSCRIBER_JWT_ALG", "HS512"),
            ],
            &["subscriber-key=s", "subscriber-alg=HS512"],
        ),
    ];
    for (variables, expected) in rows {
        assert_eq!(shown(variables), expected, "{variables:?}");
    }
}
