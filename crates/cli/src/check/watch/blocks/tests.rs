use super::{Blocks, Pending};

/// The state after these bytes, cut at a place; and for each block whether it had an id.
fn read(bytes: &[u8], split: usize) -> (Blocks, Vec<bool>) {
    let mut blocks = Blocks::default();
    let mut ids = Vec::new();
    for mut rest in [&bytes[..split], &bytes[split..]] {
        while !rest.is_empty() {
            let taken = blocks.take_block(rest);
            let is_end = matches!(rest[taken - 1], b'\n' | b'\r');
            rest = &rest[taken..];
            if is_end && blocks.pending() == Pending::Nothing {
                ids.push(blocks.ended_with_id());
            }
        }
    }
    (blocks, ids)
}

#[test]
fn what_is_pending_is_known_in_any_split() {
    for (text, pending) in [
        ("", Pending::Nothing),
        ("data: a\n\n", Pending::Nothing),
        ("data: a\r\n\r\n", Pending::Nothing),
        ("data: a\r\r", Pending::Nothing),
        (": comment\n", Pending::Nothing),
        (": comm", Pending::Nothing),
        ("\u{FEFF}:\n", Pending::Nothing),
        ("\u{FEFF}: comm", Pending::Nothing),
        (":\nretry: 2000\n", Pending::Nothing),
        ("retry: 20", Pending::Nothing),
        ("ret", Pending::Nothing),
        ("unknown: 1", Pending::Nothing),
        ("datas: 1", Pending::Nothing),
        ("event: a\n", Pending::Fields),
        ("data: a\n\nid: 2\n", Pending::Fields),
        ("id\n", Pending::Fields),
        ("data\n", Pending::Data),
        ("\u{FEFF}data: a\n", Pending::Data),
        ("data: a\n", Pending::Data),
        ("data: a\r\n", Pending::Data),
        ("data: a\n: b\n", Pending::Data),
        ("event: x\ndata: a\nid: 1\n", Pending::Data),
        ("da", Pending::Cut),
        ("data", Pending::Cut),
        ("event: x\ndata: a\nid: 1", Pending::Cut),
        ("id: 1\nda", Pending::Cut),
    ] {
        for split in 0..=text.len() {
            let (blocks, _) = read(text.as_bytes(), split);
            assert_eq!(blocks.pending(), pending, "{text:?} at {split}");
        }
    }
}

#[test]
fn data_that_is_pending_may_be_part_of_a_line() {
    for (text, holds) in [
        ("data: a", true),
        ("data:", true),
        ("data: a\nid: ", true),
        ("dat", false),
        ("data: a\n\n", false),
        ("event: data\n", false),
        (": data", false),
    ] {
        assert_eq!(read(text.as_bytes(), 0).0.holds_data(), holds, "{text:?}");
    }
}

#[test]
fn an_id_belongs_to_the_block_it_stands_in() {
    for (text, expected) in [
        ("id: 1\ndata: a\n\ndata: b\n\n", &[true, false][..]),
        ("data: a\nid\n\n", &[true]),
        ("id: 1\0\ndata: a\n\n", &[false]),
        ("idea: 1\ndata: a\n\n", &[false]),
        (": id: 1\ndata: a\n\n", &[false]),
        ("id: 1\r\n\r\ndata: a\r\n\r\n", &[true, false]),
    ] {
        let (_, ids) = read(text.as_bytes(), 0);
        assert_eq!(&ids[..expected.len()], expected, "{text:?}");
    }
}

#[test]
fn replacement_characters_that_were_sent_are_counted_in_any_split() {
    let bytes = b"data: \xEF\xBF\xBD\xEF\xEF\xBF\xBD\xEF\xBF\n\n: \xEF\xBF\xBD\xFF";
    for split in 0..=bytes.len() {
        assert_eq!(read(bytes, split).0.replacements(), 3, "{split}");
    }
}
