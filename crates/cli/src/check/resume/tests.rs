use std::sync::Arc;

use super::*;

fn chosen(ids: &[&str]) -> Option<usize> {
    let ids: Vec<Arc<str>> = ids.iter().map(|id| (*id).into()).collect();
    choose(&ids)
}

#[test]
fn the_id_that_is_sent_has_events_before_and_after_it_where_it_can() {
    assert_eq!(chosen(&[]), None);
    assert_eq!(chosen(&["1"]), Some(0));
    assert_eq!(chosen(&["1", "2"]), Some(0));
    assert_eq!(chosen(&["1", "2", "3"]), Some(1));
    assert_eq!(chosen(&["1", "2", "3", "4", "5"]), Some(1));
    assert_eq!(chosen(&["1", "2", "3", "4", "5", "6", "7"]), Some(2));
    assert_eq!(chosen(&["1", "1", "1"]), None);
    assert_eq!(chosen(&["1", "2", "2", "3"]), Some(2));
}
