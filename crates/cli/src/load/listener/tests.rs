use super::*;

fn listening(numbers: &[u64]) -> Listener {
    let mut listener = Listener::new(1);
    listener.opened(0, Begin::Fresh);
    numbers.iter().for_each(|number| listener.event(*number));
    listener
}

fn events(tally: &Tally, fault: Fault) -> u64 {
    tally.count(fault).events
}

#[test]
fn the_first_number_may_be_any() {
    for first in [0, 1, 7, u64::from(u32::MAX) + 5] {
        let tally = listening(&[first, first + 1, first + 2]).tally();
        assert!(tally.is_clean(true), "{first}");
        assert_eq!(tally.received, 3);
    }
}

#[test]
fn each_fault_is_found_with_the_servers_own_numbers() {
    let tally = listening(&[1000, 1001, 1004, 1004, 1003, 999]).tally();
    let place = |first, last| Place {
        subscriber: 1,
        topic: 0,
        first,
        last,
    };
    assert_eq!(tally.count(Fault::Lost).some, [place(1002, 1002)]);
    assert_eq!(tally.count(Fault::Doubled).some, [place(1004, 1004)]);
    assert_eq!(
        tally.count(Fault::OutOfOrder).some,
        [place(1003, 1003), place(999, 999)]
    );
}

#[test]
fn over_a_reconnection_it_counts_what_the_server_said() {
    for (begin, fault) in [
        (Begin::Resumed, Fault::UnseenGap),
        (Begin::Gap, Fault::ToldGap),
    ] {
        let mut listener = listening(&[5, 6]);
        listener.opened(1, begin);
        listener.event(9);
        let tally = listener.tally();
        assert_eq!((events(&tally, fault), tally.needless), (2, 0));
        assert_eq!(tally.count(fault).some[0].first, 7);
    }
    let mut listener = listening(&[5, 6]);
    listener.opened(1, Begin::Fresh);
    listener.event(9);
    let tally = listener.tally();
    assert_eq!((tally.not_owed, tally.is_clean(true)), (2, true));
}

#[test]
fn a_server_that_begins_again_may_do_so_where_it_knows_of_no_place() {
    let mut listener = listening(&[50, 53]);
    listener.opened(1, Begin::Gap);
    [1, 2, 3].iter().for_each(|number| listener.event(*number));
    let tally = listener.tally();
    assert_eq!(events(&tally, Fault::Lost), 2);
    assert_eq!(events(&tally, Fault::OutOfOrder), 0);
}

#[test]
fn the_last_number_counts() {
    for (text, number) in [
        ("k3-42", Some(42)),
        ("7", Some(7)),
        ("{\"n\":12}", Some(12)),
        ("", None),
        ("none", None),
        ("99999999999999999999999", None),
        ("ä5ö", Some(5)),
    ] {
        assert_eq!(number_in(text), number, "{text}");
    }
}
