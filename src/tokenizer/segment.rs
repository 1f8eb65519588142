//! A text as a vocabulary would have cut it when it had learned only its first merges.

use super::Tokenizer;
use super::encode::{Work, ignored};
use super::pairs::NONE;
use super::vocabulary::BYTES;
use alloc::vec;
use alloc::vec::Vec;

impl Tokenizer {
    /// Ids of a text after the first `merges` merges, from 0 (bytes) to [`Tokenizer::merges`] (as
    /// [`Tokenizer::encode`], but for pieces that a vocabulary keeps whole).
    pub fn segment(&self, text: &str, merges: usize) -> Vec<u32> {
        let limit = u32::try_from(merges).map_or(NONE, |merges| BYTES.saturating_add(merges));
        let (mut work, mut out) = (Work::new(limit), Vec::new());
        for piece in self.pieces(text) {
            self.merges.merge(piece, &mut work, &mut out, &mut ignored);
        }
        self.vocabulary.numbering.outward(&mut out);
        out
    }

    /// Number of ids of a text after 0, 1, 2 … [`Tokenizer::merges`] merges.
    pub fn curve(&self, text: &str) -> Vec<u32> {
        let mut fewer = vec![0u32; self.merges()];
        let (mut work, mut out) = (Work::new(NONE), Vec::new());
        for piece in self.pieces(text) {
            // A merge takes place once all that come before it in its piece may.
            let mut latest = 0;
            out.clear();
            self.merges.merge(piece, &mut work, &mut out, &mut |priority| {
                latest = latest.max(priority - BYTES);
                fewer[latest as usize] += 1;
            });
        }
        let first = text.len() as u32;
        let rest = fewer.into_iter().scan(first, |count, fewer| {
            *count -= fewer;
            Some(*count)
        });
        [first].into_iter().chain(rest).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{TEXT, trained};
    use super::super::{Split, Tokenizer};

    #[test]
    fn segments_are_those_of_a_vocabulary_trained_so_far() {
        for split in [Split::Gpt2, Split::Cl100k] {
            let (tokenizer, _) = trained(TEXT, 330, split);
            let curve = tokenizer.curve(TEXT);
            assert_eq!(curve.len(), tokenizer.merges() + 1);
            for (merges, &count) in curve.iter().enumerate() {
                let expected = trained(TEXT, 257 + merges, split).0.encode(TEXT);
                assert_eq!(tokenizer.segment(TEXT, merges), expected);
                assert_eq!(count as usize, expected.len());
            }
            assert_eq!(tokenizer.segment(TEXT, usize::MAX), tokenizer.encode(TEXT));
        }
        assert_eq!(Tokenizer::bytes(alloc::vec![]).curve("aé"), [3]);
    }
}
