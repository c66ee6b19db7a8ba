//! Names that the server takes, and others.

use super::{Names, node};
use wellspring_broker::{Epoch, NodeId};

#[test]
fn a_stream_has_a_plain_name() {
    assert!(Names::new("wellspring_2-a").is_some());
    let long = "x".repeat(65);
    for bad in ["", "a.b", "a b", "*", "ü", "a>", long.as_str()] {
        assert!(Names::new(bad).is_none(), "{bad}");
    }
}

#[test]
fn subjects_have_one_length() {
    let names = Names::new("shop").unwrap();
    let epoch = Epoch::random();
    let plain = names.record(epoch, None);
    for id in ["", "a", "none", "* > .", "ü"] {
        let subject = names.record(epoch, Some(id));
        assert_eq!(subject.len(), plain.len());
        assert_ne!(subject, plain);
        assert_eq!(subject.split('.').count(), 3, "{subject}");
    }
}

#[test]
fn a_lease_names_its_node() {
    let names = Names::new("shop").unwrap();
    for number in [0, 1, u64::MAX] {
        let subject = names.lease(NodeId::new(number));
        assert_eq!(node(&subject), Some(NodeId::new(number)));
    }
}
