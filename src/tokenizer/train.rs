//! Learns merges from text: the most frequent pair becomes a token, again and again (Sennrich et al. 2016,
//! arXiv:1508.07909, on bytes). Equal counts: the smallest left id, then the smallest right id. Distinct pieces carry
//! their counts; every pair keeps a list of its places, so one merge touches only where the pair stands.

use super::pairs::{NONE, PairTable};
use super::split::Scanner;
use crate::error::{Error, Result};
use alloc::collections::BinaryHeap;
use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Reverse;

/// Longest token that is learned, and most bytes of all tokens together: what a stored tokenizer may hold.
pub(super) const MOST_TOKEN_BYTES: u32 = 1 << 20;
pub(super) const MOST_BYTES: u64 = 1 << 26;
/// Places are numbered in 32 bits; the upper one is [`LAST`].
const MOST_TEXT_BYTES: usize = 1 << 30;
/// The progress callback is asked whenever so many pieces are counted.
const ASK_PIECES: usize = 1 << 16;

/// A learned merge: `left` and `right` stood side by side `count` times when it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    /// Id of the left part.
    pub left: u32,
    /// Id of the right part.
    pub right: u32,
    /// How often the pair stood in the text then.
    pub count: u64,
}

/// What came of [`learn`].
pub(super) struct Learned {
    pub merges: Vec<Merge>,
    /// There was text.
    pub any_text: bool,
    /// The caller stopped it.
    pub stopped: bool,
}

/// Learns up to `most` merges; new ids count from 256. `progress(done, most)` returns false to stop.
///
/// # Errors
/// [`Error::TextSize`] above 1 GiB of text.
pub(super) fn learn<'a>(
    documents: impl Iterator<Item = &'a str>,
    scanner: &Scanner,
    most: usize,
    progress: &mut dyn FnMut(usize, usize) -> bool,
) -> Result<Learned> {
    let mut pieces = Pieces::new();
    let (mut text_bytes, mut asked) = (0, 0);
    let mut learned = Learned { merges: Vec::with_capacity(most), any_text: false, stopped: false };
    for document in documents {
        text_bytes += document.len();
        check_text(text_bytes)?;
        for piece in scanner.pieces(document) {
            pieces.add(piece);
            asked += 1;
            if asked % ASK_PIECES == 0 && !progress(0, most) {
                return Ok(Learned { stopped: true, any_text: true, ..learned });
            }
        }
    }
    learned.any_text = text_bytes > 0;
    let mut trainer = Trainer::new(&pieces.counted);
    while learned.merges.len() < most {
        if !progress(learned.merges.len(), most) {
            learned.stopped = true;
            break;
        }
        let Some(merge) = trainer.next() else { break };
        learned.merges.push(merge);
    }
    Ok(learned)
}

/// Refuses more text than can be numbered.
pub(super) fn check_text(text_bytes: usize) -> Result<()> {
    match text_bytes {
        0..=MOST_TEXT_BYTES => Ok(()),
        _ => Err(Error::TextSize { limit_bytes: MOST_TEXT_BYTES, found_bytes: text_bytes }),
    }
}

/// Distinct pieces with their counts, in the order of their first appearance; pieces of one byte have no pairs and are
/// left out.
pub(super) struct Pieces<'a> {
    pub counted: Vec<(&'a [u8], u32)>,
    /// Open-addressed: 32 bits of the hash and the index in `counted`, or [`NONE`].
    slots: Vec<(u32, u32)>,
}

impl<'a> Pieces<'a> {
    pub fn new() -> Self {
        Self { counted: vec![], slots: vec![(0, NONE); 1 << 12] }
    }

    pub fn add(&mut self, piece: &'a [u8]) {
        if piece.len() < 2 {
            return;
        }
        let hash = hash(piece);
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            match self.slots[at] {
                (_, NONE) => break,
                (known, i) if known == hash && self.counted[i as usize].0 == piece => {
                    self.counted[i as usize].1 += 1;
                    return;
                }
                _ => at = (at + 1) & mask,
            }
        }
        self.slots[at] = (hash, self.counted.len() as u32);
        self.counted.push((piece, 1));
        if self.counted.len() * 2 > self.slots.len() {
            self.grow();
        }
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        let mut larger = vec![(0, NONE); mask + 1];
        for &(hash, i) in self.slots.iter().filter(|slot| slot.1 != NONE) {
            let mut at = hash as usize & mask;
            while larger[at].1 != NONE {
                at = (at + 1) & mask;
            }
            larger[at] = (hash, i);
        }
        self.slots = larger;
    }
}

fn hash(piece: &[u8]) -> u32 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut state = piece.len() as u64;
    let (words, rest) = piece.as_chunks::<8>();
    for word in words {
        state = (state.rotate_left(23) ^ u64::from_le_bytes(*word)).wrapping_mul(FACTOR);
    }
    let rest = rest.iter().fold(0, |word, &byte| word << 8 | u64::from(byte));
    state = (state.rotate_left(23) ^ rest).wrapping_mul(FACTOR);
    ((state ^ state >> 29).wrapping_mul(FACTOR) >> 32) as u32
}

