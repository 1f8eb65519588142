//! Text to learn from and text to be tested on, as token ids.
//! Knows nothing of tokenizers: documents come in as ids.

use alloc::vec::Vec;

use crate::error::{Error, Result};

/// Share of the text that is kept for validation: one in this many.
const ONE_IN: usize = 20;

/// Training and validation ids of one corpus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// What the model learns from.
    pub train: Vec<u32>,
    /// What it never sees while learning.
    pub validation: Vec<u32>,
    /// Bytes of text that `validation` stands for: makes losses of different vocabularies comparable.
    pub validation_bytes: usize,
}

impl Split {
    /// Refuses a split that has no window of `context` + 1 ids on either side, or ids outside the vocabulary.
    ///
    /// # Errors
    /// [`Error::CorpusTooShort`], [`Error::TokenId`].
    pub fn check(&self, context: usize, vocab_size: usize) -> Result<()> {
        let shortest = self.train.len().min(self.validation.len());
        if shortest < context + 1 {
            return Err(Error::CorpusTooShort {
                needed_tokens: 2 * (context + 1),
                found_tokens: self.train.len() + self.validation.len(),
            });
        }
        match self.train.iter().chain(&self.validation).find(|&&id| id as usize >= vocab_size) {
            Some(&found) => Err(Error::TokenId { found, vocab_size }),
            None => Ok(()),
        }
    }

    /// A number that tells one corpus (and vocabulary) from another: FNV-1a, 64 bits, over the ids of both parts
    /// (<http://www.isthe.com/chongo/tech/comp/fnv/>).
    pub fn hash(&self) -> u64 {
        let numbers = self.train.iter().chain([&u32::MAX]).chain(&self.validation);
        numbers.fold(0xcbf2_9ce4_8422_2325, |hash, &id| (hash ^ u64::from(id)).wrapping_mul(0x0100_0000_01b3))
    }

    /// Tokens of validation text per byte of it.
    pub fn tokens_per_byte(&self) -> f64 {
        self.validation.len() as f64 / self.validation_bytes.max(1) as f64
    }
}

/// Tokenized documents on their way to a [`Split`].
#[derive(Debug, Clone, Default)]
pub struct Documents {
    ids: Vec<u32>,
    starts: Vec<usize>,
}

impl Documents {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one document with the ids that mark its beginning or end.
    pub fn push(&mut self, ids: &[u32]) {
        self.starts.push(self.ids.len());
        self.ids.extend_from_slice(ids);
    }

    /// Ids of all documents.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is no id at all.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Keeps the last 5 % of the documents for validation. Where those are shorter than one window (`context` + 1 ids),
    /// the cut moves to an earlier document; where no document begins at a usable place (a single text), the ids are cut.
    ///
    /// `token_bytes(id)`: bytes of text that an id stands for; 0 for special tokens.
    ///
    /// # Errors
    /// [`Error::CorpusTooShort`] if there are not two windows.
    pub fn split(self, context: usize, token_bytes: impl Fn(u32) -> usize) -> Result<Split> {
        let (window, found) = (context + 1, self.ids.len());
        let latest = found.saturating_sub(window);
        if latest < window {
            return Err(Error::CorpusTooShort { needed_tokens: 2 * window, found_tokens: found });
        }
        let first_kept = self.starts.len() * (ONE_IN - 1) / ONE_IN;
        let at_document = self.starts[..=first_kept.min(self.starts.len() - 1)].iter().rev().find(|&&s| s <= latest);
        let cut = match at_document {
            Some(&start) if start >= window => start,
            _ => latest.min(found * (ONE_IN - 1) / ONE_IN).max(window),
        };
        let mut train = self.ids;
        let validation = train.split_off(cut);
        let validation_bytes = validation.iter().map(|&id| token_bytes(id)).sum();
        Ok(Split { train, validation, validation_bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(lengths: &[usize]) -> Documents {
        let mut documents = Documents::new();
        for (i, &n) in lengths.iter().enumerate() {
            documents.push(&alloc::vec![i as u32; n]);
        }
        documents
    }

    #[test]
    fn the_last_twentieth_of_the_documents_is_kept_for_validation() {
        let split = documents(&[10; 100]).split(9, |id| id as usize).unwrap();
        assert_eq!(split.train.len(), 950);
        assert_eq!(split.validation[..11], [95, 95, 95, 95, 95, 95, 95, 95, 95, 95, 96]);
        assert_eq!(split.validation_bytes, 10 * (95 + 96 + 97 + 98 + 99));
    }

    #[test]
    fn a_single_text_is_cut_on_its_tokens() {
        let split = documents(&[1_000]).split(9, |_| 2).unwrap();
        assert_eq!((split.train.len(), split.validation.len(), split.validation_bytes), (950, 50, 100));
    }

    #[test]
    fn a_short_tail_moves_the_cut_to_an_earlier_document() {
        let split = documents(&[50, 50, 50, 3]).split(20, |_| 1).unwrap();
        assert_eq!((split.train.len(), split.validation.len()), (100, 53));
    }

    #[test]
    fn two_windows_are_enough_and_one_token_less_is_refused_with_both_numbers() {
        let split = documents(&[22]).split(10, |_| 1).unwrap();
        assert_eq!((split.train.len(), split.validation.len()), (11, 11));
        assert_eq!(
            documents(&[15, 6]).split(10, |_| 1),
            Err(Error::CorpusTooShort { needed_tokens: 22, found_tokens: 21 })
        );
        assert_eq!(
            Documents::new().split(10, |_| 1),
            Err(Error::CorpusTooShort { needed_tokens: 22, found_tokens: 0 })
        );
    }

    #[test]
    fn every_document_layout_with_two_windows_gives_two_windows() {
        for lengths in [&[3, 40][..], &[40, 3], &[5; 9], &[12, 11], &[11, 1, 10], &[1, 1, 1, 30, 1]] {
            let split = documents(lengths).split(10, |_| 1).unwrap();
            assert_eq!(split.check(10, 100), Ok(()), "{lengths:?}");
            assert_eq!(split.train.len() + split.validation.len(), lengths.iter().sum::<usize>());
        }
    }

    #[test]
    fn an_id_outside_the_vocabulary_is_refused() {
        let split = Split { train: alloc::vec![0, 1, 2], validation: alloc::vec![0, 7, 0], validation_bytes: 3 };
        assert_eq!(split.check(2, 7), Err(Error::TokenId { found: 7, vocab_size: 7 }));
        assert_eq!(split.check(2, 8), Ok(()));
    }

    #[test]
    fn the_hash_sees_a_changed_id_and_a_moved_cut() {
        let of = |train: &[u32], validation: &[u32]| {
            Split { train: train.to_vec(), validation: validation.to_vec(), validation_bytes: 1 }.hash()
        };
        assert_eq!(of(&[1, 2], &[3]), of(&[1, 2], &[3]));
        assert_ne!(of(&[1, 2], &[3]), of(&[2, 1], &[3]));
        assert_ne!(of(&[1, 2], &[3]), of(&[1], &[2, 3]));
    }
}
