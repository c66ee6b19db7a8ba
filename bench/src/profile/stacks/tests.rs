//! Lines of perf's, and what they add up to.

use super::{Owner, Profile, charged, owner};
use crate::profile::names::Names;

const SCRIPT: &str = "\
            f000000000005570 wellspring_proto::lines::next (/t/bench)
            f000000000005560 wellspring_proto::decoder::Decoder::decode (/t/bench)
            f000000000005550 wellspring_bench::decode::run::time (/t/bench)
            5540 main (/t/bench)

        ffffffff tcp_sendmsg ([kernel.kallsyms])
        ffffffff __x64_sys_sendto ([kernel.kallsyms])
        ffffffff do_syscall_64 ([kernel.kallsyms])
            7f10 __send (/usr/lib/libc.so.6)
            f000000000005560 wellspring_proto::decoder::Decoder::decode (/t/bench)
            f000000000005550 wellspring_bench::decode::run::time (/t/bench)

            7f10 [unknown] (/usr/lib/libc.so.6)
            f000000000005560 wellspring_proto::decoder::Decoder::decode (/t/bench)
            f000000000005550 wellspring_bench::decode::run::time (/t/bench)

            5540 main (/t/bench)

";

/// It knows nothing at the places of the script.
fn names() -> Names {
    Names::of(&std::env::current_exe().unwrap()).unwrap()
}

#[test]
fn samples_below_the_root_add_up() {
    let profile = Profile::of(SCRIPT, "/t/bench", "decode::run::time", &mut names());
    assert_eq!(profile.samples, 3);
    let charges = profile.charges();
    let charges: Vec<_> = charges
        .iter()
        .map(|charge| (&*charge.name, charge.samples, charge.total))
        .collect();
    assert_eq!(
        charges,
        [
            ("the kernel: sendto", 1, 1),
            ("wellspring_proto::decoder::Decoder::decode", 1, 3),
            ("wellspring_proto::lines::next", 1, 1),
        ]
    );
    assert_eq!(profile.parts(), [2, 0, 0, 1]);
    let decode = &profile.root.callees["wellspring_proto::decoder::Decoder::decode"];
    assert_eq!(
        (profile.root.total, decode.total, decode.callees.len()),
        (3, 3, 2)
    );
}

#[test]
fn what_others_do_for_ours_is_charged_to_ours() {
    let frames = |path: &[&str]| {
        path.iter()
            .map(|frame| (*frame).to_owned())
            .collect::<Vec<_>>()
    };
    for (path, charge) in [
        (
            &["hyper::poll", "wellspring::read", "memchr::find"][..],
            "wellspring::read",
        ),
        (
            &["wellspring::read", "hyper::poll", "tcp_ack [kernel]"],
            "the kernel: interrupts",
        ),
        (&["hyper::poll", "bytes::drop"], "the crate bytes"),
        (
            &["hyper::poll", "core::ptr::drop", "malloc"],
            "the crate hyper",
        ),
        (
            &["wellspring_bench::receive", "core::option::map"],
            "the benchmark",
        ),
        (
            &["wellspring::lend", "wellspring_bench::add", "core::add"],
            "the benchmark",
        ),
        (
            &["wellspring_bench::run", "wellspring::lend"],
            "wellspring::lend",
        ),
    ] {
        assert_eq!(charged(&frames(path)), charge);
    }
}

#[test]
fn owners_are_told_apart() {
    assert_eq!(owner("wellspring_server::body::poll"), Owner::Ours);
    assert_eq!(owner("wellspring::driver::poll"), Owner::Ours);
    assert_eq!(owner("wellspring_bench::serve"), Owner::Others);
    assert_eq!(owner("tcp_sendmsg [kernel]"), Owner::Kernel);
}
