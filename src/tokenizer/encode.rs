//! Merges the bytes of a piece: the pair with the lowest id first, leftmost first, until no pair has an id.

use super::pairs::{NONE, PairTable};
use alloc::collections::{BTreeMap, BinaryHeap};
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

/// Which pairs of ids merge, and into what. Ids here are inner ones: bytes by their value, then 256 + rank.
#[derive(Debug, Clone)]
pub(super) struct Merges {
    /// Pairs of bytes at `left << 8 | right`: most look-ups end here.
    bytes: Vec<u32>,
    pairs: PairTable,
    /// The id that a merge makes, by rank, when some merges make the same token; else empty: 256 + rank.
    made: Vec<u32>,
    /// Pieces that are tokens although merging does not make them of their bytes.
    whole: BTreeMap<Vec<u8>, u32>,
}

impl Merges {
    /// No merges, but room for some.
    pub fn with_capacity(merges: usize) -> Self {
        let whole = BTreeMap::new();
        Self { bytes: vec![NONE; 1 << 16], pairs: PairTable::new(merges), made: Vec::new(), whole }
    }

    /// Adds a merge with its priority, 256 + rank; false, and nothing done, when the pair has one.
    pub fn insert(&mut self, left: u32, right: u32, priority: u32) -> bool {
        if left | right >= 256 {
            return self.pairs.get_or_insert(left, right, priority) == priority;
        }
        let slot = &mut self.bytes[(left << 8 | right) as usize];
        let free = *slot == NONE;
        if free {
            *slot = priority;
        }
        free
    }

    /// Says which ids merges make, by rank, where that is not 256 + rank.
    pub fn set_made(&mut self, made: Vec<u32>) {
        self.made = made;
    }

    /// Makes a piece a token as a whole.
    pub fn insert_whole(&mut self, piece: Vec<u8>, id: u32) {
        self.whole.insert(piece, id);
    }

    /// What a pair merges into with which priority, or [`NONE`].
    #[inline]
    fn get(&self, left: u32, right: u32) -> u32 {
        if left | right < 256 { self.bytes[(left << 8 | right) as usize] } else { self.pairs.get(left, right) }
    }

    /// The id that the merge of a priority makes.
    #[inline]
    fn made(&self, priority: u32) -> u32 {
        self.made.get(priority as usize - 256).copied().unwrap_or(priority)
    }

