use super::*;

/// Programs hold thousands of sources that have nothing to do.
#[test]
fn a_source_stays_small() {
    assert!(size_of::<Driver>() <= 1_536, "{}", size_of::<Driver>());
    assert!(size_of::<Shared>() <= 384, "{}", size_of::<Shared>());
    let source = size_of::<crate::EventSource>();
    assert!(source <= 24, "{source}");
}
