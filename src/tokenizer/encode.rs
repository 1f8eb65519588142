//! Merges the bytes of a piece: the pair with the lowest id first, leftmost first, until no pair has an id.

use super::pairs::{NONE, PairTable};
use alloc::collections::BinaryHeap;
use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Reverse;

/// Pieces up to this length are scanned for their lowest pair; longer ones go through a heap, so that no input takes
/// quadratic time.
const SCAN_BYTES: usize = 48;
/// Texts below this length are encoded without remembering pieces.
const REMEMBER_BYTES: usize = 2_048;
/// Pieces remembered at a time (a power of two), and their greatest length.
const MEMORY_PIECES: usize = 4_096;
const MEMORY_PIECE_BYTES: usize = 15;

/// Which pairs of ids merge, and into what.
#[derive(Debug, Clone)]
pub(super) struct Merges {
    /// Pairs of bytes at `left << 8 | right`: most look-ups end here.
    bytes: Vec<u32>,
    pairs: PairTable,
}

impl Merges {
    /// Merges whose ids follow each other from `first_id` on; of equal pairs the first counts.
    pub fn new(pairs: impl ExactSizeIterator<Item = (u32, u32)>, first_id: u32) -> Self {
        let mut merges = Self { bytes: vec![NONE; 1 << 16], pairs: PairTable::new(pairs.len()) };
        for ((left, right), id) in pairs.zip(first_id..) {
            if left | right < 256 {
                let slot = &mut merges.bytes[(left << 8 | right) as usize];
                *slot = id.min(*slot);
            } else {
                merges.pairs.get_or_insert(left, right, id);
            }
        }
        merges
    }

    /// What a pair merges into, or [`NONE`].
    #[inline]
    fn get(&self, left: u32, right: u32) -> u32 {
        if left | right < 256 { self.bytes[(left << 8 | right) as usize] } else { self.pairs.get(left, right) }
    }

    /// Appends the ids of pieces.
    pub fn encode<'a>(&self, pieces: impl Iterator<Item = &'a [u8]>, text_bytes: usize, out: &mut Vec<u32>) {
        let mut parts = Parts::new();
        if text_bytes < REMEMBER_BYTES {
            pieces.for_each(|piece| self.piece(piece, &mut parts, out));
            return;
        }
        let mut memory = vec![Remembered::default(); MEMORY_PIECES];
        for piece in pieces {
            if !(2..=MEMORY_PIECE_BYTES).contains(&piece.len()) {
                self.piece(piece, &mut parts, out);
                continue;
            }
            let key = key(piece);
            let known = &mut memory[slot(key)];
            if known.key == key {
                out.extend_from_within(known.at..known.at + known.count);
                continue;
            }
            let at = out.len();
            self.piece(piece, &mut parts, out);
            *known = Remembered { key, at, count: out.len() - at };
        }
    }

    /// Appends the ids of one piece.
    fn piece(&self, piece: &[u8], parts: &mut Parts, out: &mut Vec<u32>) {
        match *piece {
            [byte] => out.push(byte.into()),
            [left, right] => match self.bytes[usize::from(left) << 8 | usize::from(right)] {
                NONE => out.extend([left, right].map(u32::from)),
                id => out.push(id),
            },
            _ if piece.len() <= SCAN_BYTES => self.short(piece, parts, out),
            _ => self.long(piece, out),
        }
    }

    /// By scanning, over a linked list: parts are named by their first byte.
    fn short(&self, piece: &[u8], parts: &mut Parts, out: &mut Vec<u32>) {
        let len = piece.len();
        let mut before = NONE;
        for (i, &byte) in (0u8..).zip(piece) {
            let at = usize::from(i);
            parts.ids[at] = byte.into();
            (parts.previous[at], parts.next[at]) = (i.wrapping_sub(1), i + 1);
            if before != NONE {
                parts.merged[at - 1] = self.bytes[(before << 8 | u32::from(byte)) as usize];
            }
            before = byte.into();
        }
        parts.merged[len - 1] = NONE;
        loop {
            let (mut at, mut id) = (0, NONE);
            for (i, &merged) in parts.merged[..len].iter().enumerate() {
                if merged < id {
                    (at, id) = (i, merged);
                }
            }
            if id == NONE {
                break;
            }
            let swallowed = usize::from(parts.next[at]);
            let after = parts.next[swallowed];
            parts.ids[at] = id;
            parts.merged[swallowed] = NONE;
            parts.next[at] = after;
            parts.previous[usize::from(after)] = at as u8;
            let behind = usize::from(after) < len;
            parts.merged[at] = if behind { self.get(id, parts.ids[usize::from(after)]) } else { NONE };
            if at > 0 {
                let before = usize::from(parts.previous[at]);
                parts.merged[before] = self.get(parts.ids[before], id);
            }
        }
        let mut at = 0;
        while at < len {
            out.push(parts.ids[at]);
            at = usize::from(parts.next[at]);
        }
    }

    /// The same with a heap of candidates over a linked list: n log n.
    fn long(&self, piece: &[u8], out: &mut Vec<u32>) {
        let len = piece.len();
        let mut ids: Vec<u32> = piece.iter().map(|&byte| byte.into()).collect();
        let mut next: Vec<u32> = (1..=len as u32).collect();
        let mut previous: Vec<u32> = [NONE].into_iter().chain(0..len as u32 - 1).collect();
        // Merged id above place: the lowest id first, the leftmost first.
        let candidate = |ids: &[u32], next: &[u32], at: u32| {
            let &right = ids.get(next[at as usize] as usize)?;
            let id = self.get(ids[at as usize], right);
            (id != NONE).then_some(Reverse(u64::from(id) << 32 | u64::from(at)))
        };
        let mut heap: BinaryHeap<_> = (0..len as u32).filter_map(|at| candidate(&ids, &next, at)).collect();
        while let Some(best) = heap.pop() {
            let (id, at) = ((best.0 >> 32) as u32, best.0 as u32);
            // Stale when either side has changed since; a side that was swallowed holds NONE, which merges with nothing.
            if candidate(&ids, &next, at) != Some(best) {
                continue;
            }
            let swallowed = next[at as usize] as usize;
            (ids[at as usize], ids[swallowed]) = (id, NONE);
            next[at as usize] = next[swallowed];
            if let Some(behind) = previous.get_mut(next[swallowed] as usize) {
                *behind = at;
            }
            heap.extend(candidate(&ids, &next, at));
            if previous[at as usize] != NONE {
                heap.extend(candidate(&ids, &next, previous[at as usize]));
            }
        }
        out.extend(ids.into_iter().filter(|&id| id != NONE));
    }
}

