//! A set of places in a list. In: places, in any order. Out: the same, from the first to the last.
//!
//! One bit for each place: with 10,000 subscribers that is 1,250 bytes, and to find the next one costs a few
//! instructions. Moving all waiting subscribers to those who are due, which happens under the channel's lock at
//! every publish, is an OR over the words.
//!
//! Next: `group.rs`, whose places they are.

const BITS: usize = u64::BITS as usize;

/// A set of small numbers.
#[derive(Debug, Default)]
pub(super) struct Places {
    words: Vec<u64>,
    count: usize,
}

impl Places {
    /// Returns how many there are.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Adds a place; nothing changes if it is there.
    #[inline]
    pub(super) fn insert(&mut self, place: usize) {
        let index = place / BITS;
        if index >= self.words.len() {
            self.words.resize(index + 1, 0);
        }
        if let Some(word) = self.words.get_mut(index) {
            let bit = 1 << (place % BITS);
            self.count += usize::from(*word & bit == 0);
            *word |= bit;
        }
    }

    /// Removes a place; nothing changes if it is not there.
    pub(super) fn remove(&mut self, place: usize) {
        if let Some(word) = self.words.get_mut(place / BITS) {
            let bit = 1 << (place % BITS);
            self.count -= usize::from(*word & bit != 0);
            *word &= !bit;
        }
    }

    /// Moves all places of the other set to this one.
    pub(super) fn append(&mut self, other: &mut Self) {
        if other.is_empty() {
            return;
        }
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (here, there) in self.words.iter_mut().zip(&mut other.words) {
            self.count += (*there & !*here).count_ones() as usize;
            *here |= std::mem::take(there);
        }
        other.count = 0;
    }

    /// Takes the first place that is not before `start`.
    #[inline]
    pub(super) fn take_next(&mut self, start: usize) -> Option<usize> {
        let mut wanted = !0 << (start % BITS);
        for (index, word) in self.words.iter_mut().enumerate().skip(start / BITS) {
            let left = *word & wanted;
            wanted = !0;
            if left != 0 {
                let bit = left.trailing_zeros();
                *word &= !(1 << bit);
                self.count -= 1;
                return Some(index * BITS + bit as usize);
            }
        }
        None
    }
}
