use super::page;
use std::time::Duration;
use xtask::Machine;

#[test]
fn a_page_has_every_figure_and_how_to_find_it_again() {
    let figures = ["7 seeds".to_owned(), "cut 3".to_owned()];
    let took = Duration::from_secs(5);
    let page = page(
        &Machine::look(),
        "simulation",
        "about it",
        (took, "built"),
        &figures,
    );
    assert!(page.starts_with("# Soak simulation, "));
    assert!(page.contains("`cargo xtask soak simulation`"));
    assert!(page.ends_with("\n- 7 seeds\n- cut 3\n"));
}
