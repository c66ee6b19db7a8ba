use super::*;

#[test]
fn the_mask_of_ignored_signals_says_whether_hang_ups_are() {
    let status =
        |mask| format!("Name:\tx\nSigBlk:\t0000000000000001\nSigIgn:\t{mask}\nSigCgt:\t01\n");
    assert!(ignores_hang_ups(&status("0000000000000001")));
    assert!(ignores_hang_ups(&status("0000000000001003")));
    assert!(!ignores_hang_ups(&status("0000000000001000")));
    assert!(!ignores_hang_ups(&status("none")));
    assert!(!ignores_hang_ups(""));
}