/// Marks the last place of a token of several bytes.
const LAST: u32 = 1 << 31;

struct Pair {
    left: u32,
    right: u32,
    /// How often the pair stands in the text now; after its first merge it only falls.
    count: u64,
    /// Where it stood when it came up, ascending; places where it stands no more are skipped.
    places: Vec<u32>,
}

/// (count, smallest ids first, index of the pair)
type Candidate = (u64, Reverse<(u32, u32)>, u32);

/// All distinct pieces, one place a byte, with a place of [`NONE`] before, between and behind them. A token's id stands
/// in its first place and, with [`LAST`], in its last; places between hold [`NONE`].
pub(super) struct Trainer {
    ids: Vec<u32>,
    /// How often the piece around each place stands in the text.
    weight: Vec<u32>,
    /// Bytes of every id, and of all merges together.
    lengths: Vec<u32>,
    bytes: u64,
    pairs: Vec<Pair>,
    table: PairTable,
    /// Upper bounds of the counts, refreshed when they come up.
    heap: BinaryHeap<Candidate>,
}

impl Trainer {
    pub fn new(pieces: &[(&[u8], u32)]) -> Self {
        let places = pieces.iter().map(|(piece, _)| piece.len() + 1).sum::<usize>() + 1;
        let (mut ids, mut weight) = (Vec::with_capacity(places), Vec::with_capacity(places));
        for &(piece, count) in pieces {
            ids.push(NONE);
            ids.extend(piece.iter().map(|&byte| u32::from(byte)));
            weight.resize(ids.len(), count);
        }
        ids.push(NONE);
        weight.push(0);
        let lengths = vec![1; 256];
        let (pairs, table, heap) = (vec![], PairTable::new(0), BinaryHeap::new());
        let mut trainer = Self { ids, weight, lengths, bytes: 256, pairs, table, heap };
        trainer.count_bytes();
        trainer
    }

    /// The first pairs, those of bytes.
    fn count_bytes(&mut self) {
        let mut first = vec![NONE; 1 << 16];
        for (at, ids) in (0..).zip(self.ids.windows(2)) {
            let (left, right) = (ids[0], ids[1]);
            if left == NONE || right == NONE {
                continue;
            }
            let index = &mut first[(left << 8 | right) as usize];
            if *index == NONE {
                *index = self.pairs.len() as u32;
                self.pairs.push(Pair { left, right, count: 0, places: vec![] });
            }
            let pair = &mut self.pairs[*index as usize];
            pair.count += u64::from(self.weight[at as usize]);
            pair.places.push(at);
        }
        for (pair, index) in self.pairs.iter().zip(0..) {
            self.table.get_or_insert(pair.left, pair.right, index);
        }
        self.enter(0);
    }

    /// Puts the pairs from `first` on into the heap.
    fn enter(&mut self, first: usize) {
        let new = self.pairs[first..].iter().zip(first as u32..);
        self.heap.extend(new.map(|(pair, index)| (pair.count, Reverse((pair.left, pair.right)), index)));
    }

    /// Index of the most frequent pair that may become a token.
    fn best(&mut self) -> Option<u32> {
        while let Some((count, ids, index)) = self.heap.pop() {
            let pair = &self.pairs[index as usize];
            if pair.count != count {
                self.heap.push((pair.count, ids, index));
            } else if count == 0 {
                return None;
            } else if self.len(pair.left) + self.len(pair.right) <= MOST_TOKEN_BYTES {
                return Some(index);
            }
        }
        None
    }

    fn len(&self, id: u32) -> u32 {
        self.lengths[id as usize]
    }

    /// Makes a token of the most frequent pair.
    pub fn next(&mut self) -> Option<Merge> {
        let index = self.best()?;
        let pair = &mut self.pairs[index as usize];
        let merge = Merge { left: pair.left, right: pair.right, count: pair.count };
        let places = core::mem::take(&mut pair.places);
        pair.count = 0;
        let length = self.len(merge.left) + self.len(merge.right);
        self.bytes += u64::from(length);
        if self.bytes > MOST_BYTES {
            return None;
        }
        let id = self.lengths.len() as u32;
        self.lengths.push(length);
        let first = self.pairs.len();
        for at in places {
            self.merge_at(at as usize, &merge, id);
        }
        self.enter(first);
        Some(merge)
    }

