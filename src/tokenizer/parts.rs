//! A tokenizer out of plain parts, as files of other programs hold them.

use super::encode::{Merges, Work, ignored};
use super::pairs::NONE;
use super::split::{Scanner, Split};
use super::vocabulary::{BYTES, Numbering, Vocabulary};
use super::{Tokenizer, train};
use crate::error::{Error, Result};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

/// Most ids of a vocabulary, and most merges.
const MOST_IDS: usize = 2_000_000;
/// Longest token of a vocabulary that has every way of halving its tokens as a merge.
const MOST_HALVED_BYTES: usize = 1 << 10;

/// What a byte-level tokenizer consists of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts {
    /// The bytes of each token, by id; empty where the id is not used, or a special token's.
    pub tokens: Vec<Vec<u8>>,
    /// Pairs of ids, the most urgent first. `None`: whatever two neighbours make a token, the one with the lowest id
    /// first, and a piece that is a token stays whole (tiktoken).
    pub merges: Option<Vec<(u32, u32)>>,
    /// How text is cut.
    pub split: Split,
    /// Special tokens with their ids.
    pub specials: Vec<(String, u32)>,
    /// A piece that is a token stays whole, whatever the merges (`ignore_merges` of Hugging Face).
    pub whole_pieces: bool,
}

fn refused(expected: &str, found: impl Into<String>) -> Error {
    Error::Format { file: "vocabulary", expected: expected.into(), found: found.into() }
}

fn shown(token: &[u8]) -> String {
    format!("\"{}\"", token.escape_ascii())
}

impl Tokenizer {
    /// A tokenizer out of its parts.
    ///
    /// # Errors
    /// [`Error::Format`] when one of the 256 single bytes is no token, a token is there twice, a merge names an id that
    /// is not there, makes no token or is there twice, special tokens have no name, share a name or an id or take the
    /// id of another token, or everything together is too large (2 million ids, 64 MiB).
    pub fn from_parts(mut parts: Parts) -> Result<Self> {
        check_specials(&mut parts)?;
        let bytes = parts.tokens.iter().map(Vec::len).sum::<usize>() as u64;
        let most = parts.merges.as_ref().map_or(0, Vec::len).max(parts.tokens.len());
        if most > MOST_IDS || bytes > train::MOST_BYTES {
            return Err(refused("at most 2000000 tokens of 64 MiB together", format!("{most} of {bytes} bytes")));
        }
        let byte_ids = byte_ids(&parts.tokens)?;
        let index = Index::new(&parts.tokens)?;
        let mut built = match &parts.merges {
            Some(merges) => by_merges(&parts.tokens, &index, &byte_ids, merges)?,
            None => by_ids(&parts.tokens, &index, &byte_ids)?,
        };
        if parts.whole_pieces || (parts.merges.is_none() && !built.regular) {
            built.add_whole(&index);
        }
        built.merges.find_words(parts.tokens.iter().map(Vec::as_slice));
        let tokens = parts.tokens.iter().map(Vec::as_slice);
        let numbering = Numbering::new(byte_ids, built.outer);
        let mut vocabulary = Vocabulary::new(tokens, parts.specials, numbering);
        vocabulary.set_pairs(built.pairs);
        Ok(Self { scanner: Scanner::new(parts.split), vocabulary, merges: built.merges })
    }
}

