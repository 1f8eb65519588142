//! Merges the bytes of a piece: the pair with the lowest id first, leftmost first, until no pair has an id.

use super::encode_long::WINDOW_BYTES;
use super::pairs::{MergeTable, NONE};
use super::words::{KEY_BYTES, Key, Words};
use alloc::vec;
use alloc::vec::Vec;

/// Pieces up to this length are scanned for their lowest pair; `encode_long.rs` merges the longer ones, so that no input
/// takes quadratic time.
const SCAN_BYTES: usize = 255;
/// For those who do not ask which merges take place.
pub(super) fn ignored(_: u32) {}

/// Which pairs of ids merge, and into what. Ids here are inner ones: bytes by their value, then 256 + rank.
#[derive(Debug, Clone)]
pub(super) struct Merges {
    /// Pairs of bytes at `left << 8 | right`: most look-ups end here.
    bytes: Vec<u32>,
    pairs: MergeTable,
    /// The id that a merge makes, by rank, when some merges make the same token; else empty: 256 + rank.
    made: Vec<u32>,
    /// One more than the highest priority.
    pub(super) end: u32,
    /// Every merge has a higher number than the ids that it merges: what a merge makes possible comes after it.
    pub(super) ordered: bool,
    /// Pieces that are tokens although merging does not make them of their bytes; ascending.
    whole: Vec<(Vec<u8>, u32)>,
    /// Tokens that merging makes of their bytes.
    words: Words,
}

impl Merges {
    /// No merges, but room for some.
    pub fn with_capacity(merges: usize) -> Self {
        let (bytes, pairs) = (vec![NONE; 1 << 16], MergeTable::new(merges));
        let (whole, words) = (Vec::new(), Words::default());
        Self { bytes, pairs, made: Vec::new(), end: 256, ordered: true, whole, words }
    }

