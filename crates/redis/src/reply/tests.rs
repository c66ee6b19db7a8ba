use super::*;

fn text_value(text: &str) -> Value {
    Value::BulkString(text.as_bytes().to_vec())
}

#[test]
fn answers_of_others_are_errors() {
    let mut rng = fastrand::Rng::with_seed(16);
    for _ in 0..20_000 {
        let value = any(&mut rng, 0);
        let _ = parts(value.clone()).map(|(_, values)| bounds(values));
        let _ = parts(value.clone()).map(|(_, values)| page(values));
        let _ = receipt(value.clone());
        let _ = entries(value);
    }
    for nonsense in [Value::Nil, Value::Int(1), Value::Array(vec![])] {
        assert!(parts(nonsense.clone()).is_err() && receipt(nonsense).is_err());
    }
}

fn any(rng: &mut fastrand::Rng, depth: u32) -> Value {
    let words = [
        "bounds",
        "1",
        "18446744073709551615",
        "",
        "1:2 3:4 ",
        "0-7",
        "e",
        "t",
        "r",
        "-1",
    ];
    match rng.u8(0..10) {
        0 => Value::Nil,
        1 => Value::Int(rng.i64(..)),
        2 => Value::BulkString(vec![0xFF, 0xFE]),
        3..6 if depth < 4 => {
            Value::Array((0..rng.usize(0..9)).map(|_| any(rng, depth + 1)).collect())
        }
        _ => text_value(words[rng.usize(0..words.len())]),
    }
}

#[test]
fn an_entry_that_no_hub_wrote_is_an_error() {
    let entry = |id: &str, fields: &[&str]| {
        let fields = fields.iter().map(|field| text_value(field)).collect();
        let entry = Value::Array(vec![text_value(id), Value::Array(fields)]);
        let stream = Value::Array(vec![text_value("key"), Value::Array(vec![entry])]);
        entries(Value::Array(vec![stream]))
    };
    let found = entry("0-7", &["e", "5", "t", "6", "r", "x", "m", "1"]).unwrap();
    assert_eq!(
        (found[0].epoch, found[0].stored.sequence),
        (Epoch::new(5), 7)
    );
    for (id, fields) in [
        ("1700000000000-0", &["e", "5", "t", "6", "r", "x"][..]),
        ("0-7", &["a", "b"]),
    ] {
        let error = entry(id, fields).unwrap_err();
        assert!(error.to_string().contains("that no hub wrote"), "{error}");
    }
    assert!(entries(Value::Nil).unwrap().is_empty());
}