/// The parts of a short piece. 256 places, so that a byte is always a place.
struct Parts {
    ids: [u32; 256],
    /// What a part and the one behind it merge into.
    merged: [u32; 256],
    next: [u8; 256],
    previous: [u8; 256],
}

impl Parts {
    fn new() -> Self {
        Self { ids: [NONE; 256], merged: [NONE; 256], next: [0; 256], previous: [0; 256] }
    }
}

/// A piece met before and where its ids stand in the output.
#[derive(Debug, Clone, Copy, Default)]
struct Remembered {
    key: u128,
    at: usize,
    count: usize,
}

/// The bytes of a piece with its length on top; never 0.
#[inline]
fn key(piece: &[u8]) -> u128 {
    let mut bytes = [0; 16];
    bytes[..piece.len()].copy_from_slice(piece);
    bytes[15] = piece.len() as u8;
    u128::from_le_bytes(bytes)
}

#[inline]
fn slot(key: u128) -> usize {
    let mixed = ((key as u64) ^ ((key >> 64) as u64).rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 40) as usize % MEMORY_PIECES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Rng};

    /// The rule by plain scanning.
    fn naive(pairs: &[(u32, u32)], piece: &[u8]) -> Vec<u32> {
        let mut ids: Vec<u32> = piece.iter().map(|&byte| byte.into()).collect();
        let rank = |w: &[u32]| pairs.iter().position(|&pair| pair == (w[0], w[1]));
        while let Some((rank, at)) = ids.windows(2).enumerate().filter_map(|(i, w)| Some((rank(w)?, i))).min() {
            ids[at] = 256 + rank as u32;
            ids.remove(at + 1);
        }
        ids
    }

    /// Merges of three letters and of what came before, without repetition.
    fn random_pairs(rng: &mut Rng) -> Vec<(u32, u32)> {
        let mut pairs: Vec<(u32, u32)> = vec![];
        for _ in 0..20 {
            let mut id = || match rng.below(3 + pairs.len()) as u32 {
                letter @ 0..3 => u32::from(b'a') + letter,
                merge => 256 + merge - 3,
            };
            let pair = (id(), id());
            if !pairs.contains(&pair) {
                pairs.push(pair);
            }
        }
        pairs
    }

    #[test]
    fn every_way_of_encoding_is_the_rule() {
        let mut rng = Rng::new(1, Purpose::Test, 0);
        for _ in 0..300 {
            let pairs = random_pairs(&mut rng);
            let merges = Merges::new(pairs.iter().copied(), 256);
            let pieces: Vec<Vec<u8>> = [1, 2, 3, 5, 15, 16, 48, 49, 90]
                .iter()
                .map(|&len| (0..len).map(|_| b'a' + rng.below(3) as u8).collect())
                .collect();
            for piece in &pieces {
                let expected = naive(&pairs, piece);
                let (mut found, mut long) = (vec![], vec![]);
                merges.piece(piece, &mut Parts::new(), &mut found);
                merges.long(piece, &mut long);
                assert_eq!((&found, &long), (&expected, &expected), "{pairs:?} {piece:?}");
            }
            let again = || pieces.iter().chain(&pieces).map(Vec::as_slice);
            let (mut plain, mut remembered) = (vec![], vec![]);
            merges.encode(again(), 0, &mut plain);
            merges.encode(again(), REMEMBER_BYTES, &mut remembered);
            assert_eq!(remembered, plain, "{pairs:?}");
        }
    }

    #[test]
    fn pieces_in_memory_are_told_apart() {
        let merges = Merges::new([(97, 97)].into_iter(), 256);
        let pieces: Vec<Vec<u8>> = (0u32..60_000).map(|i| i.to_le_bytes()[..2 + i as usize % 3].to_vec()).collect();
        let (mut plain, mut remembered) = (vec![], vec![]);
        merges.encode(pieces.iter().map(Vec::as_slice), 0, &mut plain);
        merges.encode(pieces.iter().map(Vec::as_slice), REMEMBER_BYTES, &mut remembered);
        assert_eq!(remembered, plain);
    }

    #[test]
    fn a_hundred_thousand_equal_characters_are_merged_at_once() {
        let merges = Merges::new([(120, 120), (256, 256), (257, 257)].into_iter(), 256);
        let mut out = vec![];
        merges.long(&[b'x'; 100_000], &mut out);
        assert_eq!(out, [258; 12_500]);
    }
}
