use super::*;

fn ends_inside(body: &[u8], size: usize) -> bool {
    let mut pending = Pending::default();
    for chunk in body.chunks(size) {
        pending.read(chunk);
    }
    pending.has_data()
}

#[test]
fn only_pending_data_counts() {
    let cases: [(&[u8], bool); 12] = [
        (b"", false),
        (b"data: a\n\n", false),
        (b"data: a\n", true),
        (b"data: a", true),
        (b"data: a\r\n\r\n", false),
        (b"data: a\r\r", false),
        (b"data: a\r\n", true),
        (b"data: a\n\ndata: b\n", true),
        (b"data: a\n\n: comment\nid: 7\nretry: 5\nevent: x", false),
        (b"data: a\r\n\r\ndata: b\n\n\r\ndata", true),
        (b"data: a\r\rdata: b\n\n", false),
        (b"\xEF\xBB\xBFdata: a", true),
    ];
    for (body, inside) in cases {
        for size in 1..=body.len().max(1) {
            assert_eq!(
                ends_inside(body, size),
                inside,
                "{body:?} in chunks of {size}"
            );
        }
    }
}

/// Memory is bounded, and what was decoded before is not forgotten.
#[test]
fn a_long_event_counts_whole() {
    let long = format!("data: a\n\ndata: {}\nid: 1\n", "x".repeat(300_000));
    for size in [1000, 65_536, 1 << 20] {
        assert!(ends_inside(long.as_bytes(), size), "{size}");
        assert!(!ends_inside(format!("{long}\n").as_bytes(), size), "{size}");
    }
    let mut pending = Pending::default();
    for _ in 0..100 {
        pending.read(&[b'x'; 10_000]);
        assert!(pending.bytes.len() <= KEPT);
    }
}
