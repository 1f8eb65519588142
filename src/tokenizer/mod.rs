//! Text to ids and back: byte-level byte-pair encoding that loses nothing, trained on any text.
//!
//! One type, [`Tokenizer`], for vocabularies trained here, published ones and those out of files. In a trained one the
//! ids 0..=255 are the bytes, then come the merges in the order in which they were learned, then the special tokens.
//! Special tokens are never made from text by [`Tokenizer::encode`]: a typed `<|end|>` is seven characters like others.
//! Only [`Tokenizer::encode_with`] reads their names.

mod cache;
mod document;
mod encode;
mod encode_long;
mod encoder;
mod json;
mod pairs;
mod parts;
mod patch;
mod published;
mod segment;
mod span;
mod specials;
mod split;
mod split_guess;
mod split_later;
mod stream;
mod train;
mod training;
mod unicode;
mod unicode_runs;
mod vocabulary;
mod words;

pub(crate) use cache::Cache;
pub use document::Document;
pub use encoder::Encoder;
pub use parts::Parts;
pub use published::Published;
pub use span::Span;
pub use specials::Specials;
pub use split::Split;
pub use stream::{Segment, Streamer, segments};
pub use train::Merge;
pub use training::Training;

use crate::error::{Error, Result};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use encode::Merges;
use serde::{Deserialize, Serialize};
use split::Scanner;
use vocabulary::{BYTES, Vocabulary};

/// Largest vocabulary of a model.
pub const MOST_TOKENS: usize = 8_192;
/// Largest vocabulary that is trained.
pub const MOST_TRAINED: usize = 1 << 17;
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

impl TrainOptions {
    /// Merges that make a vocabulary of the size asked for.
    fn merges(&self) -> Result<usize> {
        let least = BYTES as usize + self.specials.len();
        if !(least..=MOST_TRAINED).contains(&self.vocab_size) {
            let (expected, found) = (format!("{least}..={MOST_TRAINED}"), self.vocab_size.to_string());
            return Err(Error::Setting { name: "vocabSize", expected, found });
        }
        if let Some(name) = unusable(&self.specials) {
            let expected = "names that differ and are not empty".into();
            return Err(Error::Setting { name: "specials", expected, found: format!("{name:?}") });
        }
        Ok(self.vocab_size - least)
    }
}

/// Why a vocabulary is smaller than asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stopped {
    /// There was no text.
    Empty,
    /// No piece had two tokens left to merge (or only tokens too long to store: 1 MiB each, 64 MiB together).
    TooFewPairs,
    /// The caller stopped it.
    Stopped,
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
    scanner: Scanner,
    vocabulary: Vocabulary,
    merges: Merges,
}

/// The first name that can't be told from text or from a name before it.
fn unusable(specials: &[String]) -> Option<&String> {
    specials.iter().enumerate().find(|(i, name)| name.is_empty() || specials[..*i].contains(name)).map(|(_, name)| name)
}

impl Tokenizer {
    /// Plain bytes and special tokens.
    pub fn bytes(specials: Vec<String>) -> Self {
        Self::from_merges(Vec::new(), Split::default(), specials)
    }

