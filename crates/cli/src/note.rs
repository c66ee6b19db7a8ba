//! Standard error. In: lines. Out: the same lines, their secrets masked.
//!
//! Next: `secrets.rs`.

use std::io::{self, Write};

use crate::secrets;

/// Prints a line. A standard error that is closed stops nothing.
pub(crate) fn note(line: &str) {
    let _ = writeln!(io::stderr(), "{}", secrets::masked(line));
}
