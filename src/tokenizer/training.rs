//! Training in slices, for callers that must look up between them.

use super::split::Scanner;
use super::train::{Merge, Pieces, Trainer, check_text};
use super::{Stopped, Tokenizer, TrainOptions};
use crate::error::Result;
use alloc::string::String;
use alloc::vec::Vec;

/// A vocabulary that is being learned: the same as [`Tokenizer::train`] gives.
///
/// ```
/// use glassgpt::tokenizer::{Split, TrainOptions, Training};
///
/// let options = TrainOptions { vocab_size: 300, split: Split::Gpt2, specials: vec![] };
/// let mut training = Training::new("the cat and the hat and the bat", &options)?;
/// while training.advance(1) {}
/// let (tokenizer, _) = training.finish();
/// assert!(tokenizer.encode("the bat").len() < "the bat".len());
/// # Ok::<(), glassgpt::Error>(())
/// ```
pub struct Training {
    trainer: Trainer,
    scanner: Scanner,
    learned: Vec<Merge>,
    wanted: usize,
    specials: Vec<String>,
    any_text: bool,
    /// No pair is left.
    exhausted: bool,
}

impl Training {
    /// Counts the pieces of a text.
    ///
    /// # Errors
    /// As [`Tokenizer::train`].
    pub fn new(text: &str, options: &TrainOptions) -> Result<Self> {
        let wanted = options.merges()?;
        check_text(text.len())?;
        let scanner = Scanner::new(options.split);
        let mut pieces = Pieces::new();
        scanner.pieces(text).for_each(|piece| pieces.add(piece));
        let trainer = Trainer::new(&pieces.counted);
        let (specials, any_text) = (options.specials.clone(), !text.is_empty());
        Ok(Self { trainer, scanner, learned: Vec::with_capacity(wanted), wanted, specials, any_text, exhausted: false })
    }

    /// Learns up to `merges` more; false when there is nothing more to do.
    pub fn advance(&mut self, merges: usize) -> bool {
        let until = self.wanted.min(self.learned.len().saturating_add(merges));
        while self.learned.len() < until && !self.exhausted {
            match self.trainer.next() {
                Some(merge) => self.learned.push(merge),
                None => self.exhausted = true,
            }
        }
        self.learned.len() < self.wanted && !self.exhausted
    }

    /// Merges that were learned.
    pub fn done(&self) -> usize {
        self.learned.len()
    }

    /// Merges that were asked for.
    pub fn wanted(&self) -> usize {
        self.wanted
    }

    /// The vocabulary so far, and why it is smaller than asked for.
    pub fn finish(self) -> (Tokenizer, Option<Stopped>) {
        let reason = match self.learned.len() {
            all if all == self.wanted => None,
            _ if !self.any_text => Some(Stopped::Empty),
            _ if self.exhausted => Some(Stopped::TooFewPairs),
            _ => Some(Stopped::Stopped),
        };
        (Tokenizer::assemble(self.learned, self.scanner, self.specials), reason)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::TEXT;
    use super::super::{SPECIALS, Split};
    use super::*;
    use alloc::vec;

    fn options(vocab_size: usize) -> TrainOptions {
        TrainOptions { vocab_size, split: Split::Gpt2, specials: SPECIALS.map(String::from).to_vec() }
    }

    #[test]
    fn slices_learn_what_one_go_learns() {
        for (text, vocab_size) in [(TEXT, 330), (TEXT, 261), (TEXT, 100_000), ("", 300), ("a", 300)] {
            let (expected, reason) =
                Tokenizer::train([text].into_iter(), &options(vocab_size), &mut |_, _| true).unwrap();
            let mut training = Training::new(text, &options(vocab_size)).unwrap();
            let mut done = vec![];
            while training.advance(7) {
                done.push(training.done());
            }
            assert!(done.iter().zip(1..).all(|(&done, slice)| done == 7 * slice), "{done:?}");
            assert_eq!(training.wanted(), vocab_size - 261);
            let (found, found_reason) = training.finish();
            assert_eq!((found.to_json(), found_reason), (expected.to_json(), reason));
        }
    }

    #[test]
    fn a_stopped_training_keeps_what_it_has_and_says_so() {
        let mut training = Training::new(TEXT, &options(330)).unwrap();
        training.advance(5);
        let (found, reason) = training.finish();
        assert_eq!((found.merges(), reason), (5, Some(Stopped::Stopped)));
        assert!(Training::new(TEXT, &options(260)).is_err());
    }
}
