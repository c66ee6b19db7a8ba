//! TCP keep-alive as options. In: options that make no sense. Out: usage errors.
//!
//! Next: `tail.rs`.

use std::process::Command;

#[test]
fn the_options_of_tcp_keep_alive_exclude_each_other() {
    let cases: [(&[&str], &str); 2] = [
        (
            &["--tcp-keep-alive", "5", "--no-tcp-keep-alive"],
            "cannot be used with",
        ),
        (&["--tcp-keep-alive", "0"], "a time is more than 0 seconds"),
    ];
    for (options, says) in cases {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wellspring"));
        let command = command.args(["tail", "http://127.0.0.1:9/"]).args(options);
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(says), "{said}");
    }
}
