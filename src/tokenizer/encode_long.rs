//! Merges long pieces over a linked list with a heap: n log n.

use super::encode::Merges;
use super::pairs::NONE;
use alloc::collections::BinaryHeap;
use alloc::vec::Vec;
use core::cmp::Reverse;

/// Parts of a piece, named by their first byte.
struct Chain<'a> {
    merges: &'a Merges,
    limit: u32,
    /// [`NONE`] where a part was swallowed; it merges with nothing.
    ids: Vec<u32>,
    next: Vec<u32>,
    previous: Vec<u32>,
}

impl<'a> Chain<'a> {
    fn new(merges: &'a Merges, piece: &[u8], limit: u32) -> Self {
        let len = piece.len() as u32;
        Self {
            merges,
            limit,
            ids: piece.iter().map(|&byte| byte.into()).collect(),
            next: (1..=len).collect(),
            previous: [NONE].into_iter().chain(0..len.saturating_sub(1)).collect(),
        }
    }

    /// Priority of merging a part with the one behind it.
    #[inline]
    fn candidate(&self, at: u32) -> Option<u32> {
        let &right = self.ids.get(self.next[at as usize] as usize)?;
        let priority = self.merges.get(self.ids[at as usize], right);
        (priority < self.limit).then_some(priority)
    }

    /// Merges a part with the one behind it; returns the one before it, if any.
    #[inline]
    fn merge(&mut self, at: u32, priority: u32) -> Option<u32> {
        let swallowed = self.next[at as usize] as usize;
        (self.ids[at as usize], self.ids[swallowed]) = (self.merges.made(priority), NONE);
        let after = self.next[swallowed];
        self.next[at as usize] = after;
        if let Some(behind) = self.previous.get_mut(after as usize) {
            *behind = at;
        }
        let before = self.previous[at as usize];
        (before != NONE).then_some(before)
    }
}

impl Merges {
    /// As [`Merges::merge`].
    pub(super) fn long(&self, piece: &[u8], limit: u32, out: &mut Vec<u32>, merged: &mut impl FnMut(u32)) {
        let mut chain = Chain::new(self, piece, limit);
        by_heap(&mut chain, merged);
        out.extend(chain.ids.into_iter().filter(|&id| id != NONE));
    }
}

/// A heap of candidates, priority above place: the lowest first, the leftmost first. n log n.
fn by_heap(chain: &mut Chain, merged: &mut impl FnMut(u32)) {
    let entry = |priority: u32, at: u32| Reverse(u64::from(priority) << 32 | u64::from(at));
    let places = 0..chain.ids.len() as u32;
    let mut heap: BinaryHeap<_> = places.filter_map(|at| Some(entry(chain.candidate(at)?, at))).collect();
    while let Some(Reverse(best)) = heap.pop() {
        let (priority, at) = ((best >> 32) as u32, best as u32);
        // Stale when either side has changed since.
        if chain.candidate(at) != Some(priority) {
            continue;
        }
        merged(priority);
        let before = chain.merge(at, priority);
        let new = before.into_iter().chain([at]).filter_map(|at| Some(entry(chain.candidate(at)?, at)));
        heap.extend(new);
    }
}

#[cfg(test)]
mod tests {
    use super::super::encode::tests::{merges_of, naive, random_pairs};
    use super::*;
    use crate::rng::{Purpose, Rng};
    use alloc::vec;

    #[test]
    fn a_heap_comes_to_the_rule() {
        let mut rng = Rng::new(2, Purpose::Test, 0);
        for _ in 0..600 {
            let pairs = random_pairs(&mut rng);
            let unit: Vec<u8> = (0..1 + rng.below(40)).map(|_| b'a' + rng.below(3) as u8).collect();
            let piece: Vec<u8> = unit.iter().copied().cycle().take(1 + rng.below(160)).collect();
            let merges = merges_of(&pairs);
            let limit = 256 + rng.below(22) as u32;
            let expected = naive(&pairs[..pairs.len().min(limit as usize - 256)], &piece);
            let (mut found, mut made) = (vec![], vec![]);
            merges.long(&piece, limit, &mut found, &mut |priority| made.push(priority));
            assert_eq!(found, expected, "{pairs:?} {piece:?}");
            assert_eq!(made.len(), piece.len() - expected.len());
        }
    }

    #[test]
    fn a_million_equal_characters_are_merged_at_once() {
        let merges = merges_of(&[(120, 120), (256, 256), (257, 257)]);
        let mut out = vec![];
        merges.long(&[b'x'; 1_000_000], NONE, &mut out, &mut |_| {});
        assert_eq!(out, [258; 125_000]);
    }
}
