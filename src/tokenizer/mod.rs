//! Text to ids and back: byte-level byte-pair encoding that loses nothing, trained on any text.
//!
//! Ids 0..=255 are the bytes, then come the merges in the order in which they were learned, then the special tokens.
//! Special tokens are never made from text by [`Tokenizer::encode`]: a typed `<|end|>` is eight characters like others.

mod merges;
mod split;
mod stream;
mod train;
mod unicode;

pub use split::{Pieces, Split};
pub use stream::Streamer;
pub use train::Merge;

use crate::error::{Error, Result};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use merges::Merges;
use serde::{Deserialize, Serialize};

/// Single bytes: the first ids of every vocabulary.
const BYTES: u32 = 256;
/// Largest vocabulary that is trained.
pub const MOST_TOKENS: usize = 8_192;
/// The special tokens that a model starts with: document, speakers, tool call and its result.
pub const SPECIALS: [&str; 5] = ["<|end|>", "<|user|>", "<|assistant|>", "<|tool|>", "<|result|>"];

/// What to train.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainOptions {
    /// Ids in all: 256 bytes, the special tokens, and as many merges as fit.
    pub vocab_size: usize,
    /// How text is cut before merging.
    pub split: Split,
    /// Special tokens, in the order of their ids.
    pub specials: Vec<String>,
}

/// Why a vocabulary is smaller than asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stopped {
    /// There was no text.
    Empty,
    /// No piece had two tokens left to merge.
    TooFewPairs,
    /// The caller stopped it.
    Stopped,
}

/// One token of a text and where it stands. A token that begins or ends inside a character covers the whole character
/// in UTF-16 units, so that a highlight never halves one; neighbours then overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Token id.
    pub id: u32,
    /// First byte (UTF-8) · the byte behind the last.
    pub byte_start: usize,
    /// Byte behind the last.
    pub byte_end: usize,
    /// First UTF-16 unit.
    pub utf16_start: usize,
    /// Unit behind the last.
    pub utf16_end: usize,
}

/// A vocabulary with its way of cutting text.
///
/// ```
/// use glassgpt::tokenizer::{SPECIALS, Split, Tokenizer, TrainOptions};
///
/// let specials = SPECIALS.map(String::from).to_vec();
/// let options = TrainOptions { vocab_size: 300, split: Split::Digits, specials };
/// let text = "the cat and the hat and the bat";
/// let (tokenizer, _) = Tokenizer::train([text].into_iter(), &options, &mut |_, _| true)?;
/// let ids = tokenizer.encode("the bat");
/// assert!(ids.len() < "the bat".len());
/// assert_eq!(tokenizer.decode_lossy(&ids)?, "the bat");
/// # Ok::<(), glassgpt::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Tokenizer {
    split: Split,
    learned: Vec<Merge>,
    specials: Vec<String>,
    merges: Merges,
    /// Bytes of all ids but the special ones, one after the other, and where each starts.
    bytes: Vec<u8>,
    starts: Vec<u32>,
}

/// What a tokenizer is, as stored.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    split: Split,
    merges: Vec<(u32, u32, u64)>,
    specials: Vec<String>,
}

impl Tokenizer {
    /// Plain bytes and special tokens.
    pub fn bytes(specials: Vec<String>) -> Self {
        Self::from_merges(Vec::new(), Split::default(), specials)
    }

