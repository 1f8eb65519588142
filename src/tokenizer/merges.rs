//! Pairs of ids to the id that they merge into, and merging a piece by them.

use alloc::collections::BinaryHeap;
use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Reverse;

/// Pieces longer than this are merged with a heap, so that no input takes quadratic time.
const SCAN_LIMIT: usize = 48;
const EMPTY: u64 = u64::MAX;
const NONE: u32 = u32::MAX;

/// Open-addressed table keyed by (left, right).
#[derive(Debug, Clone)]
pub(super) struct Merges {
    keys: Vec<u64>,
    ids: Vec<u32>,
}

fn key(left: u32, right: u32) -> u64 {
    u64::from(left) << 32 | u64::from(right)
}

impl Merges {
    /// The table of pairs whose ids follow each other from `first_id` on.
    pub fn new(pairs: &[(u32, u32)], first_id: u32) -> Self {
        let size = (pairs.len() * 2).next_power_of_two().max(16);
        let mut table = Self { keys: vec![EMPTY; size], ids: vec![0; size] };
        for (&(left, right), id) in pairs.iter().zip(first_id..) {
            let slot = table.slot(key(left, right));
            table.keys[slot] = key(left, right);
            table.ids[slot] = id;
        }
        table
    }

    fn slot(&self, key: u64) -> usize {
        let mask = self.keys.len() - 1;
        let mut slot = (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize & mask;
        while self.keys[slot] != EMPTY && self.keys[slot] != key {
            slot = (slot + 1) & mask;
        }
        slot
    }

    /// The id of a pair.
    pub fn get(&self, left: u32, right: u32) -> Option<u32> {
        let slot = self.slot(key(left, right));
        (self.keys[slot] != EMPTY).then(|| self.ids[slot])
    }

    /// Merges the bytes of a piece, the pair with the lowest id first, leftmost first, and appends the ids.
    pub fn merge(&self, piece: &[u8], out: &mut Vec<u32>) {
        let start = out.len();
        out.extend(piece.iter().map(|&b| u32::from(b)));
        if piece.len() > SCAN_LIMIT {
            let merged = self.merge_long(&out[start..]);
            out.truncate(start);
            out.extend(merged);
            return;
        }
        while let Some((at, id)) = self.lowest(&out[start..]) {
            out[start + at] = id;
            out.remove(start + at + 1);
        }
    }

    fn lowest(&self, ids: &[u32]) -> Option<(usize, u32)> {
        let found = ids.windows(2).enumerate().filter_map(|(i, w)| Some((i, self.get(w[0], w[1])?)));
        found.min_by_key(|&(i, id)| (id, i))
    }

    /// The same with a heap of candidate pairs over a linked list: n log n.
    fn merge_long(&self, bytes: &[u32]) -> Vec<u32> {
        let n = bytes.len();
        let mut ids = bytes.to_vec();
        let mut next: Vec<u32> = (1..n as u32).chain([NONE]).collect();
        let mut previous: Vec<u32> = [NONE].into_iter().chain(0..n as u32 - 1).collect();
        let mut heap: BinaryHeap<Reverse<(u32, u32, u32, u32)>> = BinaryHeap::new();
        let candidate = |ids: &[u32], next: &[u32], at: u32| {
            let right = next[at as usize];
            let (left_id, right_id) = (ids[at as usize], *ids.get(right as usize)?);
            Some(Reverse((self.get(left_id, right_id)?, at, left_id, right_id)))
        };
        heap.extend((0..n as u32).filter_map(|at| candidate(&ids, &next, at)));
        while let Some(Reverse((id, at, left_id, right_id))) = heap.pop() {
            let right = next[at as usize];
            // Stale when either side has changed since; a removed left side holds NONE.
            if right == NONE || ids[at as usize] != left_id || ids[right as usize] != right_id {
                continue;
            }
            ids[at as usize] = id;
            ids[right as usize] = NONE;
            let after = next[right as usize];
            next[at as usize] = after;
            if after != NONE {
                previous[after as usize] = at;
            }
            heap.extend(candidate(&ids, &next, at));
            if previous[at as usize] != NONE {
                heap.extend(candidate(&ids, &next, previous[at as usize]));
            }
        }
        ids.retain(|&id| id != NONE);
        ids
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Rng};

    #[test]
    fn long_pieces_merge_as_short_ones_do() {
        let mut r = Rng::new(1, Purpose::Test, 0);
        for _ in 0..200 {
            let mut pairs: Vec<(u32, u32)> = vec![];
            for next in 0..12u32 {
                let id = |r: &mut Rng| {
                    let n = r.below(3 + next as usize) as u32;
                    if n < 3 { u32::from(b'a') + n } else { 256 + n - 3 }
                };
                let pair = (id(&mut r), id(&mut r));
                if !pairs.contains(&pair) {
                    pairs.push(pair);
                }
            }
            let merges = Merges::new(&pairs, 256);
            let piece: Vec<u8> = (0..SCAN_LIMIT).map(|_| b'a' + r.below(3) as u8).collect();
            let mut scanned = vec![];
            merges.merge(&piece, &mut scanned);
            let bytes: Vec<u32> = piece.iter().map(|&b| u32::from(b)).collect();
            assert_eq!(merges.merge_long(&bytes), scanned, "{pairs:?} {piece:?}");
        }
    }

    #[test]
    fn a_hundred_thousand_equal_characters_are_merged_at_once() {
        let merges = Merges::new(&[(120, 120), (256, 256), (257, 257)], 256);
        let mut out = vec![];
        merges.merge(&[b'x'; 100_000], &mut out);
        assert_eq!(out, [258; 12_500]);
    }
}
