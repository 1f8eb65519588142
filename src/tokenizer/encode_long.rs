//! Merges long pieces over a linked list, in time that hardly grows faster than their length.

use super::encode::Merges;
use super::pairs::NONE;
use alloc::collections::BinaryHeap;
use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Reverse;

/// Pieces from this length on are worth a table of all priorities.
const LISTS_BYTES: usize = 1 << 13;

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

/// Places by priority. Each priority has a list in the order in which its places came.
struct Lists {
    /// First and last entry by priority, or [`NONE`].
    ends: Vec<(u32, u32)>,
    /// (place, next entry)
    entries: Vec<(u32, u32)>,
    /// Priorities that have places.
    waiting: BinaryHeap<Reverse<u32>>,
}

impl Lists {
    fn new(end: u32, places: usize) -> Self {
        let entries = Vec::with_capacity(places);
        Self { ends: vec![(NONE, NONE); end as usize], entries, waiting: BinaryHeap::new() }
    }

    #[inline]
    fn push(&mut self, priority: u32, place: u32) {
        let entry = self.entries.len() as u32;
        self.entries.push((place, NONE));
        let (first, last) = &mut self.ends[priority as usize];
        if *first == NONE {
            *first = entry;
            self.waiting.push(Reverse(priority));
        } else {
            self.entries[*last as usize].1 = entry;
        }
        *last = entry;
    }

    /// The lowest priority; its places, ascending, come into `places`.
    fn pop(&mut self, places: &mut Vec<u32>) -> Option<u32> {
        let Reverse(priority) = self.waiting.pop()?;
        let (mut entry, _) = core::mem::replace(&mut self.ends[priority as usize], (NONE, NONE));
        places.clear();
        while entry != NONE {
            let (place, next) = self.entries[entry as usize];
            places.push(place);
            entry = next;
        }
        // Few runs, each ascending: one for each priority that was merged before.
        places.sort();
        Some(priority)
    }
}

impl Merges {
    /// As [`Merges::merge`].
    pub(super) fn long(&self, piece: &[u8], limit: u32, out: &mut Vec<u32>, merged: &mut impl FnMut(u32)) {
        let mut chain = Chain::new(self, piece, limit);
        if self.ordered && piece.len() >= LISTS_BYTES {
            by_lists(&mut chain, self.end, merged);
        } else {
            by_heap(&mut chain, merged);
        }
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

/// All places of a priority at once: what a merge makes possible has a higher one. Linear but for the order of
/// priorities: much faster where a long piece repeats itself.
fn by_lists(chain: &mut Chain, end: u32, merged: &mut impl FnMut(u32)) {
    let mut lists = Lists::new(end, chain.ids.len());
    for at in 0..chain.ids.len() as u32 {
        if let Some(priority) = chain.candidate(at) {
            lists.push(priority, at);
        }
    }
    let mut places = Vec::new();
    while let Some(priority) = lists.pop(&mut places) {
        for &at in &places {
            if chain.candidate(at) != Some(priority) {
                continue;
            }
            merged(priority);
            let before = chain.merge(at, priority);
            for at in before.into_iter().chain([at]) {
                if let Some(priority) = chain.candidate(at) {
                    lists.push(priority, at);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::encode::tests::{merges_of, naive, random_pairs};
    use super::*;
    use crate::rng::{Purpose, Rng};

    #[test]
    fn heap_and_lists_come_to_the_rule() {
        let mut rng = Rng::new(2, Purpose::Test, 0);
        for _ in 0..600 {
            let pairs = random_pairs(&mut rng);
            let unit: Vec<u8> = (0..1 + rng.below(40)).map(|_| b'a' + rng.below(3) as u8).collect();
            let piece: Vec<u8> = unit.iter().copied().cycle().take(1 + rng.below(160)).collect();
            let merges = merges_of(&pairs);
            let limit = 256 + rng.below(22) as u32;
            let expected = naive(&pairs[..pairs.len().min(limit as usize - 256)], &piece);
            let (mut by_a_heap, mut by_some_lists) =
                (Chain::new(&merges, &piece, limit), Chain::new(&merges, &piece, limit));
            let (mut first, mut second) = (vec![], vec![]);
            by_heap(&mut by_a_heap, &mut |priority| first.push(priority));
            by_lists(&mut by_some_lists, merges.end, &mut |priority| second.push(priority));
            for chain in [by_a_heap, by_some_lists] {
                let found: Vec<u32> = chain.ids.into_iter().filter(|&id| id != NONE).collect();
                assert_eq!(found, expected, "{pairs:?} {piece:?}");
            }
            assert_eq!(first, second);
            assert_eq!(first.len(), piece.len() - expected.len());
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
