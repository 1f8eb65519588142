//! The tokens of a vocabulary by id, and how its ids stand to those that the encoder works with.

use super::Merge;
use super::pairs::NONE;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// Single bytes, which every vocabulary holds.
pub(super) const BYTES: u32 = 256;

/// Tokens by id and what they are made of.
#[derive(Debug, Clone)]
pub(super) struct Vocabulary {
    /// Bytes of ordinary tokens, one after the other, and where each id starts; nothing at a gap or a special token.
    bytes: Vec<u8>,
    starts: Vec<u32>,
    /// Ascending by id; names differ.
    specials: Vec<(String, u32)>,
    /// (left, right) ids by rank; [`NONE`] where no pair makes the token.
    pairs: Vec<(u32, u32)>,
    /// How often each pair stood in the text that it was learned from, by rank; empty when that is not known.
    counts: Vec<u64>,
    pub(super) numbering: Numbering,
}

/// Ids as the vocabulary numbers them (outer) and as the encoder does (inner: bytes by value, then 256 + rank).
#[derive(Debug, Clone)]
pub(super) struct Numbering {
    /// Outer id of each byte.
    bytes: [u32; BYTES as usize],
    /// Bytes have their values as ids.
    plain_bytes: bool,
    /// Outer ids by rank; empty when they are the inner ones.
    outer: Vec<u32>,
    /// The first rank by outer id, or [`NONE`]; empty with `outer`.
    ranks: Vec<u32>,
}

impl Numbering {
    /// Outer ids of the bytes and of the merges by rank.
    pub fn new(bytes: [u32; BYTES as usize], outer: Vec<u32>) -> Self {
        let plain_bytes = bytes.iter().zip(0..).all(|(&id, byte)| id == byte);
        if outer.iter().zip(BYTES..).all(|(&outer, inner)| outer == inner) {
            return Self { bytes, plain_bytes, outer: Vec::new(), ranks: Vec::new() };
        }
        let mut ranks = vec![NONE; outer.iter().max().map_or(0, |&id| id as usize + 1)];
        for (&id, rank) in outer.iter().zip(0..) {
            let first = &mut ranks[id as usize];
            *first = rank.min(*first);
        }
        Self { bytes, plain_bytes, outer, ranks }
    }

    /// Makes inner ids outer ones.
    pub fn outward(&self, ids: &mut [u32]) {
        if self.plain_bytes && self.outer.is_empty() {
            return;
        }
        for id in ids {
            *id = self.outer(*id);
        }
    }

    #[inline]
    fn outer(&self, inner: u32) -> u32 {
        match self.bytes.get(inner as usize) {
            Some(&id) => id,
            None => self.outer.get((inner - BYTES) as usize).copied().unwrap_or(inner),
        }
    }

    /// Rank of the first merge that makes an outer id.
    fn rank(&self, id: u32) -> Option<usize> {
        match self.ranks.get(id as usize) {
            Some(&NONE) => None,
            Some(&rank) => Some(rank as usize),
            None if self.outer.is_empty() => (id as usize).checked_sub(BYTES as usize),
            None => None,
        }
    }
}

impl Vocabulary {
    /// `tokens` by id, without the special ones.
    pub fn new<'a>(tokens: impl Iterator<Item = &'a [u8]>, specials: Vec<(String, u32)>, numbering: Numbering) -> Self {
        let (mut bytes, mut starts) = (Vec::new(), Vec::from([0]));
        for token in tokens {
            bytes.extend_from_slice(token);
            starts.push(bytes.len() as u32);
        }
        // One integer each: sorting integers is code that is there anyway.
        let mut order: Vec<u64> = (0u64..).zip(&specials).map(|(at, (_, id))| u64::from(*id) << 32 | at).collect();
        order.sort_unstable();
        let specials = order.into_iter().map(|key| specials[key as u32 as usize].clone()).collect();
        Self { bytes, starts, specials, pairs: Vec::new(), counts: Vec::new(), numbering }
    }

    /// The vocabulary whose bytes are `bytes` in the order of their ids and whose merges follow, each of earlier ids.
    pub fn of_pairs(bytes: &[u8; BYTES as usize], pairs: Vec<(u32, u32)>, specials: Vec<(String, u32)>) -> Self {
        let mut ids = [0; BYTES as usize];
        for (&byte, id) in bytes.iter().zip(0..) {
            ids[usize::from(byte)] = id;
        }
        let mut out = Self::new(bytes.chunks(1), specials, Numbering::new(ids, Vec::new()));
        out.starts.reserve(pairs.len());
        for &(left, right) in &pairs {
            for id in [left, right] {
                let part = out.starts[id as usize] as usize..out.starts[id as usize + 1] as usize;
                out.bytes.extend_from_within(part);
            }
            out.starts.push(out.bytes.len() as u32);
        }
        out.pairs = pairs;
        out
    }

    /// Says which pairs of ids make the tokens, by rank.
    pub fn set_pairs(&mut self, pairs: Vec<(u32, u32)>) {
        self.pairs = pairs;
    }

    /// Says how often the pairs stood in the text, by rank.
    pub fn set_counts(&mut self, counts: Vec<u64>) {
        self.counts = counts;
    }

    /// One more than the highest id.
    pub fn size(&self) -> usize {
        let special = self.specials.last().map_or(0, |&(_, id)| id as usize + 1);
        special.max(self.starts.len() - 1)
    }

    /// (left, right) of all merges by rank.
    pub fn pairs(&self) -> &[(u32, u32)] {
        &self.pairs
    }

    /// Special tokens, ascending by id.
    pub fn specials(&self) -> &[(String, u32)] {
        &self.specials
    }

    /// Whether an id is a special token.
    pub fn is_special(&self, id: u32) -> bool {
        self.specials.binary_search_by_key(&id, |&(_, special)| special).is_ok()
    }

    /// The bytes of an ordinary token.
    pub fn ordinary(&self, id: u32) -> Option<&[u8]> {
        let [start, end] = self.starts.get(id as usize..(id as usize).checked_add(2)?)? else { return None };
        (start < end).then(|| &self.bytes[*start as usize..*end as usize])
    }

    /// The bytes of an id; of a special token those of its name. `None` outside the vocabulary and in its gaps.
    pub fn token(&self, id: u32) -> Option<&[u8]> {
        self.ordinary(id).or_else(|| {
            let at = self.specials.binary_search_by_key(&id, |&(_, special)| special).ok()?;
            Some(self.specials[at].0.as_bytes())
        })
    }

    /// How an id was made, unless it is a byte, a special token or none.
    pub fn merge(&self, id: u32) -> Option<Merge> {
        let rank = self.numbering.rank(id)?;
        let &(left, right) = self.pairs.get(rank)?;
        (left != NONE).then(|| Merge { left, right, count: self.counts.get(rank).copied().unwrap_or(0) })
    }
}
