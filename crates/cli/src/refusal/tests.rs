use super::*;

#[test]
fn a_page_is_told_by_its_words() {
    let html = "<!doctype html><html><head><title>Log in</title><style>a{b:c}</style>\n\
                <script>if (a<b) {}</script></head><body class=\"a\">Please  <b>wait</b>.";
    assert_eq!(page(html), ["(a page) Log in Please wait ."]);
    assert_eq!(page("<html><script>x"), ["a page without text"]);
    let long = page(&"word ".repeat(1000));
    assert!(long[0].ends_with(" …") && long[0].len() < 400, "{long:?}");
}

#[test]
fn text_is_told_from_what_is_not() {
    assert!(!is_binary(""));
    assert!(!is_binary("größe \u{FFFD} and a few words"));
    assert!(is_binary("\u{FFFD}PNG\0\0"));
}
