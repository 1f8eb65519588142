//! Ids of pieces that were met before, so that they need not be merged again: within a text, and from text to text where
//! the caller keeps it. Bounded memory, whatever the texts.

use super::pairs::NONE;
use super::words::Key;
use alloc::vec::Vec;

/// Ids that an entry holds itself.
const FEW: usize = 4;
/// Pieces in a set.
const WAYS: usize = 2;
/// Sets of a cache that is kept: 1 MiB.
const MOST_SETS: usize = 1 << 14;
/// Texts below this size are not worth a cache of their own.
const FEWEST_BYTES: usize = 2_048;
/// Longest piece that is remembered.
const MOST_PIECE_BYTES: usize = 128;
/// All ids that stand outside of their entries (2 MiB) and all bytes of pieces that are longer than a key (1 MiB): when
/// one is full, everything is forgotten.
const MOST_IDS: usize = 1 << 19;
const MOST_BYTES: usize = 1 << 20;

/// A piece and its ids: up to [`FEW`], then [`NONE`]; or [`NONE`], how many, where they stand, and where the bytes of a
/// longer piece stand.
#[derive(Debug, Clone, Copy)]
struct Entry {
    key: Key,
    ids: [u32; FEW],
}

/// Pieces that share a place, the latest first: one line of a processor's cache.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Set([Entry; WAYS]);

impl Set {
    const EMPTY: Self = Self([Entry { key: Key::NONE, ids: [NONE; FEW] }; WAYS]);
}

/// Pieces with their ids, under one tokenizer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cache {
    sets: Vec<Set>,
    ids: Vec<u32>,
    bytes: Vec<u8>,
}

impl Cache {
    /// For one text of so many bytes.
    pub fn for_text(text_bytes: usize) -> Self {
        match text_bytes {
            0..FEWEST_BYTES => Self::default(),
            _ => Self::with_sets((text_bytes / 64).next_power_of_two().clamp(128, MOST_SETS / 2)),
        }
    }

    /// To be kept: at most 4 MiB.
    pub fn kept() -> Self {
        Self::with_sets(MOST_SETS)
    }

    fn with_sets(sets: usize) -> Self {
        Self { sets: alloc::vec![Set::EMPTY; sets], ..Self::default() }
    }

    /// Where a key's set is; behind the end when there are none.
    #[inline]
    fn place(&self, key: Key) -> usize {
        key.hash() as usize & self.sets.len().wrapping_sub(1)
    }

    /// Appends the ids of a piece that is no longer than a key; false when it is not known.
    #[inline]
    pub(super) fn append(&self, key: Key, out: &mut Vec<u32>) -> bool {
        let Some(Set(entries)) = self.sets.get(self.place(key)) else { return false };
        let Some(entry) = entries.iter().find(|entry| entry.key == key) else { return false };
        self.append_entry(entry, out);
        true
    }

    #[inline]
    fn append_entry(&self, entry: &Entry, out: &mut Vec<u32>) {
        let [first, second, third, fourth] = entry.ids;
        if first == NONE {
            return self.append_stored(third as usize, second as usize, out);
        }
        out.push(first);
        if second != NONE {
            out.push(second);
            out.extend([third, fourth].into_iter().take_while(|&id| id != NONE));
        }
    }

    /// Appends `count` ids that stand at `at`, in blocks: a copy of any length costs a call.
    #[inline]
    fn append_stored(&self, at: usize, count: usize, out: &mut Vec<u32>) {
        let end = out.len() + count;
        for block in self.ids[at..].as_chunks::<FEW>().0.iter().take(count.div_ceil(FEW)) {
            out.extend_from_slice(block);
        }
        out.truncate(end);
    }

    fn long_key(piece: &[u8]) -> Option<Key> {
        if piece.len() > MOST_PIECE_BYTES { None } else { Key::of_long(piece) }
    }

    /// As [`Cache::append`] for a longer piece.
    pub(super) fn append_long(&self, piece: &[u8], out: &mut Vec<u32>) -> bool {
        let Some(key) = Self::long_key(piece) else { return false };
        let Some(Set(entries)) = self.sets.get(self.place(key)) else { return false };
        let is_piece = |entry: &&Entry| {
            let at = entry.ids[3] as usize;
            entry.key == key && self.bytes.get(at..at + piece.len()).is_some_and(|other| equal(other, piece))
        };
        let Some(entry) = entries.iter().find(is_piece) else { return false };
        self.append_entry(entry, out);
        true
    }

    /// Remembers a piece, in place of an older one. `key` is that of the piece unless it is longer.
    pub(super) fn insert(&mut self, key: Option<Key>, piece: &[u8], ids: &[u32]) {
        let Some(found) = key.or_else(|| Self::long_key(piece)) else { return };
        if self.sets.is_empty() {
            return;
        }
        let mut few = [NONE; FEW];
        match few.get_mut(..ids.len()) {
            Some(few) if key.is_some() => few.copy_from_slice(ids),
            _ => few = self.store(if key.is_none() { piece } else { &[] }, ids),
        }
        let place = self.place(found);
        let Set([latest, older]) = &mut self.sets[place];
        *older = core::mem::replace(latest, Entry { key: found, ids: few });
    }

