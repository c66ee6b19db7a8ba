//! The files of the page at `/`, which are part of the program. In: a path. Out: a file.
//!
//! Next: `crates/hub/src/files.rs` serves them, with headers that keep a page to itself.

use wellspring_hub::File;

/// What `--dev` serves beside the hub. Each file stands in `page/`.
pub(super) const FILES: &[File] = &[File {
    path: "/icon.svg",
    content_type: "image/svg+xml",
    bytes: include_bytes!("../web/page/icon.svg"),
}];