/// Special tokens that stand among the ordinary ones under their name are taken out there.
fn check_specials(parts: &mut Parts) -> Result<()> {
    let (mut names, mut ids): (Vec<&str>, Vec<u32>) =
        parts.specials.iter().map(|(name, id)| (name.as_str(), *id)).unzip();
    names.sort_unstable();
    ids.sort_unstable();
    if names.first().is_some_and(|name| name.is_empty()) {
        return Err(refused("special tokens with a name", "one without"));
    }
    if let Some(twice) = names.windows(2).find(|w| w[0] == w[1]) {
        return Err(refused("special tokens with different names", shown(twice[0].as_bytes())));
    }
    if let Some(twice) = ids.windows(2).find(|w| w[0] == w[1]) {
        return Err(refused("special tokens with different ids", twice[0].to_string()));
    }
    if let Some(&id) = ids.last().filter(|&&id| id as usize >= MOST_IDS) {
        return Err(refused("ids below 2000000", id.to_string()));
    }
    for (name, id) in &parts.specials {
        match parts.tokens.get_mut(*id as usize) {
            Some(token) if token.as_slice() == name.as_bytes() => token.clear(),
            Some(token) if !token.is_empty() => {
                return Err(refused(
                    "special tokens with ids of their own",
                    format!("{} for both {name} and {}", id, shown(token)),
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Ids of the single bytes.
///
/// # Errors
/// [`Error::Format`] when one is missing or there twice.
pub(super) fn byte_ids(tokens: &[Vec<u8>]) -> Result<[u32; BYTES as usize]> {
    let mut ids = [NONE; BYTES as usize];
    for (token, id) in tokens.iter().zip(0..) {
        if let [byte] = token[..] {
            if ids[usize::from(byte)] != NONE {
                return Err(refused("each single byte as one token", format!("{} twice", shown(token))));
            }
            ids[usize::from(byte)] = id;
        }
    }
    match (0u8..=255).zip(&ids).find(|&(_, &id)| id == NONE) {
        Some((byte, _)) => Err(refused("each of the 256 single bytes as a token", format!("none for the byte {byte}"))),
        None => Ok(ids),
    }
}

/// The two tokens (inner ids) that merging makes of a token's bytes; `None` when it comes to more than two, or one.
pub(super) fn regular_pair(merges: &Merges, token: &[u8]) -> Option<(u32, u32)> {
    let mut ids = Vec::new();
    merges.merge(token, &mut Work::new(NONE), &mut ids, &mut ignored);
    match ids[..] {
        [left, right] => Some((left, right)),
        _ => None,
    }
}

/// Ids by the bytes of their tokens.
struct Index<'a>(Vec<(&'a [u8], u32)>);

impl<'a> Index<'a> {
    /// # Errors
    /// [`Error::Format`] when a token is there twice.
    fn new(tokens: &'a [Vec<u8>]) -> Result<Self> {
        let mut sorted: Vec<_> =
            tokens.iter().map(Vec::as_slice).zip(0..).filter(|(token, _)| !token.is_empty()).collect();
        sorted.sort_unstable();
        match sorted.windows(2).find(|w| w[0].0 == w[1].0) {
            Some(twice) => Err(refused("each token once", format!("{} twice", shown(twice[0].0)))),
            None => Ok(Self(sorted)),
        }
    }

    /// Place of the entry with these bytes.
    fn find(&self, token: &[u8]) -> Option<usize> {
        let at = self.0.partition_point(|&(other, _)| other < token);
        self.0.get(at).is_some_and(|&(other, _)| other == token).then_some(at)
    }
}

/// What merges and ids come to.
struct Built {
    merges: Merges,
    /// Outer ids by rank.
    outer: Vec<u32>,
    /// Outer ids of the parts by rank.
    pairs: Vec<(u32, u32)>,
    /// Every token is what merging makes of its bytes.
    regular: bool,
}

impl Built {
    /// Keeps tokens whole that merging does not make of their bytes.
    fn add_whole(&mut self, tokens: &Index) {
        let (mut work, mut ids) = (Work::new(NONE), Vec::new());
        for &(token, id) in tokens.0.iter().filter(|(token, _)| token.len() > 1) {
            ids.clear();
            self.merges.merge(token, &mut work, &mut ids, &mut ignored);
            let made = |inner: u32| self.outer.get(inner.checked_sub(BYTES)? as usize).copied();
            if ids.len() > 1 || made(ids[0]) != Some(id) {
                self.merges.push_whole(token.to_vec(), BYTES + self.outer.len() as u32);
                self.outer.push(id);
            }
        }
    }
}

/// By the merges of a list.
fn by_merges(tokens: &[Vec<u8>], index: &Index, byte_ids: &[u32], merges: &[(u32, u32)]) -> Result<Built> {
    let mut inner = vec![NONE; tokens.len()];
    byte_ids.iter().zip(0..).for_each(|(&id, byte)| inner[id as usize] = byte);
    let token = |id: u32| tokens.get(id as usize).filter(|token| !token.is_empty());
    let (mut made, mut outer, mut same) = (Vec::new(), Vec::new(), true);
    for (&(left, right), priority) in merges.iter().zip(BYTES..) {
        let (Some(a), Some(b)) = (token(left), token(right)) else {
            return Err(refused("merges of tokens that are there", format!("({left}, {right})")));
        };
        let bytes = [a.as_slice(), b].concat();
        let Some(at) = index.find(&bytes) else {
            return Err(refused("merges that make tokens", format!("one that makes {}", shown(&bytes))));
        };
        let id = index.0[at].1;
        if inner[id as usize] == NONE {
            inner[id as usize] = priority;
        }
        same &= inner[id as usize] == priority;
        made.push(inner[id as usize]);
        outer.push(id);
    }
    let mut table = Merges::with_capacity(merges.len());
    for (&(left, right), priority) in merges.iter().zip(BYTES..) {
        let (a, b) = (inner[left as usize], inner[right as usize]);
        // A part that no merge makes never stands in a text.
        if a != NONE && b != NONE && !table.insert(a, b, priority) {
            return Err(refused("each merge once", format!("({left}, {right}) twice")));
        }
    }
    if !same {
        table.set_made(made);
    }
    Ok(Built { merges: table, outer, pairs: merges.to_vec(), regular: same })
}

/// By the ids alone: whatever makes a token is a merge, the lowest id first.
fn by_ids(tokens: &[Vec<u8>], index: &Index, byte_ids: &[u32]) -> Result<Built> {
    let longer = || tokens.iter().zip(0u32..).filter(|(token, _)| token.len() > 1);
    let outer: Vec<u32> = longer().map(|(_, id)| id).collect();
    let outward = |inner: u32| byte_ids.get(inner as usize).copied().unwrap_or_else(|| outer[(inner - BYTES) as usize]);
    let mut merges = Merges::with_capacity(outer.len());
    let mut pairs = Vec::with_capacity(outer.len());
    for ((token, _), priority) in longer().zip(BYTES..) {
        // While a token's bytes merge, nothing outside of them matters, and it passes through one state of two parts only:
        // so one pair is enough, and it is found by the merges before.
        let Some((left, right)) = regular_pair(&merges, token) else {
            return every_half(tokens, index, byte_ids, outer);
        };
        merges.insert(left, right, priority);
        pairs.push((outward(left), outward(right)));
    }
    Ok(Built { merges, outer, pairs, regular: true })
}

/// As [`by_ids`] for a vocabulary with tokens that are not made of two earlier ones: all ways of halving all tokens.
fn every_half(tokens: &[Vec<u8>], index: &Index, byte_ids: &[u32], outer: Vec<u32>) -> Result<Built> {
    let mut inner = vec![NONE; tokens.len()];
    byte_ids.iter().zip(0..).chain(outer.iter().zip(BYTES..)).for_each(|(&id, number)| inner[id as usize] = number);
    let mut merges = Merges::with_capacity(outer.len() * 2);
    let mut pairs = Vec::with_capacity(outer.len());
    for (&id, priority) in outer.iter().zip(BYTES..) {
        let token = &tokens[id as usize];
        if token.len() > MOST_HALVED_BYTES {
            return Err(refused("tokens of up to 1024 bytes that are two earlier ones", shown(&token[..32])));
        }
        let mut pair = (NONE, NONE);
        for (left, right) in (1..token.len()).map(|at| token.split_at(at)) {
            if let (Some(left), Some(right)) = (index.find(left), index.find(right)) {
                pair = (index.0[left].1, index.0[right].1);
                merges.insert(inner[pair.0 as usize], inner[pair.1 as usize], priority);
            }
        }
        pairs.push(pair);
    }
    Ok(Built { merges, outer, pairs, regular: false })
}

#[cfg(test)]
mod tests;