    /// Adds a merge with its priority, 256 + rank; false, and nothing done, when the pair has one.
    pub fn insert(&mut self, left: u32, right: u32, priority: u32) -> bool {
        self.end = self.end.max(priority + 1);
        self.ordered &= left.max(right) < priority;
        if left | right >= 256 {
            return self.pairs.insert(left, right, priority);
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
        self.ordered = false;
    }

    /// Makes a piece a token as a whole; pieces come in ascending order.
    pub fn push_whole(&mut self, piece: Vec<u8>, id: u32) {
        self.whole.push((piece, id));
    }

    fn whole(&self, piece: &[u8]) -> Option<u32> {
        let at = self.whole.binary_search_by(|(whole, _)| whole.as_slice().cmp(piece)).ok()?;
        Some(self.whole[at].1)
    }

    /// Whether a piece is a token although merging does not make it of its bytes.
    pub fn is_whole(&self, piece: &[u8]) -> bool {
        self.whole(piece).is_some()
    }

    /// Looks up tokens, given with their ids, instead of merging their bytes. Merging must come to the same.
    pub fn set_words<'a>(&mut self, tokens: impl Iterator<Item = (&'a [u8], u32)> + Clone) {
        self.words = Words::new(tokens);
    }

    /// Looks up those of these tokens that merging makes of their bytes.
    pub fn find_words<'a>(&mut self, tokens: impl Iterator<Item = &'a [u8]>) {
        let (mut work, mut ids, mut words) = (Work::new(NONE), Vec::new(), Vec::new());
        for token in tokens.filter(|token| token.len() <= KEY_BYTES) {
            ids.clear();
            self.merge(token, &mut work, &mut ids, &mut ignored);
            if let [id] = ids[..] {
                words.push((token, id));
            }
        }
        self.set_words(words.into_iter());
    }

    /// What a pair merges into with which priority, or [`NONE`].
    #[inline]
    pub(super) fn get(&self, left: u32, right: u32) -> u32 {
        if left | right < 256 { self.bytes[(left << 8 | right) as usize] } else { self.pairs.get(left, right) }
    }

    /// The id that the merge of a priority makes.
    #[inline]
    pub(super) fn made(&self, priority: u32) -> u32 {
        self.made.get(priority as usize - 256).copied().unwrap_or(priority)
    }

    /// Appends the ids of one piece, whole pieces included; `key` is that of the piece unless it is longer.
    #[inline]
    pub fn piece(&self, piece: &[u8], key: Option<Key>, work: &mut Work, out: &mut Vec<u32>) {
        let word = key.map_or(NONE, |key| self.words.get(key));
        if word != NONE {
            out.push(word);
        } else if let Some(id) = self.whole(piece) {
            out.push(id);
        } else if piece.len() > WINDOW_BYTES {
            self.by_windows(piece, WINDOW_BYTES, work, out);
        } else {
            self.merge(piece, work, out, &mut ignored);
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

    /// By scanning, over a linked list: parts are named by their first byte. Places stand in blocks whose lowest
    /// priorities are kept.
    fn short(&self, piece: &[u8], work: &mut Work, out: &mut Vec<u32>, merged: &mut impl FnMut(u32)) {
        let (len, limit) = (piece.len(), work.limit);
        work.begin(piece, &self.bytes);
        let blocks = len.div_ceil(BLOCK);
        loop {
            let (mut block, mut priority) = (0, NONE);
            for (i, &lowest) in work.lowest[..blocks].iter().enumerate() {
                if lowest < priority {
                    (block, priority) = (i, lowest);
                }
            }
            if priority >= limit {
                break;
            }
            let first = block * BLOCK;
            let at = first + work.merged[first..first + BLOCK].iter().position(|&p| p == priority).unwrap_or(0);
            merged(priority);
            let id = self.made(priority);
            let swallowed = usize::from(work.next[at]);
            let after = work.next[swallowed];
            work.ids[at] = id;
            work.next[at] = after;
            work.previous[usize::from(after)] = at as u8;
            work.merged[swallowed] = NONE;
            let behind = usize::from(after) < len;
            work.merged[at] = if behind { self.get(id, work.ids[usize::from(after)]) } else { NONE };
            if swallowed / BLOCK != block {
                work.refresh(swallowed / BLOCK);
            }
            if at > 0 {
                let before = usize::from(work.previous[at]);
                work.merged[before] = self.get(work.ids[before], id);
                if before / BLOCK != block {
                    work.refresh(before / BLOCK);
                }
            }
            work.refresh(block);
        }
        let mut at = 0;
        while at < len {
            out.push(work.ids[at]);
            at = usize::from(work.next[at]);
        }
    }
}

/// Places that share a lowest priority.
const BLOCK: usize = 8;

/// Where short pieces are merged: places are bytes of the piece; 256 of them, so that a byte is always a place.
pub(super) struct Work {
    ids: [u32; 256],
    /// Priority of merging a part with the one behind it; [`NONE`] in the rest of the last block.
    merged: [u32; 256],
    /// The lowest priority of each block.
    lowest: [u32; 256 / BLOCK],
    next: [u8; 256],
    previous: [u8; 256],
    /// Merges from this priority on are left out.
    pub(super) limit: u32,
}

impl Work {
    pub fn new(limit: u32) -> Self {
        let lowest = [NONE; 256 / BLOCK];
        Self { ids: [NONE; 256], merged: [NONE; 256], lowest, next: [0; 256], previous: [0; 256], limit }
    }

    /// The bytes of a piece with the priorities of their pairs.
    #[inline]
    fn begin(&mut self, piece: &[u8], pairs: &[u32]) {
        for (&byte, i) in piece.iter().zip(0u8..) {
            let at = usize::from(i);
            self.ids[at] = byte.into();
            (self.previous[at], self.next[at]) = (i.wrapping_sub(1), i + 1);
        }
        for (merged, pair) in self.merged.iter_mut().zip(piece.windows(2)) {
            *merged = pairs[usize::from(pair[0]) << 8 | usize::from(pair[1])];
        }
        let blocks = piece.len().div_ceil(BLOCK);
        self.merged[piece.len() - 1..blocks * BLOCK].fill(NONE);
        (0..blocks).for_each(|block| self.refresh(block));
    }

    #[inline]
    fn refresh(&mut self, block: usize) {
        let places = &self.merged[block * BLOCK..][..BLOCK];
        self.lowest[block] = places.iter().fold(NONE, |lowest, &priority| lowest.min(priority));
    }
}

#[cfg(test)]
pub(super) mod tests;
