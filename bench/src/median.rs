//! In: the figures of several runs. Out: what they come to.
//!
//! Next: `decode/run.rs`, `client/run.rs`, `serve/run.rs`, `sources/`, which make them.

use std::borrow::Borrow;

/// The middle one; of an even number, the upper one of the middle.
pub(crate) fn median(values: impl IntoIterator<Item: Borrow<f64>>) -> f64 {
    let values = ascending(values);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// From the least to the most, as a part of the median.
pub(crate) fn spread(values: impl IntoIterator<Item: Borrow<f64>>) -> f64 {
    let values = ascending(values);
    let ends = values.first().zip(values.last());
    ends.map_or(f64::NAN, |(least, most)| most - least) / median(&values)
}

fn ascending(values: impl IntoIterator<Item: Borrow<f64>>) -> Vec<f64> {
    let mut values: Vec<f64> = values.into_iter().map(|value| *value.borrow()).collect();
    values.sort_by(f64::total_cmp);
    values
}

#[cfg(test)]
mod tests;
