//! In: labelled values. Out: horizontal bars as SVG, readable on light and on dark pages.
//!
//! Next: `report.rs`, which puts them on a page.

use serde_json::{Value, json};
use std::fmt::Write as _;

/// One value of a chart.
#[derive(Clone, Debug)]
pub(crate) struct Bar {
    pub(crate) label: String,
    pub(crate) value: f64,
    pub(crate) ours: bool,
}

/// Values side by side.
#[derive(Clone, Debug)]
pub(crate) struct Chart<U = &'static str> {
    pub(crate) title: String,
    /// What a value is, and which direction is better.
    pub(crate) unit: U,
    pub(crate) bars: Vec<Bar>,
}

const WIDTH: f64 = 760.0;
const LABELS: f64 = 240.0;
const VALUES: f64 = 90.0;
const ROW: f64 = 24.0;
const TOP: f64 = 46.0;

const STYLE: &str = "text{font:13px system-ui,sans-serif;fill:#222}.t{font-weight:600;font-size:15px}.u{fill:#666}\
    .b{fill:#9aa5b1}.o{fill:#0b7285}@media(prefers-color-scheme:dark){text{fill:#ddd}.u{fill:#999}.b{fill:#5c6770}\
    .o{fill:#3bc9db}}";

impl<U: AsRef<str>> Chart<U> {
    pub(crate) fn json(&self) -> Value {
        let bars = self.bars.iter();
        let bars =
            bars.map(|bar| json!({ "label": bar.label, "value": bar.value, "ours": bar.ours }));
        json!({ "title": self.title, "unit": self.unit.as_ref(), "bars": bars.collect::<Vec<_>>() })
    }

    pub(crate) fn svg(&self) -> String {
        let height = TOP + ROW * self.bars.len() as f64 + 8.0;
        let most = self
            .bars
            .iter()
            .map(|bar| bar.value)
            .fold(f64::MIN_POSITIVE, f64::max);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\">\n\
             <title>{}</title>\n<style>{STYLE}</style>\n\
             <text class=\"t\" x=\"8\" y=\"18\">{0}</text>\n<text class=\"u\" x=\"8\" y=\"36\">{}</text>\n",
            escaped(&self.title),
            escaped(self.unit.as_ref())
        );
        for (number, bar) in self.bars.iter().enumerate() {
            let y = TOP + ROW * number as f64;
            let length = (WIDTH - LABELS - VALUES) * bar.value / most;
            let class = if bar.ours { "o" } else { "b" };
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

impl Chart<String> {
    pub(crate) fn from_json(value: &Value) -> Option<Self> {
        let text = |key: &str| Some(value.get(key)?.as_str()?.to_owned());
        let bar = |bar: &Value| {
            Some(Bar {
                label: bar.get("label")?.as_str()?.to_owned(),
                value: bar.get("value")?.as_f64()?,
                ours: bar.get("ours")?.as_bool()?,
            })
        };
        Some(Self {
            title: text("title")?,
            unit: text("unit")?,
            bars: value
                .get("bars")?
                .as_array()?
                .iter()
                .map(bar)
                .collect::<Option<_>>()?,
        })
    }
}

/// Three figures that count.
fn figure(value: f64) -> String {
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
