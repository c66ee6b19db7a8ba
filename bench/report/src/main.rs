//! In: nothing, or `--check`. Out: the page and its plots written, or whether they are what the records say. Exit code 0
//! when they are, 1 when not or something went wrong, 2 for usage.
//!
//! Next: `lib.rs`.

use std::path::Path;
use std::process::ExitCode;
use wellspring_report::page::Page;
use wellspring_report::wild::Pages;

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        [] => Page::of(&root)
            .and_then(|page| page.write())
            .and_then(|()| Pages::of(&root)?.write()),
        ["--check"] => Page::of(&root)
            .and_then(|page| page.check())
            .and_then(|()| Pages::of(&root)?.check()),
        _ => {
            eprintln!(
                "Usage: report [--check]\n\nWrites docs/comparison.md, docs/proxies.md and docs/in-the-wild.md out of bench/record and fuzz/record.md; \
                 --check writes nothing, and fails when a page is not what they say."
            );
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("report: {why}");
            ExitCode::FAILURE
        }
    }
}
