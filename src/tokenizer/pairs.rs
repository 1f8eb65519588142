//! Pairs of ids in an open-addressed table: what the encoder and the trainer look up most.

use alloc::vec;
use alloc::vec::Vec;

/// No id, no value.
pub(super) const NONE: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
struct Slot {
    left: u32,
    right: u32,
    /// [`NONE`] where the slot is free.
    value: u32,
}

/// (left, right) → a value that is not [`NONE`]. At most half full, so that a search ends soon.
#[derive(Debug, Clone)]
pub(super) struct PairTable {
    slots: Vec<Slot>,
    filled: usize,
}

impl PairTable {
    /// An empty table with room for `pairs`.
    pub fn new(pairs: usize) -> Self {
        let free = Slot { left: 0, right: 0, value: NONE };
        Self { slots: vec![free; (pairs * 2).next_power_of_two().max(16)], filled: 0 }
    }

    /// The slot of a pair, or the free one where it would go.
    #[inline]
    fn find(&self, left: u32, right: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mixed = (u64::from(left) << 32 | u64::from(right)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut at = (mixed >> 32) as usize & mask;
        loop {
            let slot = &self.slots[at];
            if slot.value == NONE || (slot.left == left && slot.right == right) {
                return at;
            }
            at = (at + 1) & mask;
        }
    }

    /// The value of a pair, or [`NONE`].
    #[inline]
    pub fn get(&self, left: u32, right: u32) -> u32 {
        self.slots[self.find(left, right)].value
    }

    /// The value of a pair, which becomes `value` when it had none.
    pub fn get_or_insert(&mut self, left: u32, right: u32, value: u32) -> u32 {
        let at = self.find(left, right);
        if self.slots[at].value != NONE {
            return self.slots[at].value;
        }
        self.slots[at] = Slot { left, right, value };
        self.filled += 1;
        if self.filled * 2 > self.slots.len() {
            self.grow();
        }
        value
    }

    fn grow(&mut self) {
        let mut larger = Self::new(self.slots.len());
        for slot in self.slots.iter().filter(|slot| slot.value != NONE) {
            let at = larger.find(slot.left, slot.right);
            larger.slots[at] = *slot;
        }
        larger.filled = self.filled;
        *self = larger;
    }
}

/// Bits of an id in a [`MergeTable`].
const ID_BITS: u32 = 21;
/// Ids and values in a [`MergeTable`] are below this.
pub(super) const MOST_MERGE_IDS: usize = (1 << ID_BITS) - 1;
const FREE: u64 = u64::MAX;

/// The same for an encoder, in a third less memory, so that more of it stays in the processor's caches: left, right and
/// value in one word.
#[derive(Debug, Clone)]
pub(super) struct MergeTable {
    slots: Vec<u64>,
    filled: usize,
}

impl MergeTable {
    /// An empty table with room for `pairs`.
    pub fn new(pairs: usize) -> Self {
        Self { slots: vec![FREE; (pairs * 2).next_power_of_two().max(16)], filled: 0 }
    }

    /// The slot of a pair, or the free one where it would go.
    #[inline]
    fn find(&self, key: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot >> ID_BITS == key || slot == FREE {
                return at;
            }
            at = (at + 1) & mask;
        }
    }

    /// The value of a pair, or [`NONE`].
    #[inline]
    pub fn get(&self, left: u32, right: u32) -> u32 {
        match self.slots[self.find(u64::from(left) << ID_BITS | u64::from(right))] {
            FREE => NONE,
            slot => slot as u32 & MOST_MERGE_IDS as u32,
        }
    }

    /// Sets the value of a pair; false, and nothing done, when it has one.
    ///
    /// # Panics
    /// If an id or the value is not below [`MOST_MERGE_IDS`]: callers have checked.
    pub fn insert(&mut self, left: u32, right: u32, value: u32) -> bool {
        assert!([left, right, value].iter().all(|&id| (id as usize) < MOST_MERGE_IDS), "ids of more than 21 bits");
        let key = u64::from(left) << ID_BITS | u64::from(right);
        let at = self.find(key);
        if self.slots[at] != FREE {
            return false;
        }
        self.slots[at] = key << ID_BITS | u64::from(value);
        self.filled += 1;
        if self.filled * 2 > self.slots.len() {
            let larger = Self::new(self.slots.len());
            for slot in core::mem::replace(self, larger).slots.into_iter().filter(|&slot| slot != FREE) {
                let at = self.find(slot >> ID_BITS);
                self.slots[at] = slot;
                self.filled += 1;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeMap;

    proptest::proptest! {
        #[test]
        fn the_table_is_a_map(pairs in proptest::collection::vec((0u32..40, 0u32..40), 0..400)) {
            let (mut table, mut map) = (PairTable::new(0), BTreeMap::new());
            for (value, &(left, right)) in (0..).zip(&pairs) {
                let first = *map.entry((left, right)).or_insert(value);
                assert_eq!(table.get_or_insert(left, right, value), first);
            }
            for (left, right) in (0..40).flat_map(|left| (0..40).map(move |right| (left, right))) {
                assert_eq!(table.get(left, right), map.get(&(left, right)).copied().unwrap_or(NONE));
            }
        }

        #[test]
        fn the_merge_table_is_a_map(pairs in proptest::collection::vec((0u32..40, 0u32..40, 0u32..2_000_000), 0..400)) {
            let (mut table, mut map) = (MergeTable::new(0), BTreeMap::new());
            // Large ids as well: the highest of all is the word that marks a free slot, and is refused.
            let id = |n: u32| if n < 20 { n } else { MOST_MERGE_IDS as u32 - 60 + n };
            for &(left, right, value) in &pairs {
                let new = map.insert((left, right), value);
                assert_eq!(table.insert(id(left), id(right), value), new.is_none());
                map.insert((left, right), new.unwrap_or(value));
            }
            for (left, right) in (0..40).flat_map(|left| (0..40).map(move |right| (left, right))) {
                assert_eq!(table.get(id(left), id(right)), map.get(&(left, right)).copied().unwrap_or(NONE));
            }
        }
    }
}
