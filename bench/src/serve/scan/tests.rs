use super::*;

fn stream(numbers: impl IntoIterator<Item = u32>) -> Vec<u8> {
    let blocks = numbers
        .into_iter()
        .map(|number| format!("6e\r\ndata: {}\n\n\r\n", data(number)));
    blocks.collect::<String>().into_bytes()
}

#[test]
fn events_are_counted_whatever_the_pieces() {
    let bytes = stream(0..5);
    for size in 1..bytes.len() {
        let mut scan = Scan::default();
        for piece in bytes.chunks(size) {
            scan.take(piece).expect("in order");
        }
        assert_eq!(scan.next(), 5, "pieces of {size}");
    }
}

#[test]
fn a_missing_event_and_a_double_one_are_found() {
    assert!(Scan::default().take(&stream([0, 2])).is_err());
    assert!(Scan::default().take(&stream([0, 0])).is_err());
}

#[test]
fn data_has_its_size() {
    assert_eq!(data(7).len(), DATA);
    assert!(data(7).starts_with("#00000007x"));
}
