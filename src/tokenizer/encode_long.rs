//! Merges long pieces over a linked list, in time that grows with their length: window by window, so that what is at work
//! stays near the processor.

use super::encode::{Merges, Work, ignored};
use super::pairs::NONE;
use alloc::collections::BinaryHeap;
use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Reverse;

/// Pieces from this length on are worth a table of all priorities.
const LISTS_BYTES: usize = 1 << 13;
/// Pieces above this length are merged in windows of it.
pub(super) const WINDOW_BYTES: usize = 1 << 15;
/// Tokens at the end of a window that are merged anew with what stands behind them, and by how many times more when what
/// is left does not join.
const OPEN: usize = 4;
const MORE: usize = 8;
/// Windows may take so many times the bytes of their piece, before it is merged at once.
const MOST_AGAIN: usize = 3;

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
        let mut lists = None;
        let chain = self.chained(piece, limit, &mut lists, merged);
        out.extend(chain.ids.into_iter().filter(|&id| id != NONE));
    }

    /// Merges all that can be. Lists are made where they are worth it, and can be used again: they are empty afterwards.
    fn chained(&self, piece: &[u8], limit: u32, lists: &mut Option<Lists>, merged: &mut impl FnMut(u32)) -> Chain<'_> {
        let mut chain = Chain::new(self, piece, limit);
        if self.ordered && piece.len() >= LISTS_BYTES {
            by_lists(&mut chain, lists.get_or_insert_with(|| Lists::new(self.end, piece.len())), merged);
        } else {
            by_heap(&mut chain, merged);
        }
        chain
    }

    /// Appends what merging makes of a piece of any length.
    ///
    /// Ids are what merging makes of their bytes exactly when every two neighbours are what merging makes of the bytes of
    /// those two (`patch.rs` says why). So a window is merged by itself, its last tokens are left to the next one, and where
    /// two windows meet is checked.
    pub(super) fn by_windows(&self, piece: &[u8], window: usize, work: &mut Work, out: &mut Vec<u32>) {
        let first = out.len();
        // Where the tokens in `out` end.
        let (mut ends, mut lists) = (Vec::<usize>::new(), None);
        let (mut kept, mut drop, mut reach, mut spent) = (0, OPEN, 0, 0);
        while spent <= piece.len().saturating_mul(MOST_AGAIN) {
            ends.truncate(kept);
            out.truncate(first + kept);
            let start = ends.last().copied().unwrap_or(0);
            reach = piece.len().min(reach.max(start + window));
            spent += reach - start;
            let chain = self.chained(&piece[start..reach], work.limit, &mut lists, &mut ignored);
            let mut at = 0;
            while let Some(&id) = chain.ids.get(at) {
                at = chain.next[at] as usize;
                out.push(id);
                ends.push(start + at);
            }
            if !self.joins(piece, &ends, &out[first..], kept, work) {
                drop *= MORE;
                kept = kept.saturating_sub(drop);
                continue;
            }
            if reach == piece.len() {
                return;
            }
            if ends.len() <= kept + OPEN {
                reach += reach - start; // nothing of this window stays: a longer one is needed
            }
            (kept, drop) = (ends.len().saturating_sub(OPEN), OPEN);
        }
        out.truncate(first);
        self.long(piece, work.limit, out, &mut ignored);
    }

    /// Whether merging the bytes of a token and of the one before it gives these two.
    fn joins(&self, piece: &[u8], ends: &[usize], ids: &[u32], at: usize, work: &mut Work) -> bool {
        let Some(before) = at.checked_sub(1) else { return true };
        let start = before.checked_sub(1).map_or(0, |i| ends[i]);
        let mut found = Vec::new();
        self.merge(&piece[start..ends[at]], work, &mut found, &mut ignored);
        found == ids[before..=at]
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
fn by_lists(chain: &mut Chain, lists: &mut Lists, merged: &mut impl FnMut(u32)) {
    lists.entries.clear();
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
            by_lists(&mut by_some_lists, &mut Lists::new(merges.end, piece.len()), &mut |priority| {
                second.push(priority)
            });
            for chain in [by_a_heap, by_some_lists] {
                let found: Vec<u32> = chain.ids.into_iter().filter(|&id| id != NONE).collect();
                assert_eq!(found, expected, "{pairs:?} {piece:?}");
            }
            assert_eq!(first, second);
            assert_eq!(first.len(), piece.len() - expected.len());
        }
    }

    #[test]
    fn windows_of_any_size_come_to_what_merging_at_once_comes_to() {
        let mut rng = Rng::new(5, Purpose::Test, 0);
        for case in 0..3_000 {
            let pairs = random_pairs(&mut rng);
            let merges = merges_of(&pairs);
            let letters = 1 + rng.below(3);
            let unit: Vec<u8> = (0..1 + rng.below(60)).map(|_| b'a' + rng.below(letters) as u8).collect();
            let piece: Vec<u8> = unit.iter().copied().cycle().take(1 + rng.below(900)).collect();
            let mut work = Work::new(256 + rng.below(22) as u32);
            let (mut expected, mut found) = (vec![7], vec![7]);
            merges.long(&piece, work.limit, &mut expected, &mut ignored);
            merges.by_windows(&piece, 1 + rng.below(50), &mut work, &mut found);
            assert_eq!(found, expected, "case {case}: {pairs:?} {piece:?}");
        }
    }

    #[test]
    fn what_stands_at_the_end_decides_on_everything_before_it_and_windows_find_out() {
        // Pairs are taken from the right: only the last a tells where they begin.
        let pairs: Vec<(u32, u32)> = [(97, 98)].into_iter().chain((256..316).map(|id| (97, id))).collect();
        let merges = merges_of(&pairs);
        let piece = [&[b'a'; 59][..], b"b"].concat().repeat(40);
        for window in [1, 7, 61, 200] {
            let (mut expected, mut found) = (vec![], vec![]);
            merges.long(&piece, NONE, &mut expected, &mut ignored);
            merges.by_windows(&piece, window, &mut Work::new(NONE), &mut found);
            assert_eq!((found.len(), found), (40, expected), "{window}");
        }
    }

    #[test]
    fn a_million_equal_characters_are_merged_at_once() {
        let merges = merges_of(&[(120, 120), (256, 256), (257, 257)]);
        let mut out = vec![];
        merges.by_windows(&[b'x'; 1_000_000], WINDOW_BYTES, &mut Work::new(NONE), &mut out);
        assert_eq!(out, [258; 125_000]);
    }
}