    fn store(&mut self, piece: &[u8], ids: &[u32]) -> [u32; FEW] {
        if self.ids.len() + ids.len().next_multiple_of(FEW) > MOST_IDS || self.bytes.len() + piece.len() > MOST_BYTES {
            self.sets.fill(Set::EMPTY);
            self.ids.clear();
            self.bytes.clear();
        }
        let entry = [NONE, ids.len() as u32, self.ids.len() as u32, self.bytes.len() as u32];
        self.ids.extend_from_slice(ids);
        self.ids.resize(self.ids.len().next_multiple_of(FEW), NONE);
        self.bytes.extend_from_slice(piece);
        entry
    }
}

/// Whether two slices of at least eight bytes and the same length are equal; by eight bytes, where `==` may go by one.
#[inline]
fn equal(a: &[u8], b: &[u8]) -> bool {
    let same = |a: &[u8; 8], b: &[u8; 8]| u64::from_ne_bytes(*a) == u64::from_ne_bytes(*b);
    let mut chunks = a.as_chunks().0.iter().zip(b.as_chunks().0);
    chunks.all(|(a, b)| same(a, b)) && a.last_chunk().zip(b.last_chunk()).is_some_and(|(a, b)| same(a, b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Rng};
    use crate::tokenizer::tests::{TEXT, trained};
    use crate::tokenizer::{Split, Tokenizer};
    use alloc::collections::BTreeMap;
    use alloc::string::String;
    use proptest::prelude::*;

    fn found(cache: &Cache, piece: &[u8]) -> Option<Vec<u32>> {
        let mut out = alloc::vec![7];
        let known = match Key::of(piece, 0, piece.len()) {
            Some(key) => cache.append(key, &mut out),
            None => cache.append_long(piece, &mut out),
        };
        assert_eq!(out[0], 7);
        known.then(|| out.split_off(1))
    }

    proptest! {
        #[test]
        fn a_cache_gives_what_was_put_there_last_or_nothing(
            puts in proptest::collection::vec((proptest::collection::vec(0u8..2, 1..24), proptest::collection::vec(0u32..9, 1..8)), 0..60),
        ) {
            for mut cache in [Cache::with_sets(1), Cache::with_sets(4), Cache::kept(), Cache::default()] {
                let mut map = BTreeMap::new();
                for (piece, ids) in &puts {
                    cache.insert(Key::of(piece, 0, piece.len()), piece, ids);
                    map.insert(piece.clone(), ids.clone());
                    assert_eq!(found(&cache, piece), (!cache.sets.is_empty()).then(|| ids.clone()));
                    for (piece, ids) in &map {
                        assert!(found(&cache, piece).is_none_or(|found| found == *ids));
                    }
                }
            }
        }

        #[test]
        fn texts_come_to_the_same_ids_with_a_cache(texts in proptest::collection::vec("[ab ]{0,40}|[你我 a]{0,30}|\\PC{0,12}", 0..8)) {
            let (tokenizer, _) = trained(TEXT, 330, Split::Gpt2);
            let mut caches = [Cache::default(), Cache::with_sets(1), Cache::kept()];
            for text in texts.iter().chain(&texts) {
                let expected: Vec<u32> = tokenizer.pieces(text).flat_map(|piece| plain(&tokenizer, piece)).collect();
                for cache in &mut caches {
                    assert_eq!(tokenizer.encode_cached(text, cache), expected, "{text:?}");
                }
            }
        }
    }

    /// Merging alone, without any table of what is known.
    fn plain(tokenizer: &Tokenizer, piece: &[u8]) -> Vec<u32> {
        let mut out = Vec::new();
        tokenizer.merges.merge(piece, &mut crate::tokenizer::encode::Work::new(NONE), &mut out, &mut |_| {});
        out
    }

    #[test]
    fn equal_bytes_are_equal_wherever_they_differ() {
        for len in 8..40 {
            let a: Vec<u8> = (0..len).collect();
            assert!(equal(&a, &a.clone()));
            for at in 0..a.len() {
                let mut b = a.clone();
                b[at] ^= 1;
                assert!(!equal(&a, &b), "{at} of {len}");
            }
        }
    }

    #[test]
    fn a_full_cache_starts_again_and_stays_below_its_bound() {
        let tokenizer = Tokenizer::bytes(Vec::new());
        let (mut rng, mut cache) = (Rng::new(3, Purpose::Test, 0), Cache::kept());
        for _ in 0..400 {
            let mut word = |most: usize| -> String {
                (0..1 + rng.below(most)).map(|_| (b'a' + rng.below(26) as u8) as char).collect()
            };
            let text: String = (0..200).flat_map(|_| [word(120), " ".into()]).collect();
            let found = tokenizer.encode_cached(&text, &mut cache);
            assert!(found.iter().map(|&id| id as u8).eq(text.bytes()));
            assert!(cache.ids.len() <= MOST_IDS && cache.bytes.len() <= MOST_BYTES);
        }
    }
}
