use super::State;

/// So much is free beside each task of tokio's, which begins at a multiple of 128 bytes, and is larger.
#[cfg(target_pointer_width = "64")]
#[test]
fn a_subscriber_fits_beside_its_task() {
    assert!(size_of::<State>() <= 104, "{}", size_of::<State>());
}
