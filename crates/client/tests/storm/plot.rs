//! Curves as SVG. In: for each run, how many attempts the window before each moment held. Out: a
//! picture that stays small and legible on light and on dark.
//!
//! Next: back to `main.rs`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 44.0;
const BOTTOM: f64 = 36.0;
const TOP: f64 = 14.0;
/// Pixels that a point of a curve takes.
const STEP: f64 = 3.0;

pub(crate) fn svg(runs: &[Vec<(Duration, usize)>], most: usize) -> String {
    let last = runs.iter().flatten().map(|(at, _)| at.as_secs_f64());
    let seconds = last.fold(1.0, f64::max).ceil();
    let x = |at: f64| LEFT + at / seconds * (WIDTH - LEFT - 10.0);
    let y = |count: usize| {
        let share = count as f64 / (most + 10) as f64;
        HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)
    };
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         font-family=\"sans-serif\" font-size=\"11\" fill=\"none\" stroke=\"#888\">\n\
         <title>Attempts in the 100 ms before each moment, after a server with 500 sources was killed; \
         {} runs</title>\n",
        runs.len()
    );
    let (start, end, floor) = (x(0.0), x(seconds), y(0));
    let _ = writeln!(
        text,
        "<path d=\"M{start:.1} {TOP} V{floor:.1} H{end:.1}\"/>\n\
         <path d=\"M{start:.1} {0:.1} H{end:.1}\" stroke=\"#c33\" stroke-dasharray=\"5 4\"/>",
        y(most)
    );
    for count in (0..=most).step_by(10) {
        let (left, base) = (start - 6.0, y(count) + 4.0);
        let _ = writeln!(text, "{}", label(left, base, "end", &count.to_string()));
    }
    for second in (0..=seconds as u32).step_by(2) {
        let (at, base) = (x(f64::from(second)), floor + 15.0);
        let _ = writeln!(text, "{}", label(at, base, "middle", &second.to_string()));
    }
    let caption = "seconds since the server was killed; it is back after 4";
    let title = label(start + 8.0, TOP + 8.0, "start", "attempts in 100 ms");
    let _ = writeln!(text, "{title}");
    let middle = f64::midpoint(start, end);
    let _ = writeln!(text, "{}", label(middle, HEIGHT - 6.0, "middle", caption));
    for (index, run) in runs.iter().enumerate() {
        let hue = index * 300 / runs.len().max(1) + 200;
        let _ = writeln!(
            text,
            "<polyline stroke=\"hsl({hue} 60% 50%)\" points=\"{}\"/>",
            points(run, x, y)
        );
    }
    text + "</svg>\n"
}

fn label(x: f64, y: f64, anchor: &str, text: &str) -> String {
    format!(
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"#888\" stroke=\"none\">{text}</text>"
    )
}

/// The highest count of each step, so that no peak is lost; nothing where there was no attempt.
fn points(run: &[(Duration, usize)], x: impl Fn(f64) -> f64, y: impl Fn(usize) -> f64) -> String {
    let mut highest: BTreeMap<u32, usize> = BTreeMap::new();
    for &(at, count) in run {
        let step = (x(at.as_secs_f64()) / STEP) as u32;
        let known = highest.entry(step).or_default();
        *known = count.max(*known);
    }
    for step in highest.keys().copied().collect::<Vec<_>>() {
        highest.entry(step.saturating_sub(1)).or_default();
        highest.entry(step + 1).or_default();
    }
    let mut text = String::new();
    for (step, count) in highest {
        let _ = write!(text, "{:.0},{:.0} ", f64::from(step) * STEP, y(count));
    }
    text
}
