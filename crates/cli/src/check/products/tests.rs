use super::*;

#[test]
fn each_product_has_something_to_say_once() {
    let products = read(include_str!("../products.toml")).unwrap();
    let mut names: Vec<&str> = products.iter().map(|product| &*product.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), products.len());
    for product in &products {
        let settings = [&product.holds, &product.compresses, &product.caches];
        let settings: Vec<_> = settings.into_iter().flatten().collect();
        let silence = product.silence.as_ref().map(|silence| &*silence.mend);
        let says = settings.len() + usize::from(product.hides_loss.is_some() || silence.is_some());
        assert!(says > 0, "{}", product.name);
        let texts = settings.iter().flat_map(|one| [&*one.does, &*one.mend]);
        assert!(texts.chain(silence).all(str::is_ascii));
        match &product.basis {
            Basis::Measured(version) => {
                assert!(version.starts_with(|ch: char| ch.is_ascii_digit()));
            }
            Basis::Documented(year) => assert!((2025..2100).contains(year)),
        }
        // Headers are looked up by their names in lower case, words in lower case too.
        let marks = product.marks.iter();
        for text in marks.flat_map(|mark| [&mark.header, &mark.word]) {
            assert_eq!(*text, text.to_ascii_lowercase());
        }
    }
}

#[test]
fn a_mistake_in_the_table_is_named() {
    let good = "[[product]]\nname = 'a'\nmeasured = '1'\nseen = []\n";
    assert_eq!(read(good).unwrap().len(), 1);
    for (line, says) in [
        ("hold = 1", "hold"),
        ("silence = { seconds = 1, mend = 'b' }", "clean"),
        (
            "silence = { seconds = -1, clean = true, mend = 'b' }",
            "seconds",
        ),
        ("[[product.holds]]\ndoes = 'b'", "mend"),
        ("[[product]]\nname = 'b'", "measured"),
        ("name = 'b'", "duplicate key"),
    ] {
        let error = read(&format!("{good}{line}\n")).unwrap_err();
        assert!(error.contains(says), "{line}: {error}");
    }
    let no_colon = good.replace("[]", "['nginx']");
    assert_eq!(read(&no_colon).unwrap_err(), "seen");
}
