use super::{MAX_FIELDS, escape, fields, unescape};

fn read(text: &[u8]) -> Result<Vec<(String, String)>, String> {
    let read = fields(text).map_err(|refusal| refusal.to_string())?;
    Ok(read
        .into_iter()
        .map(|field| (field.name, field.value))
        .collect())
}

#[test]
fn fields_are_what_the_standard_says() {
    let mut random = fastrand::Rng::with_seed(3);
    for _ in 0..20_000 {
        let length = random.usize(..24);
        let text: Vec<u8> = (0..length)
            .map(|_| b"ab=&%2+B0fF;\n?#"[random.usize(..15)])
            .collect();
        let usual = url::form_urlencoded::parse(&text);
        let usual: Vec<_> = usual
            .map(|(a, b)| (a.into_owned(), b.into_owned()))
            .collect();
        match read(&text) {
            Ok(fields) => assert_eq!(fields, usual, "{text:?}"),
            Err(_) => assert!(
                usual
                    .iter()
                    .any(|(a, b)| format!("{a}{b}").contains('\u{FFFD}'))
            ),
        }
    }
}

#[test]
fn what_is_not_utf8_is_named() {
    for (text, says) in [
        (&b"a=%FF"[..], "The value of field 1 is not UTF-8."),
        (b"&a=1&%C3=2", "The name of field 2 is not UTF-8."),
        (b"a=\xff", "The value of field 1 is not UTF-8."),
    ] {
        assert_eq!(read(text), Err(says.to_owned()));
    }
    assert_eq!(read(b"a=%C3%A9").unwrap()[0].1, "\u{e9}");
}

#[test]
fn there_are_not_more_fields_than_that() {
    assert_eq!(
        fields("a&".repeat(MAX_FIELDS).as_bytes()).unwrap().len(),
        MAX_FIELDS
    );
    assert!(fields("a&".repeat(MAX_FIELDS + 1).as_bytes()).is_err());
}

#[test]
fn a_segment_goes_there_and_back() {
    assert_eq!(
        escape("https://a.example/{id}?a+b"),
        "https%3A%2F%2Fa.example%2F%7Bid%7D%3Fa%2Bb"
    );
    for text in ["", "a/b c+d", "\u{e9}\u{1f600}%2F", "~._-", "%"] {
        assert_eq!(unescape(&escape(text)).as_deref(), Some(text));
    }
    assert_eq!(unescape("a+b").as_deref(), Some("a+b"));
    assert_eq!(unescape("%FF"), None);
}