    /// Learns a vocabulary; pieces never cross the borders of documents. `progress(merges done, merges wanted)` is
    /// called before each merge, and now and then before the first one, and stops the training by returning false.
    ///
    /// A text with too few pairs gives a smaller vocabulary and the reason.
    ///
    /// # Errors
    /// [`Error::Setting`] when the size is below 256 + specials or above [`MOST_TRAINED`], or when special tokens are empty
    /// or equal; [`Error::TextSize`] above 1 GiB of text.
    pub fn train<'a>(
        documents: impl Iterator<Item = &'a str>,
        options: &TrainOptions,
        progress: &mut dyn FnMut(usize, usize) -> bool,
    ) -> Result<(Self, Option<Stopped>)> {
        let most = options.merges()?;
        let scanner = Scanner::new(options.split);
        let learned = train::learn(documents, &scanner, most, progress)?;
        let reason = match learned {
            _ if learned.stopped => Some(Stopped::Stopped),
            _ if !learned.any_text => Some(Stopped::Empty),
            _ if learned.merges.len() < most => Some(Stopped::TooFewPairs),
            _ => None,
        };
        Ok((Self::assemble(learned.merges, scanner, options.specials.clone()), reason))
    }

    /// `learned` must only name ids made before; callers have checked.
    fn from_merges(learned: Vec<Merge>, split: Split, specials: Vec<String>) -> Self {
        Self::assemble(learned, Scanner::new(split), specials)
    }

    fn assemble(learned: Vec<Merge>, scanner: Scanner, specials: Vec<String>) -> Self {
        let mut merges = Merges::with_capacity(learned.len());
        for (merge, id) in learned.iter().zip(BYTES..) {
            merges.insert(merge.left, merge.right, id);
        }
        let specials = specials.into_iter().zip(BYTES + learned.len() as u32..).collect();
        let pairs = learned.iter().map(|merge| (merge.left, merge.right)).collect();
        let mut vocabulary = Vocabulary::of_pairs(&core::array::from_fn(|byte| byte as u8), pairs, specials);
        merges.find_words((BYTES..).map_while(|id| vocabulary.ordinary(id)));
        vocabulary.set_counts(learned.iter().map(|merge| merge.count).collect());
        Self { scanner, vocabulary, merges }
    }

    /// One more than the highest id. Published vocabularies leave out some ids below.
    pub fn vocab_size(&self) -> usize {
        self.vocabulary.size()
    }

    /// How text is cut.
    pub fn split(&self) -> Split {
        self.scanner.split()
    }

    /// The id of a special token.
    pub fn special(&self, name: &str) -> Option<u32> {
        self.specials().find(|&(special, _)| special == name).map(|(_, id)| id)
    }

    /// Special tokens with their ids, ascending.
    pub fn specials(&self) -> impl Iterator<Item = (&str, u32)> {
        self.vocabulary.specials().iter().map(|(name, id)| (name.as_str(), *id))
    }

    /// Whether an id is a special token.
    pub fn is_special(&self, id: u32) -> bool {
        self.vocabulary.is_special(id)
    }

    /// Number of merges; [`Tokenizer::segment`] and [`Tokenizer::curve`] count up to it.
    pub fn merges(&self) -> usize {
        self.vocabulary.pairs().len()
    }

    /// How an id was made, unless it is a byte, a special token or no token. The count is 0 where the text that a
    /// vocabulary was learned from is not known.
    pub fn merge(&self, id: u32) -> Option<Merge> {
        self.vocabulary.merge(id)
    }

    /// The bytes of a token; of a special token those of its name.
    ///
    /// # Errors
    /// [`Error::TokenId`] when the id is above the vocabulary, [`Error::Format`] when it is one that it leaves out.
    pub fn token_bytes(&self, id: u32) -> Result<&[u8]> {
        self.vocabulary.token(id).ok_or_else(|| {
            if id as usize >= self.vocab_size() {
                return Error::TokenId { found: id, vocab_size: self.vocab_size() };
            }
            let expected = "an id that this vocabulary uses".into();
            Error::Format { file: "token id", expected, found: format!("{id}, which it leaves out") }
        })
    }

    /// The pieces that merges never cross, in bytes; joined they are the text.
    pub fn pieces<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.scanner.pieces(text)
    }

    /// Ids of a text; nothing in it is special.
    pub fn encode(&self, text: &str) -> Vec<u32> {
        let mut out = Vec::with_capacity(text.len() / 3 + 1);
        self.encode_into(text, &mut Cache::for_text(text.len()), &mut out);
        out
    }

    /// Number of ids that [`Tokenizer::encode`] gives.
    pub fn count(&self, text: &str) -> usize {
        self.encode(text).len()
    }

    /// Ids of documents one after the other, each behind the special token `start`.
    pub fn encode_documents<'a>(&self, documents: impl Iterator<Item = &'a str>, start: u32) -> Vec<u32> {
        let mut out = Vec::new();
        for document in documents {
            out.push(start);
            self.encode_into(document, &mut Cache::for_text(document.len()), &mut out);
        }
        out
    }

    /// The bytes of ids.
    ///
    /// # Errors
    /// As [`Tokenizer::token_bytes`] for the first id that is not in the vocabulary.
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
}

#[cfg(test)]
mod tests;
