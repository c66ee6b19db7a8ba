use super::forbidden;

#[test]
fn every_character_is_held_to_the_categories() {
    let category = regex::Regex::new(r"^[\p{Cc}\p{Cf}]$").unwrap();
    let mut letters = String::new();
    for ch in '\0'..=char::MAX {
        letters.clear();
        letters.push(ch);
        let expected = category.is_match(&letters).then_some(ch);
        assert_eq!(forbidden(&letters), expected, "U+{:04X}", u32::from(ch));
    }
}

#[test]
fn the_first_one_is_found_wherever_it_is() {
    assert_eq!(forbidden("https://a.example/{id}?\u{e9}"), None);
    assert_eq!(forbidden("a\u{200b}b\n"), Some('\u{200b}'));
    assert_eq!(forbidden("ab\u{7f}"), Some('\u{7f}'));
}
