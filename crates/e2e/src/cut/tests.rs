use super::*;
use tokio::io::AsyncWriteExt;

fn place(written: &[u8]) -> Place {
    let mut whole = Written::default();
    whole.note(written);
    let mut by_byte = Written::default();
    written.chunks(1).for_each(|byte| by_byte.note(byte));
    assert_eq!(whole.place(), by_byte.place());
    whole.place()
}

#[test]
fn places_are_told_apart_through_the_framing() {
    let head = b"HTTP/1.1 200 OK\r\na: b\r\n\r\n".as_slice();
    let opening = b"10\r\n:\nretry: 100\n\n\r\n".as_slice();
    assert_eq!(place(&head[..10]), Place::Head);
    assert_eq!(place(&head[..head.len() - 1]), Place::Head);
    assert_eq!(place(head), Place::Body);
    for (rest, expected) in [
        ("", Place::Body),
        ("1a\r\n", Place::Body),
        ("1a\r\ni", Place::Event),
        ("1a\r\nid: 4\n", Place::Event),
        ("1a\r\nid: 4\ndata: x\n", Place::Event),
        ("1a\r\nid: 4\ndata: x\n\n", Place::Body),
        ("1a\r\nid: 4\ndata: x\n\n\r\n4e", Place::Body),
        ("1a\r\nid: 4\ndata: x\n\nid: 5", Place::Event),
        ("1a\r\nid: 4\ndata: x\n\nev", Place::Event),
    ] {
        let written = [head, opening, rest.as_bytes()].concat();
        assert_eq!(place(&written), expected, "{rest:?}");
    }
}

#[tokio::test]
async fn exactly_the_budget_is_written() {
    let spent = Arc::new(Mutex::new(Vec::new()));
    let places = Arc::clone(&spent);
    let budget = Budget::new(5, move |place| places.lock().unwrap().push(place));
    let meter = Meter::new(&budget);
    let mut out = Metered::new(Vec::new(), Arc::clone(&meter));
    out.write_all(b"free").await.unwrap();
    meter.start();
    out.write_all(b"12").await.unwrap();
    assert!(spent.lock().unwrap().is_empty());
    assert_eq!(out.write(b"3456").await.unwrap(), 3);
    assert_eq!(out.socket, b"free12345");
    assert_eq!(*spent.lock().unwrap(), [Place::Head]);
}
