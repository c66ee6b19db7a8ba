use super::*;

fn spare() -> Option<*const u8> {
    let spare = SPARE.take();
    let place = spare.as_ref().map(|buffer| buffer.as_ptr());
    SPARE.set(spare);
    place
}

fn write(text: &[u8]) -> Lent {
    let mut buffer = Buffer::take();
    buffer.bytes()[..text.len()].copy_from_slice(text);
    buffer.lend(0..text.len())
}

#[test]
fn one_buffer_serves_a_thread() {
    assert_eq!(spare(), None);
    let lent = write(b"one");
    let place = lent.as_ptr();
    assert_eq!((&*lent, spare()), (&b"one"[..], None));
    drop(lent);
    assert_eq!(spare(), Some(place));
    assert_eq!(write(b"two").as_ptr(), place);
    drop(Buffer::take());
    assert_eq!(spare(), Some(place));
}

/// A handler may poll another source while its event is lent.
#[test]
fn what_is_lent_stays_as_it_is() {
    let first = write(b"first");
    let second = write(b"second");
    assert_eq!((&*first, &*second), (&b"first"[..], &b"second"[..]));
    drop(first);
    let third = write(b"third");
    assert_eq!((&*second, &*third), (&b"second"[..], &b"third"[..]));
    drop((second, third));
    assert!(spare().is_some());
}

/// A source may be moved while it holds what is not decoded yet.
#[test]
fn a_buffer_stays_where_it_is_given_back() {
    let lent = write(b"moved");
    let back = std::thread::spawn(move || {
        assert_eq!(&*lent, b"moved");
        drop(lent);
        spare().is_some()
    });
    assert!(back.join().unwrap());
    assert_eq!(spare(), None);
}
