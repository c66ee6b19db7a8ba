//! What libFuzzer drives. In: its inputs, and the name of a target in `WELLSPRING_FUZZ`. Out: a crash
//! when the target panics.
//!
//! Next: `lib.rs`, the targets.
#![allow(unsafe_code, reason = "libFuzzer looks for its entry by name")]
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use wellspring_fuzz::Target;

static TARGET: LazyLock<&'static Target> = LazyLock::new(|| {
    let name = std::env::var("WELLSPRING_FUZZ").unwrap_or_default();
    wellspring_fuzz::target(&name).expect("WELLSPRING_FUZZ names a target")
});

fuzz_target!(|bytes: &[u8]| (TARGET.run)(bytes));