    /// Learns a vocabulary; pieces never cross the borders of documents. `progress(merges done, merges wanted)` is
    /// called before each merge and stops the training by returning false.
    ///
    /// A text with too few pairs gives a smaller vocabulary and the reason.
    ///
    /// # Errors
    /// [`Error::Setting`] when the size is below 256 + specials or above [`MOST_TOKENS`].
    pub fn train<'a>(
        documents: impl Iterator<Item = &'a str>,
        options: &TrainOptions,
        progress: &mut dyn FnMut(usize, usize) -> bool,
    ) -> Result<(Self, Option<Stopped>)> {
        let least = BYTES as usize + options.specials.len();
        if !(least..=MOST_TOKENS).contains(&options.vocab_size) {
            let (expected, found) = (format!("{least}..={MOST_TOKENS}"), options.vocab_size.to_string());
            return Err(Error::Setting { name: "vocabSize", expected, found });
        }
        let most = options.vocab_size - least;
        let mut any = false;
        let documents = documents.inspect(|d| any |= !d.is_empty());
        let (learned, stopped) = train::learn(documents, options.split, most, progress);
        let reason = match (stopped, any) {
            (true, _) => Some(Stopped::Stopped),
            (_, false) => Some(Stopped::Empty),
            _ if learned.len() < most => Some(Stopped::TooFewPairs),
            _ => None,
        };
        Ok((Self::from_merges(learned, options.split, options.specials.clone()), reason))
    }

    /// `learned` must only name ids made before; callers have checked.
    fn from_merges(learned: Vec<Merge>, split: Split, specials: Vec<String>) -> Self {
        let pairs: Vec<(u32, u32)> = learned.iter().map(|m| (m.left, m.right)).collect();
        let mut bytes: Vec<u8> = (0..=255).collect();
        let mut starts: Vec<u32> = (0..=BYTES).collect();
        for &(left, right) in &pairs {
            for id in [left, right] {
                bytes.extend_from_within(starts[id as usize] as usize..starts[id as usize + 1] as usize);
            }
            starts.push(bytes.len() as u32);
        }
        Self { split, learned, specials, merges: Merges::new(&pairs, BYTES), bytes, starts }
    }

    /// Ids in all.
    pub fn vocab_size(&self) -> usize {
        self.first_special() as usize + self.specials.len()
    }

    /// How text is cut.
    pub fn split(&self) -> Split {
        self.split
    }

    fn first_special(&self) -> u32 {
        BYTES + self.learned.len() as u32
    }

    /// The id of a special token.
    pub fn special(&self, name: &str) -> Option<u32> {
        let at = self.specials.iter().position(|s| s == name)?;
        Some(self.first_special() + at as u32)
    }

    /// Whether an id is a special token.
    pub fn is_special(&self, id: u32) -> bool {
        (self.first_special()..self.vocab_size() as u32).contains(&id)
    }

    /// How an id was made, unless it is a byte or a special token.
    pub fn merge(&self, id: u32) -> Option<Merge> {
        self.learned.get((id as usize).checked_sub(BYTES as usize)?).copied()
    }

    /// The bytes of a token; of a special token those of its name.
    ///
    /// # Errors
    /// [`Error::TokenId`] when the id is not in the vocabulary.
    pub fn token_bytes(&self, id: u32) -> Result<&[u8]> {
        if id < self.first_special() {
            return Ok(&self.bytes[self.starts[id as usize] as usize..self.starts[id as usize + 1] as usize]);
        }
        match self.specials.get((id - self.first_special()) as usize) {
            Some(name) => Ok(name.as_bytes()),
            None => Err(Error::TokenId { found: id, vocab_size: self.vocab_size() }),
        }
    }

    /// Ids of a text; nothing in it is special.
    pub fn encode(&self, text: &str) -> Vec<u32> {
        let mut out = Vec::with_capacity(text.len() / 2);
        self.encode_into(text, &mut out);
        out
    }

    fn encode_into(&self, text: &str, out: &mut Vec<u32>) {
        for piece in self.split.pieces(text) {
            self.merges.merge(piece.as_bytes(), out);
        }
    }

    /// Ids of documents one after the other, each behind the special token `start`.
    pub fn encode_documents<'a>(&self, documents: impl Iterator<Item = &'a str>, start: u32) -> Vec<u32> {
        let mut out = Vec::new();
        for document in documents {
            out.push(start);
            self.encode_into(document, &mut out);
        }
        out
    }

    /// Ids of a text with their places.
    pub fn encode_spans(&self, text: &str) -> Vec<Span> {
        let mut byte_start = 0;
        let mut characters = text.char_indices().map(|(at, c)| (at, c.len_utf8(), c.len_utf16())).peekable();
        let mut utf16 = 0;
        let mut spans = Vec::new();
        for id in self.encode(text) {
            let byte_end = byte_start + (self.starts[id as usize + 1] - self.starts[id as usize]) as usize;
            // `utf16` counts the units of characters that end at or before `byte_start`.
            let utf16_start = utf16;
            let mut utf16_end = utf16;
            while let Some(&(at, len, units)) = characters.peek() {
                if at >= byte_end {
                    break;
                }
                utf16_end += units;
                if at + len > byte_end {
                    break;
                }
                utf16 = utf16_end;
                characters.next();
            }
            spans.push(Span { id, byte_start, byte_end, utf16_start, utf16_end });
            byte_start = byte_end;
        }
        spans
    }

    /// The bytes of ids.
    ///
    /// # Errors
    /// [`Error::TokenId`] for the first id that is not in the vocabulary.
    pub fn decode_bytes(&self, ids: &[u32]) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        for &id in ids {
            out.extend_from_slice(self.token_bytes(id)?);
        }
        Ok(out)
    }

    /// The text of ids; bytes that are no characters become U+FFFD.
    ///
    /// # Errors
    /// As [`Tokenizer::decode_bytes`].
    pub fn decode_lossy(&self, ids: &[u32]) -> Result<String> {
        Ok(String::from_utf8_lossy(&self.decode_bytes(ids)?).into_owned())
    }

    /// The tokenizer as JSON.
    pub fn to_json(&self) -> String {
        let merges = self.learned.iter().map(|m| (m.left, m.right, m.count)).collect();
        let stored = Stored { split: self.split, merges, specials: self.specials.clone() };
        // Numbers, strings and an enum: nothing that could fail to serialise.
        serde_json::to_string(&stored).unwrap_or_default()
    }

    /// Reads what [`Tokenizer::to_json`] wrote, checking everything.
    ///
    /// # Errors
    /// [`Error::Format`] when it is not such JSON, or a merge names an id that is not made yet or was merged before.
    pub fn from_json(json: &str) -> Result<Self> {
        let file = "tokenizer";
        let format = |expected: &str, found: String| Error::Format { file, expected: expected.into(), found };
        let stored: Stored = serde_json::from_str(json).map_err(|e| format("a tokenizer in JSON", e.to_string()))?;
        let size = BYTES as usize + stored.merges.len() + stored.specials.len();
        if size > MOST_TOKENS {
            return Err(format("at most 8192 tokens", size.to_string()));
        }
        let mut lengths: Vec<u64> = alloc::vec![1; BYTES as usize];
        let mut seen = alloc::collections::BTreeSet::new();
        for &(left, right, _) in &stored.merges {
            let length = |id: u32| lengths.get(id as usize).copied();
            match (length(left), length(right)) {
                // The limit keeps a chain of doublings from asking for gigabytes.
                (Some(a), Some(b)) if a + b <= 1 << 20 && seen.insert((left, right)) => lengths.push(a + b),
                _ => return Err(format("merges of earlier tokens, each once", format!("({left}, {right})"))),
            }
        }
        if lengths.iter().sum::<u64>() > 1 << 26 {
            return Err(format("tokens of at most 64 MiB together", "more".into()));
        }
        let learned = stored.merges.iter().map(|&(left, right, count)| Merge { left, right, count }).collect();
        Ok(Self::from_merges(learned, stored.split, stored.specials))
    }
}

#[cfg(test)]
mod tests;
