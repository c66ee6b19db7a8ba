use super::*;

#[test]
fn what_is_set_aside_for_a_body_counts_too() {
    let bodies = Bodies::new();
    let nothing = || Received {
        bytes: Vec::new(),
        room: bodies.reserve(0).unwrap(),
    };
    let mut all = Vec::new();
    'all: loop {
        let mut received = nothing();
        while received.bytes.len() < PUBLISH_LIMIT {
            let piece = (PUBLISH_LIMIT - received.bytes.len()).min(100_000);
            if bodies.make_room(&mut received, piece).is_none() {
                break 'all;
            }
            received.bytes.resize(received.bytes.len() + piece, 0);
            assert_eq!(received.bytes.capacity(), received.room.num_permits());
        }
        all.push(received);
    }
    assert_eq!(all.len(), BODIES_LIMIT / PUBLISH_LIMIT, "whole bodies");
    all.pop();
    assert!(bodies.make_room(&mut nothing(), PUBLISH_LIMIT).is_some());
}
