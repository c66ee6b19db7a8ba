//! In: the text of a record. Out: the same, as part of a page.
//!
//! Next: `lost.rs`.

/// The text with links and images that lead from `docs/` to where they led from `bench/record/`.
pub(crate) fn shifted(text: &str) -> String {
    let mut shifted = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("](") {
        let (before, after) = rest.split_at(at + 2);
        shifted.push_str(before);
        let leads_away = ["http:", "https:", "#", "/"];
        if !leads_away
            .iter()
            .any(|beginning| after.starts_with(beginning))
        {
            shifted.push_str("../bench/record/");
        }
        rest = after;
    }
    shifted.push_str(rest);
    shifted
}

/// The text with its first heading at this level, and the others as far below it as they were. How to repeat it has
/// been said above.
pub(crate) fn under(level: usize, text: &str) -> String {
    let depth = |line: &str| line.bytes().take_while(|byte| *byte == b'#').count();
    let first = text
        .lines()
        .map(depth)
        .find(|depth| *depth > 0)
        .unwrap_or(level);
    let mut moved = String::with_capacity(text.len());
    for line in text.lines().filter(|line| !line.starts_with("- again: ")) {
        let depth = depth(line);
        if depth > 0 {
            moved.push_str(&"#".repeat((depth + level).saturating_sub(first).clamp(level, 6)));
        }
        moved.push_str(line[depth..].trim_end());
        moved.push('\n');
    }
    format!("{}\n\n", moved.trim_end())
}
