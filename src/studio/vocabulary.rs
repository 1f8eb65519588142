//! A tokenizer with what is known of where it came from: trained here, published, or out of a file of another program.

mod browse;

pub use browse::{Kind, Order};

use crate::error::{Error, Result};
use crate::formats::{Cut, TokenizerJson, is_rank_file, read_ranks};
use crate::tokenizer::{Merge, Parts, Published, Split, Tokenizer};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// A tokenizer whose merges are known by rank.
#[derive(Debug, Clone)]
pub struct WordList {
    tokenizer: Tokenizer,
    /// Id that each merge makes, by rank.
    made: Vec<u32>,
    /// Merges by rank where the file had its own list.
    listed: Vec<(u32, u32)>,
    whole_pieces: bool,
    nfc: bool,
}

impl WordList {
    /// A trained vocabulary.
    pub fn trained(tokenizer: Tokenizer) -> Self {
        Self::by_length(tokenizer, false)
    }

    /// A published vocabulary out of its compact file.
    ///
    /// # Errors
    /// As [`Tokenizer::unpack`].
    pub fn published(published: Published, file: &[u8]) -> Result<Self> {
        Ok(Self::by_length(Tokenizer::unpack(published, file)?, true))
    }

    /// Merges make the tokens of more than one byte, in the order of their ids.
    fn by_length(tokenizer: Tokenizer, whole_pieces: bool) -> Self {
        let ids = 0..tokenizer.vocab_size() as u32;
        let is_made = |id: &u32| !tokenizer.is_special(*id) && tokenizer.token_bytes(*id).is_ok_and(|t| t.len() > 1);
        let made = ids.filter(is_made).collect();
        Self { tokenizer, made, listed: Vec::new(), whole_pieces, nfc: false }
    }

    /// The vocabulary of a `tokenizer.json` or a `.tiktoken` file, told apart by their content.
    ///
    /// # Errors
    /// [`Error::Format`] for files that are neither or not in order, [`Error::Unsupported`] that names what can't be read.
    pub fn open(file: &[u8]) -> Result<Self> {
        match file.trim_ascii_start().first() {
            Some(b'{') => Self::from_json(TokenizerJson::read(file)?),
            _ if is_rank_file(file) => Self::from_ranks(read_ranks(file)?),
            _ => Err(Error::Format {
                file: "tokenizer file",
                expected: "a tokenizer.json or a .tiktoken file".into(),
                found: if file.is_empty() { "an empty file".into() } else { "something else".into() },
            }),
        }
    }

    fn from_ranks(tokens: Vec<Vec<u8>>) -> Result<Self> {
        let count = tokens.iter().filter(|token| !token.is_empty()).count();
        // Neither rule nor special tokens stand in such a file.
        let split = Split::of_tokens(&tokens);
        let mut known = Published::ALL.into_iter();
        let published = known.find(|published| published.tokens() == count && published.split() == split);
        let specials = published.map_or(&[][..], Published::specials);
        let specials = specials.iter().map(|&(name, id)| (name.into(), id)).collect();
        let parts = Parts { tokens, merges: None, split, specials, whole_pieces: true };
        Ok(Self::by_length(Tokenizer::from_parts(parts)?, true))
    }

    fn from_json(file: TokenizerJson) -> Result<Self> {
        let TokenizerJson { tokens, merges, cut, specials, whole_pieces, nfc } = file;
        let split = split_of(cut);
        let parts = Parts { tokens, merges: Some(merges.clone()), split, specials, whole_pieces };
        let tokenizer = Tokenizer::from_parts(parts)?;
        // Tokens of such a file have names, which differ.
        let mut sorted: Vec<(&[u8], u32)> = (0..tokenizer.vocab_size() as u32)
            .filter(|&id| !tokenizer.is_special(id))
            .filter_map(|id| Some((tokenizer.token_bytes(id).ok()?, id)))
            .collect();
        sorted.sort_unstable();
        let bytes = |id: u32| tokenizer.token_bytes(id).unwrap_or_default();
        let made = merges.iter().filter_map(|&(left, right)| {
            let token = [bytes(left), bytes(right)].concat();
            sorted.binary_search_by(|(other, _)| (*other).cmp(&token)).ok().map(|at| sorted[at].1)
        });
        let made = made.collect();
        Ok(Self { made, listed: merges, whole_pieces, nfc, tokenizer })
    }

    /// The `tokenizer.json`.
    ///
    /// # Errors
    /// [`Error::Unsupported`] when two tokens have the same bytes, or one is not made of two others.
    pub fn save(&self) -> Result<String> {
        let tokenizer = &self.tokenizer;
        let specials: Vec<(String, u32)> = tokenizer.specials().map(|(name, id)| (name.into(), id)).collect();
        let tokens = (0..tokenizer.vocab_size() as u32).map(|id| {
            let token = if tokenizer.is_special(id) { None } else { tokenizer.token_bytes(id).ok() };
            token.unwrap_or_default().to_vec()
        });
        let merges: Result<Vec<(u32, u32)>> = (0..self.merges())
            .map(|rank| {
                let merge = self.merge(rank).map(|(_, merge)| (merge.left, merge.right));
                merge.ok_or_else(|| Error::Unsupported {
                    file: "tokenizer.json",
                    expected: "only tokens that are made of two others".into(),
                    found: format!("the token {}, which is not", self.made.get(rank).copied().unwrap_or_default()),
                })
            })
            .collect();
        let (cut, whole_pieces) = (cut_of(tokenizer.split()), self.whole_pieces);
        TokenizerJson { tokens: tokens.collect(), merges: merges?, cut, specials, whole_pieces, nfc: self.nfc }.write()
    }

    /// The tokenizer.
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }

    /// Whether text is to be brought into the Unicode normalization form C before it is encoded. The caller does that.
    pub fn is_nfc(&self) -> bool {
        self.nfc
    }

    /// Whether a piece that is a token stays whole, whatever the merges.
    pub fn keeps_whole_pieces(&self) -> bool {
        self.whole_pieces
    }

    /// Number of merges.
    pub fn merges(&self) -> usize {
        self.made.len()
    }

    /// The id that a merge makes, and of what. `None` where the token is not made of two others, and behind the last.
    pub fn merge(&self, rank: usize) -> Option<(u32, Merge)> {
        let id = *self.made.get(rank)?;
        match self.listed.get(rank) {
            Some(&(left, right)) => Some((id, Merge { left, right, count: 0 })),
            None => self.tokenizer.merge(id).map(|merge| (id, merge)),
        }
    }

    /// The first merge that makes an id.
    pub fn rank(&self, id: u32) -> Option<usize> {
        if self.listed.is_empty() {
            return self.made.binary_search(&id).ok();
        }
        self.made.iter().position(|&made| made == id)
    }
}

fn split_of(cut: Cut) -> Split {
    match cut {
        Cut::Gpt2 => Split::Gpt2,
        Cut::Cl100k => Split::Cl100k,
        Cut::O200k => Split::O200k,
        Cut::Qwen => Split::Qwen,
        Cut::Digits => Split::Digits,
    }
}

fn cut_of(split: Split) -> Cut {
    match split {
        Split::Gpt2 => Cut::Gpt2,
        Split::Cl100k => Cut::Cl100k,
        Split::O200k => Cut::O200k,
        Split::Qwen => Cut::Qwen,
        Split::Digits => Cut::Digits,
    }
}

#[cfg(test)]
mod tests;
