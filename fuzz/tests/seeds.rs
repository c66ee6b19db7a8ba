//! Every seed, once: what a search has found stays found. Also that each target has seeds, and that
//! they stay small.

use std::fs;
use std::path::Path;
use wellspring_fuzz::TARGETS;

#[test]
fn every_seed_holds() {
    let mut bytes_in_all = 0;
    for target in TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("seeds")
            .join(target.name);
        let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        let mut count = 0;
        for entry in entries {
            let path = entry.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            bytes_in_all += bytes.len();
            count += 1;
            // Shown when the target panics.
            println!("{}", path.display());
            (target.run)(&bytes);
        }
        assert!(
            (20..=200).contains(&count),
            "{} has {count} seeds",
            target.name
        );
    }
    assert!(bytes_in_all <= 1 << 20, "{bytes_in_all} bytes of seeds");
}

/// Targets hold up without libFuzzer as well: plain noise, a fixed amount of it.
#[test]
fn noise_holds() {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut byte = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    for round in 0..2_000_usize {
        let bytes: Vec<u8> = (0..round % 97).map(|_| byte()).collect();
        for target in TARGETS {
            (target.run)(&bytes);
        }
    }
}
