use super::*;

fn given(text: &str) -> Result<Vec<String>, String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let given = of_file(file.path()).map_err(|ending| ending.to_string())?;
    let words = given.into_iter().map(|one| match one.value {
        Some(value) => format!("{}={value}", one.name),
        None => one.name,
    });
    Ok(words.collect())
}

#[test]
fn a_file_has_the_options_by_their_names() {
    let text = "anonymous = true\nsubscriptions = false\nport = 8081\nlifetime = 1.5\n\
                cors = [\"https://a.example\", \"https://b.example\"]\npublic-url = \"https://a.example\"\n";
    let mut words = given(text).unwrap();
    words.sort();
    let expected = [
        "anonymous",
        "cors=https://a.example",
        "cors=https://b.example",
        "lifetime=1.5",
        "port=8081",
        "public-url=https://a.example",
    ];
    assert_eq!(words, expected);
}

#[test]
fn what_is_wrong_in_a_file_is_named_and_no_secret_shown() {
    for (text, says) in [
        ("prot = 1\n", "there is no option \"prot\""),
        ("config = \"x\"\n", "there is no option \"config\""),
        ("[port]\n", "port is a text, a number"),
        ("cors = [[1]]\n", "cors is a text, a number"),
        ("port = 1\npublisher-key = \"do-not-show", "line 2"),
    ] {
        let refused = given(text).unwrap_err();
        assert!(
            refused.contains(says) && !refused.contains("do-not-show"),
            "{refused}"
        );
    }
}

/// An option, with a value or without.
type Row = (&'static str, Option<&'static str>);

fn complete_with<const N: usize>(words: &[&str], layers: [&[Row]; N]) -> Result<args::Hub, String> {
    let words: Vec<OsString> = words.iter().map(OsString::from).collect();
    let all = Args::command().try_get_matches_from(&words).unwrap();
    let given = |row: &Row| Given {
        name: row.0.to_owned(),
        value: row.1.map(str::to_owned),
    };
    let layers = layers.map(|layer| layer.iter().map(given).collect());
    let matches = all.subcommand_matches("hub").unwrap();
    parse(words, matches, layers).map_err(|ending| ending.to_string())
}

#[test]
fn what_comes_first_counts() {
    let file: &[Row] = &[("port", Some("1")), ("anonymous", None)];
    let others: &[Row] = &[("port", Some("3")), ("lifetime", Some("9"))];
    let both = complete_with(&["wellspring", "hub"], [file, others]).unwrap();
    assert_eq!(
        (both.port, both.anonymous, both.lifetime.as_secs()),
        (Some(1), true, 9)
    );
    let said = complete_with(&["wellspring", "hub", "--port", "2"], [file, others]).unwrap();
    assert_eq!((said.port, said.anonymous), (Some(2), true));
    let list: &[Row] = &[
        ("cors", Some("https://a.example")),
        ("cors", Some("https://b.example")),
    ];
    assert_eq!(
        complete_with(&["wellspring", "hub"], [list, list])
            .unwrap()
            .cors
            .len(),
        2
    );
    let wrong = complete_with(&["wellspring", "hub"], [&[("port", Some("x"))]]).unwrap_err();
    assert!(
        wrong.contains("invalid value 'x' for '--port <P>'"),
        "{wrong}"
    );
}
