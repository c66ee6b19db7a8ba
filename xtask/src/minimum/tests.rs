//! Which toolchain has the version.

use super::{toolchain, version};

#[test]
fn the_version_is_that_of_the_manifest() {
    let manifest = "[workspace.package]\nedition = \"2024\"\nrust-version = \"1.88\"\n";
    assert_eq!(version(manifest), Some("1.88"));
    assert_eq!(version("[package]\n"), None);
}

#[test]
fn a_toolchain_has_the_version_or_a_later_patch_of_it() {
    let list = |name: &str| format!("stable-x86_64 (active, default)\n{name}\nnightly-x86_64\n");
    for name in ["1.88-x86_64", "1.88.0-x86_64 (override)", "1.88"] {
        let found = name.split(' ').next();
        assert_eq!(toolchain(&list(name), "1.88"), found);
    }
    for name in ["1.8.8-x86_64", "1.880-x86_64", "1.87.0-x86_64"] {
        assert_eq!(toolchain(&list(name), "1.88"), None, "{name}");
    }
}
