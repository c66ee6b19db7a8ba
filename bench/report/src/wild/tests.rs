//! Both pages.

use super::{Pages, Tables, peers, proxies};
use serde_json::json;
use std::path::Path;

#[test]
fn the_pages_are_what_the_record_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    Pages::of(&root).unwrap().check().unwrap();
}

#[test]
fn the_record_has_what_the_pages_promise() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let tables = Tables::newest(&root).unwrap();
    let mut products: Vec<_> = tables
        .rows("proxies")
        .iter()
        .map(|row| row["product"].as_str())
        .collect();
    products.dedup();
    let counts = (
        products.len(),
        tables.rows("servers").len(),
        tables.rows("clients").len(),
    );
    assert!(
        counts.0 >= 11 && counts.1 >= 16 && counts.2 >= 12,
        "{counts:?}"
    );
    let (proxies, peers) = (proxies::page(&tables), peers::page(&tables));
    for product in products.into_iter().flatten() {
        assert!(
            proxies.contains(&format!("\n## {product}\n")),
            "{product} has no paragraph"
        );
    }
    assert!(
        !(proxies + &peers).contains("null"),
        "something was not found"
    );
}

#[test]
fn a_figure_that_changes_changes_the_page() {
    let tables = |after: u32| Tables {
        file: "2026-11-30-soak-wild.json".to_owned(),
        value: json!({ "proxies": [{
            "product": "nginx", "version": "1.22.1-9", "front": "HTTP/2", "kind": "plain", "lines": "",
            "found": { "first_event_ms": 3, "silence": { "after_s": after, "end": "clean end" }, "leaving_s": null }
        }] }),
    };
    let page = proxies::page(&tables(60));
    assert!(
        page.contains("| nginx 1.22.1 | HTTP/2 | at once | 60 s, clean end |"),
        "{page}"
    );
    assert!(page.contains("not in 75 s"), "{page}");
    assert_ne!(page, proxies::page(&tables(61)));
}
