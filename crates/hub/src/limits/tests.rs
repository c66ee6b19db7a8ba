use std::sync::Arc;

use super::{Asker, Connections, Full, Limits};

fn few() -> Limits {
    Limits {
        connections: 5,
        connections_per_address: 3,
        connections_per_subject: 2,
        ..Limits::default()
    }
}

#[test]
fn each_limit_stands_in_the_way_of_those_it_is_for() {
    let connections = Arc::new(Connections::default());
    let address = |last: u8| Some([10, 0, 0, last].into());
    let take = |address, subject| {
        let wide = &[];
        let asker = Asker {
            address,
            subject,
            wide,
        };
        connections.take(&few(), asker)
    };
    let alice = [(); 2].map(|()| take(address(1), Some("alice")).unwrap());
    assert_eq!(take(address(2), Some("alice")).unwrap_err(), Full::Subject);
    let third = take(address(1), None).unwrap();
    assert_eq!(take(address(1), Some("bob")).unwrap_err(), Full::Address);
    let uncounted = [(); 2].map(|()| take(None, None).unwrap());
    assert_eq!(take(address(9), Some("carol")).unwrap_err(), Full::Hub);
    assert_eq!(connections.count(), 5);
    drop((alice, third, uncounted));
    assert_eq!(connections.count(), 0);
    let counts = connections.lock();
    assert!(counts.by_address.is_empty() && counts.by_subject.is_empty());
}

#[test]
fn a_refusal_takes_no_place() {
    let connections = Arc::new(Connections::default());
    let asker = Asker {
        subject: Some("a"),
        ..Asker::default()
    };
    let held = [(); 2].map(|()| connections.take(&few(), asker).unwrap());
    for _ in 0..10 {
        assert!(connections.take(&few(), asker).is_err());
    }
    assert_eq!(connections.count(), 2);
    drop(held);
    assert!(connections.take(&few(), asker).is_ok());
}

#[test]
fn one_client_has_a_share_of_the_wide_selectors() {
    let connections = Arc::new(Connections::default());
    let limits = Limits {
        wide_selectors_per_client: 3,
        ..Limits::default()
    };
    let take = |last: u8, subject, wide: &[&str]| {
        let wide: Vec<Arc<str>> = wide.iter().copied().map(Into::into).collect();
        let asker = Asker {
            address: Some([10, 0, 0, last].into()),
            subject,
            wide: &wide,
        };
        connections.take(&limits, asker)
    };
    let first = take(1, None, &["{a}", "{b}"]).unwrap();
    let same = take(1, None, &["{b}", "{a}"]).unwrap();
    assert_eq!(take(1, None, &["{c}", "{d}"]).unwrap_err(), Full::Wide);
    let third = take(1, None, &["{c}", "{a}"]).unwrap();
    assert_eq!(take(1, None, &["{d}"]).unwrap_err(), Full::Wide);
    assert!(take(1, None, &[]).is_ok(), "others are let in");
    let other = take(2, Some("s"), &["{d}", "{e}", "{f}"]).unwrap();
    let moved = take(3, Some("s"), &["{g}"]);
    assert_eq!(moved.unwrap_err(), Full::Wide, "of the subject");
    drop(third);
    assert!(take(1, None, &["{d}"]).is_ok(), "room was given back");
    drop((first, same, other));
    assert!(connections.lock().by_address.is_empty());
}
