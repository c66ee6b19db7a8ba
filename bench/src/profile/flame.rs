//! In: a profile. Out: its flame graph as SVG: callers below, what they call above them, as wide as the time that it takes.
//! The name of what is too narrow for it shows when the pointer rests on it. What takes less than a five-hundredth is left out.
//!
//! Next: `report.rs`.

use super::stacks::{Node, Owner, Profile, owner};
use std::fmt::Write as _;

const WIDTH: f64 = 1200.0;
const ROW: f64 = 17.0;
const TOP: f64 = 30.0;
/// Of all samples.
const LEAST: f64 = 0.002;
/// Of one character.
const CHARACTER: f64 = 6.3;

const STYLE: &str = "text{font:10.5px ui-monospace,monospace;fill:#111}.t{font:600 14px system-ui,sans-serif}\
    .o rect{fill:#66c2d0}.p rect{fill:#e9d8a6}.k rect{fill:#c9ced6}rect{stroke:#fff;stroke-width:.5}\
    @media(prefers-color-scheme:dark){.t{fill:#ddd}rect{stroke:#111}}";

pub(crate) fn svg(title: &str, profile: &Profile) -> String {
    let least = (profile.samples as f64 * LEAST).ceil() as u64;
    let root = base(profile);
    let height = TOP + ROW * depth(root, least) as f64 + 4.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\">\n<title>{0}</title>\n\
         <style>{STYLE}</style>\n<text class=\"t\" x=\"4\" y=\"18\">{0}: ours blue, others' yellow, the kernel grey</text>\n",
        escaped(title)
    );
    let scale = WIDTH / profile.samples.max(1) as f64;
    let mut drawing = Drawing {
        svg: &mut svg,
        profile,
        least,
        scale,
        bottom: height - 4.0 - ROW,
    };
    drawing.callees(root, 0.0, 0);
    svg.push_str("</svg>\n");
    svg
}

/// What the first frames of a runtime say of all samples, nobody needs to see.
fn base(profile: &Profile) -> &Node {
    let most = profile.samples - profile.samples / 100;
    let mut node = &profile.root;
    loop {
        let mut callees = node.callees.iter();
        let wide =
            callees.find(|(name, callee)| callee.total >= most && owner(name) != Owner::Ours);
        match wide {
            Some((_, callee)) => node = callee,
            None => return node,
        }
    }
}

fn depth(node: &Node, least: u64) -> usize {
    let wide = node.callees.values().filter(|callee| callee.total >= least);
    wide.map(|callee| 1 + depth(callee, least))
        .max()
        .unwrap_or(0)
}

struct Drawing<'a> {
    svg: &'a mut String,
    profile: &'a Profile,
    least: u64,
    scale: f64,
    bottom: f64,
}

impl Drawing<'_> {
    fn callees(&mut self, node: &Node, mut x: f64, level: usize) {
        for (name, callee) in &node.callees {
            let width = callee.total as f64 * self.scale;
            if callee.total >= self.least {
                self.frame(name, callee.total, x, width, level);
                self.callees(callee, x, level + 1);
            }
            x += width;
        }
    }

    fn frame(&mut self, name: &str, total: u64, x: f64, width: f64, level: usize) {
        let y = self.bottom - ROW * level as f64;
        let class = match owner(name) {
            Owner::Ours => "o",
            Owner::Others => "p",
            Owner::Kernel => "k",
        };
        let percent = self.profile.percent(total);
        let _ = write!(
            self.svg,
            "<g class=\"{class}\"><title>{} {percent:.1} %</title><rect x=\"{x:.1}\" y=\"{y:.0}\" width=\"{width:.1}\" height=\"{ROW}\"/>",
            escaped(name)
        );
        let shown = fitting(name, (width - 4.0) / CHARACTER);
        if !shown.is_empty() {
            let (x, y) = (x + 2.0, y + 12.0);
            let _ = write!(
                self.svg,
                "<text x=\"{x:.1}\" y=\"{y:.0}\">{}</text>",
                escaped(&shown)
            );
        }
        self.svg.push_str("</g>\n");
    }
}

/// As much of the end of a path as there is room for, which says more than its beginning.
fn fitting(name: &str, room: f64) -> String {
    let characters = name.chars().count();
    let room = room.max(0.0) as usize;
    if characters <= room {
        return name.to_owned();
    }
    if room < 4 {
        return String::new();
    }
    let end: String = name.chars().skip(characters - (room - 1)).collect();
    format!("…{end}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests;
