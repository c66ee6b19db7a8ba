use super::*;

const MARK: Mark = Mark {
    topic: 7,
    number: 1200,
    sent: 0,
};

#[test]
fn what_is_written_is_read_back() {
    for size in [0, 1, 31, 32, 33, 100, 5000] {
        let text = MARK.write("k3", size);
        assert_eq!(Mark::read(&text, "k3", size), Reading::Own(MARK), "{text}");
        assert_eq!(text.len(), size.max("wellspring-load k3 7 1200 0 ".len()));
    }
}

#[test]
fn any_change_is_found() {
    let text = MARK.write("k3", 60);
    for at in 0..text.len() {
        let mut cut = text.clone();
        cut.remove(at);
        assert_ne!(Mark::read(&cut, "k3", 60), Reading::Own(MARK), "{cut}");
        assert!(!matches!(Mark::read(&cut, "k3", 60), Reading::Own(_)));
        let mut changed = text.clone().into_bytes();
        changed[at] = b'?';
        let changed = String::from_utf8(changed).unwrap();
        assert!(!matches!(Mark::read(&changed, "k3", 60), Reading::Own(_)));
    }
    let longer = format!("{text}x");
    assert_eq!(Mark::read(&longer, "k3", 60), Reading::Altered);
    let twice = format!("{text}\n{text}");
    assert_eq!(Mark::read(&twice, "k3", 60), Reading::Altered);
}

#[test]
fn events_of_others_are_told_apart() {
    for text in ["", "hello", "wellspring-load", "wellspring-load k4 7 1 0 "] {
        assert_eq!(Mark::read(text, "k3", 0), Reading::Foreign, "{text}");
    }
    for text in [
        "07 1 0 ",
        "7 +1 0 ",
        "7 1 0",
        "7 1 ",
        "4294967296 1 0 ",
        " 7 1 0 ",
    ] {
        let text = format!("wellspring-load k3 {text}");
        assert_eq!(Mark::read(&text, "k3", 0), Reading::Altered, "{text}");
    }
}
