//! In: labelled values. Out: horizontal bars as SVG, readable on light and on dark pages; or JSON, and back from it.
//!
//! Next: `lost.rs`, which looks for who is best.

use serde_json::{Value, json};
use std::fmt::Write as _;

/// What somebody who is measured is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Ours.
    Ours,
    /// Published, and does the same.
    Peer,
    /// The least that there is to do, with the usual means.
    Floor,
    /// Does something else: what the machine can do at best.
    Anchor,
}

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Whose it is.
    pub label: String,
    /// In the chart's unit.
    pub value: f64,
    /// What that one is to us.
    pub role: Role,
}

/// Values side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// What is measured, and how.
    pub title: String,
    /// What a value is, then a comma and `more is better` or `less is better`.
    pub unit: String,
    /// In the order of the table.
    pub bars: Vec<Bar>,
}

const WIDTH: f64 = 760.0;
const LABELS: f64 = 240.0;
const VALUES: f64 = 90.0;
const ROW: f64 = 24.0;
const TOP: f64 = 46.0;

const STYLE: &str = "text{font:13px system-ui,sans-serif;fill:#222}.t{font-weight:600;font-size:15px}.u{fill:#666}\
    .b{fill:#9aa5b1}.o{fill:#0b7285}@media(prefers-color-scheme:dark){text{fill:#ddd}.u{fill:#999}.b{fill:#5c6770}\
    .o{fill:#3bc9db}}";

impl Role {
    const NAMES: [(Self, &'static str); 4] = [
        (Self::Ours, "ours"),
        (Self::Peer, "peer"),
        (Self::Floor, "floor"),
        (Self::Anchor, "anchor"),
    ];

    fn name(self) -> &'static str {
        let mut names = Self::NAMES.iter();
        names
            .find(|(role, _)| *role == self)
            .map_or("", |(_, name)| name)
    }

    /// Records of old say only whether it is ours.
    fn from_json(bar: &Value) -> Option<Self> {
        let Some(role) = bar.get("role") else {
            let ours = bar.get("ours")?.as_bool()?;
            return Some(if ours { Self::Ours } else { Self::Anchor });
        };
        let mut names = Self::NAMES.iter();
        let known = names.find(|(_, name)| role.as_str() == Some(name))?;
        Some(known.0)
    }
}

impl Chart {
    /// For a record.
    #[must_use]
    pub fn json(&self) -> Value {
        let bars = self
            .bars
            .iter()
            .map(|bar| json!({ "label": bar.label, "value": bar.value, "role": bar.role.name() }));
        json!({ "title": self.title, "unit": self.unit, "bars": bars.collect::<Vec<_>>() })
    }

    /// Out of a record; `None` when it lacks something.
    #[must_use]
    pub fn from_json(value: &Value) -> Option<Self> {
        let text = |key: &str| Some(value.get(key)?.as_str()?.to_owned());
        let bar = |bar: &Value| {
            Some(Bar {
                label: bar.get("label")?.as_str()?.to_owned(),
                value: bar.get("value")?.as_f64()?,
                role: Role::from_json(bar)?,
            })
        };
        let bars = value.get("bars")?.as_array()?.iter();
        Some(Self {
            title: text("title")?,
            unit: text("unit")?,
            bars: bars.map(bar).collect::<Option<_>>()?,
        })
    }

    /// Bars, ours in colour.
    #[must_use]
    pub fn svg(&self) -> String {
        let height = TOP + ROW * self.bars.len() as f64 + 8.0;
        let values = self.bars.iter().map(|bar| bar.value);
        let most = values.fold(f64::MIN_POSITIVE, f64::max);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\">\n\
             <title>{}</title>\n<style>{STYLE}</style>\n\
             <text class=\"t\" x=\"8\" y=\"18\">{0}</text>\n<text class=\"u\" x=\"8\" y=\"36\">{}</text>\n",
            escaped(&self.title),
            escaped(&self.unit)
        );
        for (number, bar) in self.bars.iter().enumerate() {
            let y = TOP + ROW * number as f64;
            let length = (WIDTH - LABELS - VALUES) * bar.value / most;
            let class = if bar.role == Role::Ours { "o" } else { "b" };
            let _ = writeln!(
                svg,
                "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">{}</text>\
                 <rect class=\"{class}\" x=\"{LABELS}\" y=\"{:.0}\" width=\"{length:.1}\" height=\"16\" rx=\"2\"/>\
                 <text x=\"{:.1}\" y=\"{:.0}\">{}</text>",
                LABELS - 8.0,
                y + 13.0,
                escaped(&bar.label),
                y + 1.0,
                LABELS + length + 6.0,
                y + 13.0,
                figure(bar.value)
            );
        }
        svg.push_str("</svg>\n");
        svg
    }
}

/// Three figures that count.
pub(crate) fn figure(value: f64) -> String {
    let digits = match value.abs() {
        value if value >= 100.0 => 0,
        value if value >= 10.0 => 1,
        value if value >= 1.0 => 2,
        _ => 3,
    };
    format!("{value:.digits$}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
