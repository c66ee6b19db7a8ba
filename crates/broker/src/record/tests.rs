use super::*;

fn text(rng: &mut fastrand::Rng) -> String {
    let length = if rng.u8(0..20) == 0 { 20_000 } else { 30 };
    (0..rng.usize(0..length))
        .map(|_| rng.char('a'..='ü'))
        .collect()
}

fn update(rng: &mut fastrand::Rng) -> Update {
    let mut update = Update::new("first").unwrap();
    for _ in 0..rng.u8(0..4) {
        update = update.alternate(format!("t{}", rng.u8(..))).unwrap();
    }
    if rng.bool() {
        update = update.id(&format!("i{}", rng.u8(..))).unwrap();
    }
    if rng.bool() {
        update = update.event_type("notice").unwrap();
    }
    if rng.bool() {
        update = update.retry(Duration::from_millis(rng.u64(..)));
    }
    if rng.bool() {
        update = update.data(text(rng));
    }
    update.private(rng.bool())
}

#[test]
fn what_is_stored_is_read() {
    for seed in 0..1_000 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let update = update(&mut rng);
        let bytes = encode(&update);
        let record = decode(&bytes).unwrap();
        assert_eq!(record.topics, update.topics);
        assert_eq!(record.private, update.private);
        assert_eq!(
            record.id,
            update.id.as_ref().map(wellspring_proto::EventId::as_str)
        );
        let event_type = update
            .event_type
            .as_ref()
            .map(wellspring_proto::EventType::as_str);
        assert_eq!(record.event_type, event_type);
        assert_eq!(record.retry, update.retry);
        assert_eq!(record.data, update.data.as_deref());
        assert_eq!(fingerprint(&bytes), fingerprint(&encode(&update)));
    }
    assert_eq!(
        fingerprint(b"foobar"),
        0x8594_4171_f739_67e8,
        "as others compute it"
    );
}

#[test]
fn no_bytes_make_a_panic() {
    let mut rng = fastrand::Rng::with_seed(7);
    let mut understood = 0;
    for _ in 0..50_000 {
        let mut bytes = encode(&update(&mut rng)).to_vec();
        bytes.truncate(300);
        match rng.u8(0..3) {
            0 => bytes.truncate(rng.usize(0..=bytes.len())),
            1 => bytes.push(rng.u8(..)),
            _ => {}
        }
        let at = rng.usize(0..bytes.len().max(1));
        if let Some(byte) = bytes.get_mut(at) {
            *byte = rng.u8(..);
        }
        understood += usize::from(decode(&bytes).is_some());
    }
    assert!((1_000..40_000).contains(&understood), "{understood}");
}

#[test]
fn what_is_not_understood_is_foreign() {
    let bytes = encode(&Update::new("a").unwrap());
    assert!(decode(&bytes).is_some());
    for (at, byte) in [(0, 2), (1, 0x80), (2, 0), (3, 9)] {
        let mut other = bytes.to_vec();
        other[at] = byte;
        assert_eq!(decode(&other), None, "{at}");
    }
    let endless = [&[VERSION, 0][..], &[0xFF; 11]].concat();
    assert_eq!(decode(&endless), None);
}
