//! Short pieces as numbers, and the tokens among them, whose ids are known without merging.

use super::pairs::NONE;
use alloc::vec;
use alloc::vec::Vec;

/// Most bytes of a piece that is its own key.
pub(super) const KEY_BYTES: usize = 15;
/// Fewest bytes of a token that is worth looking up.
const FEWEST_BYTES: usize = 3;

/// The bytes of a piece with its length on top; of a longer piece a hash. Never 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Key(u64, u64);

const fn low_bytes(count: usize) -> u64 {
    if count >= 8 { u64::MAX } else { (1 << (8 * count)) - 1 }
}

/// What a key keeps of the 16 bytes from the beginning of a piece on, by the length of the piece.
const MASKS: [(u64, u64); 16] = {
    let (mut masks, mut len) = ([(0, 0); 16], 0);
    while len < 16 {
        masks[len] = (low_bytes(len), low_bytes(len.saturating_sub(8)));
        len += 1;
    }
    masks
};
const MIX: u64 = 0x9E37_79B9_7F4A_7C15;

impl Key {
    /// The key of no piece.
    pub const NONE: Self = Self(0, 0);

    /// The key of the piece `text[start..end]`, unless it is longer than [`KEY_BYTES`].
    #[inline]
    pub fn of(text: &[u8], start: usize, end: usize) -> Option<Self> {
        let len = end - start;
        if len > KEY_BYTES {
            return None;
        }
        let Some([low, high]) = text.get(start..).and_then(|rest| rest.as_chunks::<8>().0.first_chunk::<2>()) else {
            let word = |bytes: &[u8]| bytes.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
            let (low, high) = text[start..end].split_at(len.min(8));
            return Some(Self(word(low), word(high) | (len as u64) << 56));
        };
        let masks = MASKS[len];
        Some(Self(u64::from_le_bytes(*low) & masks.0, u64::from_le_bytes(*high) & masks.1 | (len as u64) << 56))
    }

    /// The key of a piece of more than [`KEY_BYTES`] bytes, which others may share.
    #[inline]
    pub fn of_long(piece: &[u8]) -> Option<Self> {
        let last = piece.last_chunk::<8>().filter(|_| piece.len() > KEY_BYTES)?;
        let mix = |hash: u64, bytes: &[u8; 8]| (hash ^ u64::from_le_bytes(*bytes)).wrapping_mul(MIX).rotate_left(29);
        let hash = piece.as_chunks::<8>().0.iter().chain([last]).fold(piece.len() as u64, mix);
        Some(Self(hash, piece.len() as u64 | 0xff << 56))
    }

    #[inline]
    pub fn hash(self) -> u32 {
        ((self.0 ^ self.1.rotate_left(29)).wrapping_mul(MIX) >> 32) as u32
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
        let known = tokens.filter(|(token, _)| token.len() >= FEWEST_BYTES);
        let keys = || known.clone().filter_map(|(token, id)| Some((Key::of(token, 0, token.len())?, id)));
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

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn words_are_a_map_of_short_tokens(tokens in proptest::collection::btree_map(proptest::collection::vec(0u8..3, 0..18), 0u32..9, 0..60)) {
            let words = Words::new(tokens.iter().map(|(token, &id)| (token.as_slice(), id)));
            for (token, &id) in &tokens {
                let key = Key::of(token, 0, token.len());
                assert_eq!(key.map(|key| words.get(key)), (token.len() < 16).then_some(if token.len() < 3 { NONE } else { id }));
                let other = [&token[..], &[7]].concat();
                assert!(Key::of(&other, 0, other.len()).is_none_or(|key| words.get(key) == NONE));
            }
        }

        #[test]
        fn keys_are_pieces_wherever_they_stand(
            a in proptest::collection::vec(0u8..2, 1..16), b in proptest::collection::vec(0u8..2, 1..16),
            before in 0usize..4, behind in proptest::collection::vec(0u8..2, 0..20),
        ) {
            let text = [&[1, 0, 1][..before.min(3)], &a, &behind].concat();
            let start = before.min(3);
            assert_eq!(Key::of(&text, start, start + a.len()) == Key::of(&b, 0, b.len()), a == b);
            assert_eq!(Key::of(&text, start, start + a.len()), Key::of(&a, 0, a.len()));
        }

        #[test]
        fn keys_of_long_pieces_come_from_all_of_their_bytes(piece in proptest::collection::vec(0u8..255, 16..50), at in 0usize..50) {
            let mut other = piece.clone();
            let at = at % other.len();
            other[at] += 1;
            assert!(Key::of_long(&other).is_some() && Key::of_long(&other) != Key::of_long(&piece));
            assert_eq!(Key::of_long(&piece[..15]), None);
            assert_eq!(Key::of(&piece, 0, piece.len()), None);
        }
    }

    #[test]
    fn nothing_is_known_at_first() {
        let key = Key::of(b"abc", 0, 3).unwrap();
        assert_eq!(Words::default().get(key), NONE);
        assert_eq!(Words::new([].into_iter()).get(key), NONE);
    }
}
