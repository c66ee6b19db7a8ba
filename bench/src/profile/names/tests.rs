//! Paths, and this very program.

use super::{Names, module, short};

#[test]
fn paths_lose_their_parameters() {
    for (symbol, name) in [
        ("a::b::h0123456789abcdef", "a::b"),
        ("a::B<c::D<e>>::f", "a::B::f"),
        ("a::b::<c::D, e>", "a::b"),
        ("a::b::<c::D>::{closure#0}", "a::b::{closure#0}"),
        ("{closure#0}<c::D>", "{closure#0}"),
        ("<a::B<c> as d::E<f>>::g", "a::B::g"),
        ("<a::B>::g::{{closure}}", "a::B::g::{{closure}}"),
        ("<fn(a) -> b as c::D>::e", "fn(a) -> b::e"),
        ("memcpy", "memcpy"),
        ("a < b", "a < b"),
    ] {
        assert_eq!(short(symbol), name);
    }
}

#[test]
fn files_are_modules() {
    for (file, path) in [
        (
            "/a/crates/proto/src/event_stream/lines.rs",
            "wellspring_proto::event_stream::lines",
        ),
        ("/a/crates/client/src/lib.rs", "wellspring"),
        ("/r/index-1/memchr-2.8.3/src/arch/mod.rs", "memchr::arch"),
        (
            "/r/index-1/hyper-util-0.1.2/src/rt/io.rs",
            "hyper_util::rt::io",
        ),
        ("/rustc/0123/library/core/src/ptr/mod.rs", "core::ptr"),
    ] {
        assert_eq!(module(file).as_deref(), Some(path));
    }
    assert_eq!(module("malloc.c"), None);
}

#[test]
fn segments_are_found_in_this_program() {
    let program = std::env::current_exe().unwrap();
    let mut names = Names::of(&program).unwrap();
    assert!(names.segments.len() > 1);
    assert!(names.at(u64::MAX).is_empty());
}
