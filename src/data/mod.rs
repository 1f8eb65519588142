//! Text to learn from: generated stories and the reader's own.
//!
//! The stories tell of a tiny world, in English or Simplified Chinese. Their documents state things and state them again
//! in other words, so a model can only predict the second mention by looking back at the first. They are made from a
//! seed and are the same text, bit for bit, on every target. A document of one number tells the same in both languages.
//!
//! Knows nothing of tokens: documents are strings. The order of words in the lists, of patterns and of random draws is part of
//! every seed; a test pins the text.
//!
//! ```
//! use glassgpt::data::{Corpus, Lang, Stories, stories};
//!
//! let corpus = stories(Lang::En, 10_000, 1);
//! assert!(corpus.text.len() >= 10_000);
//! assert!(corpus.documents().all(|document| document.starts_with(' ')));
//!
//! // The same text in slices, for a caller that reports progress or stops in between.
//! let mut sliced = Corpus { name: corpus.name.clone(), ..Corpus::default() };
//! for document in Stories::new(Lang::En, 1).take(corpus.documents.len()) {
//!     sliced.push(&document);
//! }
//! assert_eq!(sliced, corpus);
//! ```

mod calculator;
mod corpus;
mod dialogue;
mod documents;
mod look_up;
mod pairs;
mod pattern;
mod talk;
mod talk_en;
mod talk_zh;
mod task;
#[cfg(test)]
mod tests;
mod tone;
mod world;
mod world_en;
mod world_zh;

use alloc::string::String;

use crate::rng::{Purpose, Rng};
pub use calculator::{CalculatorError, calculate};
pub use corpus::Corpus;
pub use dialogue::{Dialogue, Part, Recall, Topic};
pub use look_up::LookUp;
pub use pairs::{LineError, OwnExample, read_examples, write_examples};
pub use task::{Call, Task, TaskKind};
pub use tone::{Taste, Tone};
use world::World;

/// A language of the story world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Lang {
    /// English.
    #[serde(rename = "en")]
    En,
    /// Simplified Chinese.
    #[serde(rename = "zh-Hans")]
    ZhHans,
}

impl Lang {
    /// Word lists and patterns.
    fn world(self) -> &'static World {
        match self {
            Self::En => &world_en::WORLD,
            Self::ZhHans => &world_zh::WORLD,
        }
    }

    /// What stands in front of every sentence, so that a word is the same token wherever it stands; may be empty.
    pub fn separator(self) -> &'static str {
        self.world().separator
    }

    /// What the look-up table gives where it has no entry.
    pub fn no_entry(self) -> &'static str {
        self.talk().no_entry
    }

    /// Name of the corpus.
    fn corpus_name(self) -> &'static str {
        match self {
            Self::En => "stories-en",
            Self::ZhHans => "stories-zh-hans",
        }
    }
}

/// The documents of a seed, one after another, without end.
///
/// Each is made from (seed, its number) alone, so any slice can be made anywhere and in any order.
#[derive(Debug, Clone)]
pub struct Stories {
    lang: Lang,
    seed: u64,
    next: u64,
}

impl Stories {
    /// From document 0 on.
    pub fn new(lang: Lang, seed: u64) -> Self {
        Self::starting_at(lang, seed, 0)
    }

    /// From document `index` on.
    pub fn starting_at(lang: Lang, seed: u64, index: u64) -> Self {
        Self { lang, seed, next: index }
    }

    /// Number of the document that comes next.
    pub fn position(&self) -> u64 {
        self.next
    }
}

impl Iterator for Stories {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let mut out = String::new();
        documents::write(self.lang.world(), &mut Rng::new(self.seed, Purpose::Corpus, self.next), &mut out);
        self.next = self.next.wrapping_add(1);
        Some(out)
    }
}

/// Stories of at least `size_bytes` UTF-8 bytes: whole documents, as few as reach that size.
///
/// 1.5 MB, the size for the default model, is about 13,900 documents in English and 12,600 in Chinese.
/// The caller limits `size_bytes`: all of it is kept in memory.
pub fn stories(lang: Lang, size_bytes: usize, seed: u64) -> Corpus {
    let mut corpus = Corpus { name: lang.corpus_name().into(), ..Corpus::default() };
    let mut stories = Stories::new(lang, seed);
    while corpus.text.len() < size_bytes
        && let Some(document) = stories.next()
    {
        corpus.push(&document);
    }
    corpus
}
