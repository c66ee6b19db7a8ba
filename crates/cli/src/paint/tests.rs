use super::*;

#[test]
fn no_color_is_honoured_when_it_is_not_empty() {
    let wants = |no_color: Option<&str>, term: Option<&str>| {
        wants_color(no_color.map(OsStr::new), term.map(OsStr::new))
    };
    assert!(wants(None, Some("xterm")));
    assert!(wants(Some(""), Some("xterm")));
    assert!(wants(None, None));
    assert!(!wants(Some("1"), Some("xterm")));
    assert!(!wants(None, Some("dumb")));
}

#[test]
fn without_colour_styles_write_nothing() {
    let plain = Paint::never();
    let styles = [plain.event_type("notice"), plain.aside(), plain.strong()];
    for style in styles {
        assert_eq!(format!("{style}x{style:#}"), "x");
    }
}

#[test]
fn the_demos_types_differ() {
    let paint = Paint { on: true };
    let styles = ["message", "notice", "update"].map(|name| paint.event_type(name));
    assert!(styles[0] != styles[1] && styles[1] != styles[2] && styles[0] != styles[2]);
}
