//! The files of the page at `/`, which are part of the program. In: a path. Out: a file.
//!
//! Next: `../web/page/hub/page.js` is the page; `crates/hub/src/files.rs` serves it, with headers that keep
//! it to itself.

use wellspring_hub::File;

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The file with this name among the pages, at this path.
macro_rules! file {
    ($path:literal, $content_type:expr, $name:literal) => {
        File {
            path: $path,
            content_type: $content_type,
            bytes: include_bytes!(concat!("../web/page/", $name)),
        }
    };
}

/// What `--dev` and `--page` serve beside the hub.
pub(super) const FILES: &[File] = &[
    file!("/", HTML, "hub.html"),
    file!("/icon.svg", "image/svg+xml", "icon.svg"),
    file!("/page.css", CSS, "page.css"),
    file!("/hub/form.css", CSS, "hub/form.css"),
    file!("/hub/hub.css", CSS, "hub/hub.css"),
    file!("/hub/figures.js", SCRIPT, "hub/figures.js"),
    file!("/hub/list.js", SCRIPT, "hub/list.js"),
    file!("/hub/log.js", SCRIPT, "hub/log.js"),
    file!("/hub/mint.js", SCRIPT, "hub/mint.js"),
    file!("/hub/page.js", SCRIPT, "hub/page.js"),
    file!("/hub/parser.js", SCRIPT, "hub/parser.js"),
    file!("/hub/plot.js", SCRIPT, "hub/plot.js"),
    file!("/hub/presence.js", SCRIPT, "hub/presence.js"),
    file!("/hub/publish.js", SCRIPT, "hub/publish.js"),
    file!("/hub/selectors.js", SCRIPT, "hub/selectors.js"),
    file!("/hub/snippets.js", SCRIPT, "hub/snippets.js"),
    file!("/hub/stream.js", SCRIPT, "hub/stream.js"),
    file!("/hub/subscribe.js", SCRIPT, "hub/subscribe.js"),
];
