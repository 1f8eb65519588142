//! Learns merges from text: the most frequent pair becomes a token, again and again (Sennrich et al. 2016,
//! arXiv:1508.07909, on bytes). Distinct pieces carry their counts; every pair keeps a list of its places, so one
//! merge touches only where the pair stands.

use super::split::Split;
use alloc::collections::{BTreeMap, BinaryHeap};
use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Reverse;

const NONE: u32 = u32::MAX;

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

#[derive(Default)]
struct Pair {
    count: u64,
    places: Vec<u32>,
}

type Candidate = (u64, Reverse<(u32, u32)>);

struct Trainer {
    ids: Vec<u32>,
    next: Vec<u32>,
    previous: Vec<u32>,
    /// How often the piece around each place stands in the text.
    weight: Vec<u64>,
    pairs: BTreeMap<(u32, u32), Pair>,
    heap: BinaryHeap<Candidate>,
}

/// Distinct pieces with their counts, in the order of their bytes.
fn count_pieces<'a>(documents: impl Iterator<Item = &'a str>, split: Split) -> Vec<(&'a [u8], u64)> {
    let mut pieces: Vec<&[u8]> = documents.flat_map(|d| split.pieces(d)).map(str::as_bytes).collect();
    pieces.sort_unstable();
    let mut counted: Vec<(&[u8], u64)> = vec![];
    for piece in pieces {
        match counted.last_mut() {
            Some((last, count)) if *last == piece => *count += 1,
            _ => counted.push((piece, 1)),
        }
    }
    counted
}

impl Trainer {
    fn new(pieces: &[(&[u8], u64)]) -> Self {
        let total = pieces.iter().map(|(p, _)| p.len()).sum();
        let mut t = Self {
            ids: Vec::with_capacity(total),
            next: Vec::with_capacity(total),
            previous: Vec::with_capacity(total),
            weight: Vec::with_capacity(total),
            pairs: BTreeMap::new(),
            heap: BinaryHeap::new(),
        };
        for &(piece, count) in pieces {
            for (i, &byte) in piece.iter().enumerate() {
                let at = t.ids.len() as u32;
                t.ids.push(byte.into());
                t.previous.push(if i == 0 { NONE } else { at - 1 });
                t.next.push(if i + 1 == piece.len() { NONE } else { at + 1 });
                t.weight.push(count);
            }
        }
        // Bytes first in a flat table: most of the work of a large text.
        let mut first: Vec<Pair> = (0..1 << 16).map(|_| Pair::default()).collect();
        for at in 0..t.ids.len() {
            let right = t.next[at];
            if right != NONE {
                let pair = &mut first[(t.ids[at] << 8 | t.ids[right as usize]) as usize];
                pair.count += t.weight[at];
                pair.places.push(at as u32);
            }
        }
        for (i, pair) in first.into_iter().enumerate().filter(|(_, p)| p.count > 0) {
            let ids = (i as u32 >> 8, i as u32 & 255);
            t.heap.push((pair.count, Reverse(ids)));
            t.pairs.insert(ids, pair);
        }
        t
    }

    /// The most frequent pair: largest count, then smallest left id, then smallest right id.
    fn best(&mut self) -> Option<(u32, u32, u64)> {
        while let Some((count, Reverse(ids))) = self.heap.pop() {
            let now = self.pairs.get(&ids).map_or(0, |p| p.count);
            if now == count {
                return Some((ids.0, ids.1, count));
            }
            if now > 0 {
                self.heap.push((now, Reverse(ids)));
            }
        }
        None
    }

    fn merge(&mut self, left: u32, right: u32, id: u32) {
        let Some(mut pair) = self.pairs.remove(&(left, right)) else { return };
        pair.places.sort_unstable();
        let mut touched = vec![];
        for at in pair.places {
            let second = self.next[at as usize];
            if second == NONE || self.ids[at as usize] != left || self.ids[second as usize] != right {
                continue;
            }
            let (before, after) = (self.previous[at as usize], self.next[second as usize]);
            let weight = self.weight[at as usize];
            if before != NONE {
                self.less((self.ids[before as usize], left), weight);
            }
            if after != NONE {
                self.less((right, self.ids[after as usize]), weight);
                self.previous[after as usize] = at;
            }
            self.ids[at as usize] = id;
            self.ids[second as usize] = NONE;
            self.next[at as usize] = after;
            if before != NONE {
                self.more((self.ids[before as usize], id), weight, before, &mut touched);
            }
            if after != NONE {
                self.more((id, self.ids[after as usize]), weight, at, &mut touched);
            }
        }
        // Every pair that may have risen needs an entry at least as high as its count.
        touched.sort_unstable();
        touched.dedup();
        for ids in touched {
            if let Some(pair) = self.pairs.get(&ids).filter(|pair| pair.count > 0) {
                self.heap.push((pair.count, Reverse(ids)));
            }
        }
    }

    fn less(&mut self, ids: (u32, u32), weight: u64) {
        if let Some(pair) = self.pairs.get_mut(&ids) {
            pair.count -= weight.min(pair.count);
        }
    }

    fn more(&mut self, ids: (u32, u32), weight: u64, place: u32, touched: &mut Vec<(u32, u32)>) {
        let pair = self.pairs.entry(ids).or_default();
        pair.count += weight;
        pair.places.push(place);
        if touched.last() != Some(&ids) {
            touched.push(ids);
        }
    }
}

/// Learns up to `most` merges; new ids count from 256. `progress(done, most)` returns false to stop.
pub(super) fn learn<'a>(
    documents: impl Iterator<Item = &'a str>,
    split: Split,
    most: usize,
    progress: &mut dyn FnMut(usize, usize) -> bool,
) -> (Vec<Merge>, bool) {
    let mut trainer = Trainer::new(&count_pieces(documents, split));
    let mut merges = Vec::with_capacity(most);
    while merges.len() < most {
        if !progress(merges.len(), most) {
            return (merges, true);
        }
        let Some((left, right, count)) = trainer.best() else { break };
        trainer.merge(left, right, 256 + merges.len() as u32);
        merges.push(Merge { left, right, count });
    }
    (merges, false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;

    /// The rule by plain counting.
    fn naive(text: &str, split: Split, most: usize) -> Vec<Merge> {
        let mut pieces: Vec<Vec<u32>> = split.pieces(text).map(|p| p.bytes().map(u32::from).collect()).collect();
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
        fn the_trainer_learns_what_plain_counting_learns(text in "[abc ]{0,80}|[ab]{0,60}|[aé你1 ]{0,50}") {
            for split in [Split::Gpt2, Split::Digits] {
                let (merges, stopped) = learn([text.as_str()].into_iter(), split, 40, &mut |_, _| true);
                assert!(!stopped);
                assert_eq!(merges, naive(&text, split, 40));
            }
        }
    }

    #[test]
    fn training_can_be_stopped_and_keeps_what_it_has() {
        let text: String = (0..300).map(|i| char::from(b'a' + (i * i % 23) as u8)).collect();
        let (merges, stopped) = learn([text.as_str()].into_iter(), Split::Gpt2, 100, &mut |done, _| done < 7);
        assert!(stopped);
        assert_eq!(merges.len(), 7);
    }
}
