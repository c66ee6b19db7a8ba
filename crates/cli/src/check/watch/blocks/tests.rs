use super::Blocks;

#[test]
fn half_a_block_is_known_in_any_split() {
    for (text, half) in [
        ("", false),
        ("data: a\n\n", false),
        ("data: a\r\n\r\n", false),
        ("data: a\r\r", false),
        (": comment\n", false),
        (": comm", false),
        ("data", true),
        ("data: a\n", true),
        ("data: a\r\n", true),
        ("data: a\n: b\n", true),
        ("data: a\n\nid: 2\n", true),
    ] {
        for split in 0..=text.len() {
            let mut blocks = Blocks::default();
            blocks.take(&text.as_bytes()[..split]);
            blocks.take(&text.as_bytes()[split..]);
            assert_eq!(blocks.is_half(), half, "{text:?} at {split}");
        }
    }
}
