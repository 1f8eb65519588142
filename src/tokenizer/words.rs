//! Short pieces whose ids are known without merging: tokens, and what was met before in the same text.

use super::pairs::NONE;
use alloc::vec;
use alloc::vec::Vec;

/// Lengths of the pieces that are looked up.
const FEWEST_BYTES: usize = 3;
const MOST_BYTES: usize = 15;

/// The bytes of a piece with its length on top; never 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Key(u64, u64);

impl Key {
    /// The key of a piece, if it has a length that is looked up.
    #[inline]
    pub fn of(piece: &[u8]) -> Option<Self> {
        let len = piece.len();
        if !(FEWEST_BYTES..=MOST_BYTES).contains(&len) {
            return None;
        }
        let word = |bytes: &[u8]| bytes.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
        let (low, high) = match piece.split_first_chunk::<8>() {
            Some((low, rest)) => (u64::from_le_bytes(*low), word(rest)),
            None => (word(piece), 0),
        };
        Some(Self(low, high | (len as u64) << 56))
    }

    #[inline]
    fn hash(self) -> u32 {
        ((self.0 ^ self.1.rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32
    }
}

/// Pieces that are one token, by their keys.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    /// Open-addressed; at most half full.
    slots: Vec<(Key, u32)>,
}

impl Words {
    /// The table of tokens and their ids; others are passed over.
    pub fn new<'a>(tokens: impl Iterator<Item = (&'a [u8], u32)> + Clone) -> Self {
        let keys = || tokens.clone().filter_map(|(token, id)| Some((Key::of(token)?, id)));
        let mut table = Self { slots: vec![(Key::default(), NONE); (keys().count() * 2).next_power_of_two()] };
        for (key, id) in keys() {
            let at = table.find(key);
            table.slots[at] = (key, id);
        }
        table
    }

    #[inline]
    fn find(&self, key: Key) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = key.hash() as usize & mask;
        while self.slots[at].1 != NONE && self.slots[at].0 != key {
            at = (at + 1) & mask;
        }
        at
    }

    /// The id of a token, or [`NONE`].
    #[inline]
    pub fn get(&self, key: Key) -> u32 {
        if self.slots.is_empty() { NONE } else { self.slots[self.find(key)].1 }
    }
}

/// Pieces of a text and where their ids stand in the output; a new one takes the place of an older one.
pub(super) struct Memory {
    slots: Vec<Remembered>,
}

#[derive(Clone, Copy, Default)]
struct Remembered {
    key: Key,
    at: u32,
    count: u32,
}

impl Memory {
    /// For a text of so many bytes.
    pub fn new(text_bytes: usize) -> Self {
        let pieces = match text_bytes {
            0..2_048 => 0,
            _ => (text_bytes / 32).next_power_of_two().clamp(256, 1 << 14),
        };
        Self { slots: vec![Remembered::default(); pieces] }
    }

    /// Whether there is one; a short text is not worth it.
    #[inline]
    pub fn is_used(&self) -> bool {
        !self.slots.is_empty()
    }

    #[inline]
    fn slot(&self, key: Key) -> usize {
        key.hash() as usize & (self.slots.len() - 1)
    }

    /// Where the ids of a piece stand.
    #[inline]
    pub fn get(&self, key: Key) -> Option<core::ops::Range<usize>> {
        let known = self.slots[self.slot(key)];
        (known.key == key).then_some(known.at as usize..(known.at + known.count) as usize)
    }

    /// Remembers a piece.
    #[inline]
    pub fn set(&mut self, key: Key, ids: core::ops::Range<usize>) {
        let slot = self.slot(key);
        // A text of more than 2^32 ids has no memory of its end.
        if let Ok(at) = u32::try_from(ids.start) {
            self.slots[slot] = Remembered { key, at, count: ids.len() as u32 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeMap;

    proptest::proptest! {
        #[test]
        fn words_are_a_map_of_short_tokens(tokens in proptest::collection::btree_map(proptest::collection::vec(0u8..3, 0..18), 0u32..9, 0..60)) {
            let words = Words::new(tokens.iter().map(|(token, &id)| (token.as_slice(), id)));
            for (token, &id) in &tokens {
                assert_eq!(Key::of(token).map(|key| words.get(key)), (3..=15).contains(&token.len()).then_some(id));
                let other = [&token[..], &[7]].concat();
                assert!(Key::of(&other).is_none_or(|key| words.get(key) == NONE));
            }
        }

        #[test]
        fn keys_are_pieces(a in proptest::collection::vec(0u8..2, 3..16), b in proptest::collection::vec(0u8..2, 3..16)) {
            assert_eq!(Key::of(&a) == Key::of(&b), a == b);
        }

        #[test]
        fn a_memory_gives_what_was_put_there_last(puts in proptest::collection::vec((0u8..30, 0usize..90), 0..60)) {
            let (mut memory, mut map) = (Memory::new(3_000), BTreeMap::new());
            for (piece, at) in puts {
                let key = Key::of(&[piece; 4]).unwrap();
                memory.set(key, at..at + 2);
                map.insert(piece, at..at + 2);
                assert_eq!(memory.get(key), Some(at..at + 2));
            }
            for piece in 0..40 {
                let found = memory.get(Key::of(&[piece; 4]).unwrap());
                assert!(found.is_none() || found.as_ref() == map.get(&piece));
            }
        }
    }

    #[test]
    fn nothing_is_known_at_first() {
        let key = Key::of(b"abc").unwrap();
        assert_eq!(Words::default().get(key), NONE);
        assert_eq!(Words::new([].into_iter()).get(key), NONE);
        assert!(!Memory::new(100).is_used() && Memory::new(5_000).get(key).is_none());
    }
}