    /// Merges the pair at one of its places, unless it stands there no more. Called in ascending order of places, so
    /// that runs merge from left to right.
    fn merge_at(&mut self, at: usize, merge: &Merge, id: u32) {
        let right = at + self.len(merge.left) as usize;
        if self.ids[at] != merge.left || self.ids[right] != merge.right {
            return;
        }
        let last = right + self.len(merge.right) as usize - 1;
        let weight = u64::from(self.weight[at]);
        (self.ids[right - 1], self.ids[right]) = (NONE, NONE);
        (self.ids[at], self.ids[last]) = (id, id | LAST);
        let (before, after) = (self.ids[at - 1], self.ids[last + 1]);
        if before != NONE {
            let before = before & !LAST;
            self.less(before, merge.left, weight);
            self.more(before, id, weight, at - self.len(before) as usize);
        }
        if after != NONE {
            self.less(merge.right, after, weight);
            self.more(id, after, weight, at);
        }
    }

    fn less(&mut self, left: u32, right: u32, weight: u64) {
        // The pair that is being merged has no count any more.
        if let Some(pair) = self.pairs.get_mut(self.table.get(left, right) as usize) {
            pair.count = pair.count.saturating_sub(weight);
        }
    }

    fn more(&mut self, left: u32, right: u32, weight: u64, place: usize) {
        let index = self.table.get_or_insert(left, right, self.pairs.len() as u32) as usize;
        if index == self.pairs.len() {
            self.pairs.push(Pair { left, right, count: 0, places: vec![] });
        }
        let pair = &mut self.pairs[index];
        pair.count += weight;
        pair.places.push(place as u32);
    }
}

#[cfg(test)]
mod tests {
    use super::super::split::Split;
    use super::*;
    use alloc::collections::BTreeMap;
    use alloc::string::String;

    /// The rule by plain counting.
    fn naive(documents: &[&str], split: Split, most: usize) -> Vec<Merge> {
        let scanner = Scanner::new(split);
        let pieces = documents.iter().flat_map(|document| scanner.pieces(document));
        let mut pieces: Vec<Vec<u32>> = pieces.map(|p| p.iter().map(|&byte| byte.into()).collect()).collect();
        let mut merges = vec![];
        while merges.len() < most {
            let mut counts: BTreeMap<(u32, u32), u64> = BTreeMap::new();
            pieces.iter().flat_map(|p| p.windows(2)).for_each(|w| *counts.entry((w[0], w[1])).or_default() += 1);
            let Some((&(left, right), &count)) = counts.iter().max_by_key(|(ids, n)| (**n, Reverse(**ids))) else {
                break;
            };
            for piece in &mut pieces {
                let mut i = 0;
                while i + 1 < piece.len() {
                    if piece[i] == left && piece[i + 1] == right {
                        piece[i] = 256 + merges.len() as u32;
                        piece.remove(i + 1);
                    }
                    i += 1;
                }
            }
            merges.push(Merge { left, right, count });
        }
        merges
    }

    proptest::proptest! {
        #[test]
        fn the_trainer_learns_what_plain_counting_learns(
            documents in proptest::collection::vec("[abc ]{0,80}|[ab]{0,60}|a{0,40}|[aé你1 '\n]{0,50}|(abc?){0,20}", 0..4),
        ) {
            let documents: Vec<&str> = documents.iter().map(String::as_str).collect();
            for split in [Split::Gpt2, Split::Digits] {
                let learned = learn(documents.iter().copied(), &Scanner::new(split), 60, &mut |_, _| true).unwrap();
                assert!(!learned.stopped);
                assert_eq!(learned.any_text, documents.iter().any(|d| !d.is_empty()));
                assert_eq!(learned.merges, naive(&documents, split, 60));
            }
        }
    }

    #[test]
    fn training_can_be_stopped_and_keeps_what_it_has() {
        let scanner = Scanner::new(Split::Gpt2);
        let text: String = (0..300).map(|i| char::from(b'a' + (i * i % 23) as u8)).collect();
        let learned = learn([text.as_str()].into_iter(), &scanner, 100, &mut |done, _| done < 7).unwrap();
        assert!(learned.stopped);
        assert_eq!(learned.merges.len(), 7);
        // Counting the pieces of a large text can be stopped as well.
        let text = "a,".repeat(ASK_PIECES);
        let mut asked = 0;
        let learned = learn([text.as_str()].into_iter(), &scanner, 100, &mut |_, _| {
            asked += 1;
            false
        });
        assert!(learned.is_ok_and(|l| l.stopped && l.any_text && l.merges.is_empty()));
        assert_eq!(asked, 1);
    }

    #[test]
    fn many_pieces_are_counted_exactly() {
        let mut pieces = Pieces::new();
        let words: Vec<Vec<u8>> = (0u32..20_000).map(|i| i.to_le_bytes()[..2 + i as usize % 3].to_vec()).collect();
        let mut expected: BTreeMap<&[u8], u32> = BTreeMap::new();
        for word in words.iter().chain(&words[..500]) {
            pieces.add(word);
            *expected.entry(word).or_default() += 1;
        }
        assert!(expected.len() > 10_000);
        assert_eq!(pieces.counted.iter().copied().collect::<BTreeMap<_, _>>(), expected);
        assert_eq!(pieces.counted.len(), expected.len());
    }
}
