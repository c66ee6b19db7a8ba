use std::sync::Arc;

use super::{Connections, Full, Limits};

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
    let take = |address, subject| connections.take(&few(), address, subject);
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
    let held = [(); 2].map(|()| connections.take(&few(), None, Some("a")).unwrap());
    for _ in 0..10 {
        assert!(connections.take(&few(), None, Some("a")).is_err());
    }
    assert_eq!(connections.count(), 2);
    drop(held);
    assert!(connections.take(&few(), None, Some("a")).is_ok());
}
