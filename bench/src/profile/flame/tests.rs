//! What is drawn, and what is not.

use super::{fitting, svg};
use crate::profile::names::Names;
use crate::profile::stacks::Profile;

#[test]
fn frames_are_as_wide_as_their_part() {
    let wide =
        "  1 wellspring::driver::poll (/bench)\n  1 tokio::run (/bench)\n  1 root (/bench)\n\n"
            .repeat(599);
    let narrow = "  1 a<b>::tiny (/bench)\n  1 tokio::run (/bench)\n  1 root (/bench)\n\n";
    let mut names = Names::of(&std::env::current_exe().unwrap()).unwrap();
    let profile = Profile::of(&format!("{wide}{narrow}"), "/other", "root", &mut names);
    let picture = svg("a & b", &profile);
    assert!(picture.contains("a &amp; b"), "{picture}");
    assert!(picture.contains("width=\"1198.0\""), "{picture}");
    assert!(
        picture.contains(">wellspring::driver::poll</text>"),
        "{picture}"
    );
    assert!(!picture.contains("tiny"), "{picture}");
    assert!(!picture.contains("tokio"), "{picture}");
}

#[test]
fn names_lose_their_beginning() {
    assert_eq!(fitting("a::b::poll", 20.0), "a::b::poll");
    assert_eq!(fitting("a::b::poll", 6.0), "…:poll");
    assert_eq!(fitting("a::b::poll", 3.9), "");
}
