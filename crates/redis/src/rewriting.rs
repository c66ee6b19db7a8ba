//! What two lineages have in common. In: the one that was known, the one that is found. Out: the last record
//! that is the same in both. Pure.
//!
//! Next: `tail.rs`.

use wellspring_broker::{Epoch, Lineage};

/// The number of the last record up to `after` that both histories have; 0 if they have none.
pub(crate) fn common(known: &Lineage, found: &Lineage, after: u64) -> u64 {
    let epochs = epochs(known).filter_map(|epoch| {
        let here = known.valid_until(epoch)?;
        Some(found.valid_until(epoch)?.min(here))
    });
    epochs.max().unwrap_or(0).min(after)
}

fn epochs(lineage: &Lineage) -> impl Iterator<Item = Epoch> + '_ {
    let past = lineage.past().iter().map(|fork| fork.epoch);
    past.chain([lineage.current()])
}

#[cfg(test)]
mod tests;