    /// Appends the ids of pieces.
    pub fn encode<'a>(&self, pieces: impl Iterator<Item = &'a [u8]>, text_bytes: usize, out: &mut Vec<u32>) {
        self.encode_each(pieces, text_bytes, out, |_, _| {});
    }

    /// The same; `each(piece, length of out)` is called after each piece.
    pub fn encode_each<'a>(
        &self,
        pieces: impl Iterator<Item = &'a [u8]>,
        text_bytes: usize,
        out: &mut Vec<u32>,
        mut each: impl FnMut(&'a [u8], usize),
    ) {
        let mut work = Work::new(NONE);
        let remembers = text_bytes >= REMEMBER_BYTES;
        let mut memory = vec![Remembered::default(); if remembers { MEMORY_PIECES } else { 0 }];
        for piece in pieces {
            if remembers && (2..=MEMORY_PIECE_BYTES).contains(&piece.len()) {
                let key = key(piece);
                let known = &mut memory[slot(key)];
                if known.key == key {
                    out.extend_from_within(known.at..known.at + known.count);
                } else {
                    let at = out.len();
                    self.piece(piece, &mut work, out);
                    *known = Remembered { key, at, count: out.len() - at };
                }
            } else {
                self.piece(piece, &mut work, out);
            }
            each(piece, out.len());
        }
    }

    /// Appends the ids of one piece, whole pieces included.
    #[inline]
    fn piece(&self, piece: &[u8], work: &mut Work, out: &mut Vec<u32>) {
        match self.whole.get(piece) {
            Some(&id) => out.push(id),
            None => self.merge(piece, work, out, &mut |_| {}),
        }
    }

    /// Appends what merging makes of a piece; `merged` is called with the priority of each merge, in their order.
    #[inline]
    pub fn merge(&self, piece: &[u8], work: &mut Work, out: &mut Vec<u32>, merged: &mut impl FnMut(u32)) {
        match *piece {
            [] => {}
            [byte] => out.push(byte.into()),
            [left, right] => match self.bytes[usize::from(left) << 8 | usize::from(right)] {
                priority if priority >= work.limit => out.extend([left, right].map(u32::from)),
                priority => {
                    merged(priority);
                    out.push(self.made(priority));
                }
            },
            _ if piece.len() <= SCAN_BYTES => self.short(piece, work, out, merged),
            _ => self.long(piece, work.limit, out, merged),
        }
    }

    /// By scanning, over a linked list: parts are named by their first byte.
    fn short(&self, piece: &[u8], work: &mut Work, out: &mut Vec<u32>, merged: &mut impl FnMut(u32)) {
        let (len, limit) = (piece.len(), work.limit);
        let mut before = NONE;
        for (i, &byte) in (0u8..).zip(piece) {
            let at = usize::from(i);
            work.ids[at] = byte.into();
            (work.previous[at], work.next[at]) = (i.wrapping_sub(1), i + 1);
            if before != NONE {
                work.merged[at - 1] = self.bytes[(before << 8 | u32::from(byte)) as usize];
            }
            before = byte.into();
        }
        work.merged[len - 1] = NONE;
        loop {
            let (mut at, mut priority) = (0, NONE);
            for (i, &candidate) in work.merged[..len].iter().enumerate() {
                if candidate < priority {
                    (at, priority) = (i, candidate);
                }
            }
            if priority >= limit {
                break;
            }
            merged(priority);
            let id = self.made(priority);
            let swallowed = usize::from(work.next[at]);
            let after = work.next[swallowed];
            work.ids[at] = id;
            work.merged[swallowed] = NONE;
            work.next[at] = after;
            work.previous[usize::from(after)] = at as u8;
            let behind = usize::from(after) < len;
            work.merged[at] = if behind { self.get(id, work.ids[usize::from(after)]) } else { NONE };
            if at > 0 {
                let before = usize::from(work.previous[at]);
                work.merged[before] = self.get(work.ids[before], id);
            }
        }
        let mut at = 0;
        while at < len {
            out.push(work.ids[at]);
            at = usize::from(work.next[at]);
        }
    }

    /// The same with a heap of candidates over a linked list: n log n.
    fn long(&self, piece: &[u8], limit: u32, out: &mut Vec<u32>, merged: &mut impl FnMut(u32)) {
        let len = piece.len();
        let mut ids: Vec<u32> = piece.iter().map(|&byte| byte.into()).collect();
        let mut next: Vec<u32> = (1..=len as u32).collect();
        let mut previous: Vec<u32> = [NONE].into_iter().chain(0..len as u32 - 1).collect();
        // Priority above place: the lowest first, the leftmost first.
        let candidate = |ids: &[u32], next: &[u32], at: u32| {
            let &right = ids.get(next[at as usize] as usize)?;
            let priority = self.get(ids[at as usize], right);
            (priority < limit).then_some(Reverse(u64::from(priority) << 32 | u64::from(at)))
        };
        let mut heap: BinaryHeap<_> = (0..len as u32).filter_map(|at| candidate(&ids, &next, at)).collect();
        while let Some(best) = heap.pop() {
            let (priority, at) = ((best.0 >> 32) as u32, best.0 as u32);
            // Stale when either side has changed since; a side that was swallowed holds NONE, which merges with nothing.
            if candidate(&ids, &next, at) != Some(best) {
                continue;
            }
            merged(priority);
            let swallowed = next[at as usize] as usize;
            (ids[at as usize], ids[swallowed]) = (self.made(priority), NONE);
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

/// Where short pieces are merged: places are bytes of the piece; 256 of them, so that a byte is always a place.
pub(super) struct Work {
    ids: [u32; 256],
    /// Priority of merging a part with the one behind it.
    merged: [u32; 256],
    next: [u8; 256],
    previous: [u8; 256],
    /// Merges from this priority on are left out.
    limit: u32,
}

impl Work {
    pub fn new(limit: u32) -> Self {
        Self { ids: [NONE; 256], merged: [NONE; 256], next: [0; 256], previous: [0; 256], limit }
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

    fn merges_of(pairs: &[(u32, u32)]) -> Merges {
        let mut merges = Merges::with_capacity(pairs.len());
        pairs.iter().zip(256..).for_each(|(&(left, right), priority)| assert!(merges.insert(left, right, priority)));
        merges
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
            let merges = merges_of(&pairs);
            let pieces: Vec<Vec<u8>> = [1, 2, 3, 5, 15, 16, 48, 49, 90]
                .iter()
                .map(|&len| (0..len).map(|_| b'a' + rng.below(3) as u8).collect())
                .collect();
            for piece in &pieces {
                let expected = naive(&pairs, piece);
                let (mut found, mut long) = (vec![], vec![]);
                merges.piece(piece, &mut Work::new(NONE), &mut found);
                merges.long(piece, NONE, &mut long, &mut |_| {});
                assert_eq!((&found, &long), (&expected, &expected), "{pairs:?} {piece:?}");
            }
            for limit in [0, 3, pairs.len()] {
                for piece in &pieces {
                    let mut work = Work::new(256 + limit as u32);
                    let (mut found, mut long, mut made) = (vec![], vec![], vec![]);
                    merges.merge(piece, &mut work, &mut found, &mut |priority| made.push(priority));
                    merges.long(piece, 256 + limit as u32, &mut long, &mut |_| {});
                    let expected = naive(&pairs[..limit], piece);
                    assert_eq!((&found, &long), (&expected, &expected), "{pairs:?} {piece:?} {limit}");
                    assert_eq!(made.len(), piece.len() - expected.len());
                }
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
        let merges = merges_of(&[(97, 97)]);
        let pieces: Vec<Vec<u8>> = (0u32..60_000).map(|i| i.to_le_bytes()[..2 + i as usize % 3].to_vec()).collect();
        let (mut plain, mut remembered) = (vec![], vec![]);
        merges.encode(pieces.iter().map(Vec::as_slice), 0, &mut plain);
        merges.encode(pieces.iter().map(Vec::as_slice), REMEMBER_BYTES, &mut remembered);
        assert_eq!(remembered, plain);
    }

    #[test]
    fn a_hundred_thousand_equal_characters_are_merged_at_once() {
        let merges = merges_of(&[(120, 120), (256, 256), (257, 257)]);
        let mut out = vec![];
        merges.long(&[b'x'; 100_000], NONE, &mut out, &mut |_| {});
        assert_eq!(out, [258; 12_500]);
    }
}
