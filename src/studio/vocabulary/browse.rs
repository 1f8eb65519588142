//! Looking through a vocabulary: tokens by what they are and what is in them, and the merges that a token is made of.

use super::WordList;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

/// Which tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Every one.
    All,
    /// Special tokens.
    Special,
    /// Tokens that begin or end inside a character.
    Partial,
    /// Letters, maybe behind a space.
    Word,
    /// White space and nothing else.
    Space,
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By id.
    Rank,
    /// The longest first, in bytes.
    Length,
}

impl Kind {
    /// The one with this name: `all`, `special`, `partial`, `word`, `space`.
    pub fn from_name(name: &str) -> Option<Self> {
        let kinds = [Self::All, Self::Special, Self::Partial, Self::Word, Self::Space];
        ["all", "special", "partial", "word", "space"].iter().position(|known| *known == name).map(|at| kinds[at])
    }

    fn holds(self, token: &[u8], special: bool) -> bool {
        let text = || if special { None } else { core::str::from_utf8(token).ok() };
        match self {
            Self::All => true,
            Self::Special => special,
            Self::Partial => !special && text().is_none(),
            Self::Word => text().is_some_and(|text| {
                let word = text.strip_prefix(' ').unwrap_or(text);
                !word.is_empty() && word.chars().all(char::is_alphabetic)
            }),
            Self::Space => text().is_some_and(|text| text.chars().all(char::is_whitespace)),
        }
    }
}

/// Bytes to look for: those of a text, or of hexadecimal bytes with dots between them (`E4·BD`, `E4·`).
fn needle(search: &str) -> Vec<u8> {
    let dotted = search.strip_suffix('·').unwrap_or(search);
    let byte = |part: &str| {
        let digits = part.len() == 2 && part.bytes().all(|c| c.is_ascii_hexdigit());
        u8::from_str_radix(part, 16).ok().filter(|_| digits)
    };
    let bytes: Option<Vec<u8>> = if search.contains('·') { dotted.split('·').map(byte).collect() } else { None };
    bytes.unwrap_or_else(|| search.as_bytes().to_vec())
}

/// Sorts by `first`, then by id. One kind of keys for every order: each more would add 10 kB of sorting to the download.
fn key(first: u32, id: u32) -> u64 {
    u64::from(first) << 32 | u64::from(id)
}

fn contains(token: &[u8], needle: &[u8]) -> bool {
    needle.is_empty() || token.windows(needle.len()).any(|window| window == needle)
}

impl WordList {
    /// Ids of the tokens of a kind that hold `search` (a text, or bytes as `E4·BD`), in this order.
    pub fn browse(&self, search: &str, kind: Kind, order: Order) -> Vec<u32> {
        let needle = needle(search);
        let tokenizer = self.tokenizer();
        let longest_first = |token: &[u8]| if order == Order::Length { u32::MAX - token.len() as u32 } else { 0 };
        let keys = (0..tokenizer.vocab_size() as u32).filter_map(|id| {
            let token = tokenizer.token_bytes(id).ok()?;
            let fits = contains(token, &needle) && kind.holds(token, tokenizer.is_special(id));
            fits.then(|| key(longest_first(token), id))
        });
        let mut keys: Vec<u64> = keys.collect();
        keys.sort_unstable();
        keys.into_iter().map(|key| key as u32).collect()
    }

    /// The merges inside a token: id, rank and both parts of everything that it is made of, parts before wholes, each
    /// once. Empty for a byte or a special token.
    pub fn tree(&self, id: u32) -> Vec<(u32, usize, crate::tokenizer::Merge)> {
        let mut found = BTreeMap::new();
        let mut open = BTreeSet::from([id]);
        while let Some(id) = open.pop_first() {
            let rank = if found.contains_key(&id) { None } else { self.rank(id) };
            if let Some((rank, merge)) = rank.and_then(|rank| Some((rank, self.merge(rank)?.1))) {
                found.insert(id, (rank, merge));
                open.extend([merge.left, merge.right]);
            }
        }
        // A part is shorter than what it is a part of.
        let length = |id: u32| self.tokenizer().token_bytes(id).map_or(0, <[u8]>::len) as u32;
        let mut keys: Vec<u64> = found.keys().map(|&id| key(length(id), id)).collect();
        keys.sort_unstable();
        keys.into_iter()
            .filter_map(|key| found.get(&(key as u32)).map(|&(rank, merge)| (key as u32, rank, merge)))
            .collect()
    }
}
