use super::*;

#[test]
fn each_product_has_something_to_say_once() {
    let mut names: Vec<&str> = PRODUCTS.iter().map(|product| product.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), PRODUCTS.len());
    for product in PRODUCTS {
        let settings = [&product.holds, &product.compresses, &product.caches];
        let settings: Vec<_> = settings.into_iter().flatten().collect();
        let silence = product.silence.as_ref().map(|silence| silence.mend);
        let says = settings.len() + usize::from(product.hides_loss.is_some() || silence.is_some());
        assert!(says > 0, "{}", product.name);
        let texts = settings.iter().flat_map(|one| [one.does, one.mend]);
        let texts = texts.chain(silence);
        assert!(
            texts
                .clone()
                .all(|text| !text.is_empty() && text.is_ascii())
        );
        assert!(product.version.starts_with(|ch: char| ch.is_ascii_digit()));
        // Headers are looked up by their names in lower case, words in lower case too.
        let marks = product
            .marks
            .iter()
            .flat_map(|mark| [mark.header, mark.word]);
        assert!(marks.clone().all(|text| text == text.to_ascii_lowercase()));
    }
}
