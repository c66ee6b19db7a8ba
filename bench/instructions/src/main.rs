//! What the gates on instruction counts run. In: the name of a row. Out: nothing; its work is done once, in
//! [`measured`], the one function that valgrind collects. Without a name: the names, and what this processor
//! can do, as far as the decoder or the C library chooses by it.
//!
//! Next: `rows.rs`; `xtask/src/instructions.rs` counts and compares.

mod corpus;
mod rows;

use std::hint::black_box;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(name) = std::env::args().nth(1) else {
        print_names();
        return ExitCode::SUCCESS;
    };
    let Some(row) = rows::ALL.iter().find(|row| row.name == name) else {
        eprintln!("no row is called {name:?}");
        return ExitCode::from(2);
    };
    let mut work = (row.prepare)();
    let done = measured(&mut *work);
    if done != row.expected {
        eprintln!("{name}: {done} of {} were done", row.expected);
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// A name of its own in the program, for valgrind to look for.
#[inline(never)]
fn measured(work: &mut dyn FnMut() -> u64) -> u64 {
    black_box(work)()
}

fn print_names() {
    println!("cpu {}", processor());
    for row in rows::ALL {
        println!("row {}", row.name);
    }
}

#[cfg(target_arch = "x86_64")]
fn processor() -> String {
    let features = [
        ("sse4.2", is_x86_feature_detected!("sse4.2")),
        ("avx", is_x86_feature_detected!("avx")),
        ("avx2", is_x86_feature_detected!("avx2")),
        ("bmi2", is_x86_feature_detected!("bmi2")),
        ("ermsb", is_x86_feature_detected!("ermsb")),
        ("avx512bw", is_x86_feature_detected!("avx512bw")),
    ];
    let there = features.iter().filter(|(_, there)| *there);
    let names: Vec<_> = there.map(|(name, _)| *name).collect();
    format!("x86_64 {}", names.join(" "))
}

#[cfg(not(target_arch = "x86_64"))]
fn processor() -> String {
    std::env::consts::ARCH.to_owned()
}
