use super::*;

#[test]
fn printed_and_parsed() {
    for seed in 0..2_000 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let bits = rng.u32(0..64);
        let cursor = Cursor::new(Epoch(rng.u64(..) >> bits), rng.u64(..) >> bits, rng.u16(..));
        let text = cursor.to_string();
        assert_eq!(text.parse(), Ok(cursor), "{text}");
        assert_eq!(cursor.epoch.to_string().parse(), Ok(cursor.epoch));
    }
    let widest = Cursor::new(Epoch(u64::MAX), u64::MAX, u16::MAX);
    assert_eq!(
        widest.to_string(),
        "~3w5e11264sgsf.18446744073709551615.ffff"
    );
    assert_eq!(Epoch::random().to_string().len(), 8);
}

#[test]
fn only_one_form_is_taken() {
    for text in [
        "",
        "~",
        "~k.1",
        "k.1.0000",
        "~k.1.000",
        "~k.1.00000",
        "~k.01.0000",
        "~k.+1.0000",
        "~k.1.00G0",
        "~k.1.ABCD",
        "~K.1.0000",
        "~0k.1.0000",
        "~.1.0000",
        "~k..0000",
        "~k.1.0000.",
        "~k.18446744073709551616.0000",
        "~3w5e11264sgsg.1.0000",
        "~é.1.0000",
        " ~k.1.0000",
        "~k.1.0000\n",
    ] {
        assert_eq!(text.parse::<Cursor>(), Err(InvalidCursor), "{text:?}");
    }
    assert_eq!("~0.0.0000".parse(), Ok(Cursor::new(Epoch(0), 0, 0)));
}
