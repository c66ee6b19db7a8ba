use super::{bytes, random, splits};

const BODY: &[u8] = b"id: 1\r\ndata: \xe2\x82\xac\r\n\r\n";

#[test]
fn every_cutting_keeps_the_bytes() {
    assert!(splits(BODY).all(|(head, tail)| [head, tail].concat() == BODY));
    assert_eq!(bytes(BODY).collect::<Vec<_>>().concat(), BODY);
    for seed in 0..200 {
        assert_eq!(random(BODY, seed).concat(), BODY);
    }
}

#[test]
fn seeds_cut_differently_and_the_same_seed_the_same() {
    let cuttings: Vec<_> = (0..50).map(|seed| random(BODY, seed)).collect();
    assert_eq!(cuttings[3], random(BODY, 3));
    assert!(
        cuttings
            .windows(2)
            .filter(|pair| pair[0] != pair[1])
            .count()
            > 40
    );
    assert!(cuttings.iter().flatten().any(|piece| piece.is_empty()));
}
