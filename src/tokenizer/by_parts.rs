//! Long pieces a part at a time, so that what is being merged stays in the processor's nearest cache.
//!
//! Ids are what merging makes of their bytes exactly when every two neighbours are what merging makes of the bytes of
//! those two. For up to the first merge across a border each token merges as it does alone, whatever stands around it;
//! so that merge takes place between the two alone as well. (The idea is that of the crate `bpe`.) Therefore a part can
//! be merged without what follows it, if the pair at its border is right; if it is not, the border moves back.

use super::Tokenizer;
use super::encode::{PASSES_BYTES, Work};
use alloc::vec::Vec;

/// A part has at least so many times the bytes at its end that what follows may change.
const CLOSED: usize = 4;
/// Fewest bytes of these.
const OPEN_BYTES: usize = PASSES_BYTES / CLOSED;
/// A piece that has been merged so many times over in parts is merged as a whole.
const MOST_TIMES: usize = 4;

impl Tokenizer {
    /// Appends what merging makes of a piece.
    pub(super) fn merge_by_parts(&self, piece: &[u8], work: &mut Work, out: &mut Vec<u32>) {
        let (from, mut at, mut open, mut left) = (out.len(), 0, OPEN_BYTES, piece.len() * MOST_TIMES);
        loop {
            // What is behind `from` is right for the bytes before `at`.
            let (first, end) = (out.len(), piece.len().min(at + open * CLOSED));
            let Some(rest) = left.checked_sub(end - at) else { break };
            left = rest;
            self.merge_part(&piece[at..end], work, out);
            if first > from && !self.joins(piece, at, [out[first - 1], out[first]], work) {
                out.truncate(first);
                open *= 2;
                at -= self.drop_bytes(out, from, open);
            } else if end == piece.len() {
                return;
            } else {
                let start = end - self.drop_bytes(out, first, open);
                // Twice as much where nothing stays, a little less after each success.
                open = if start == at { open * 2 } else { (open - open / 8).max(OPEN_BYTES) };
                at = start;
            }
        }
        out.truncate(from);
        self.merge_part(piece, work, out);
    }

    fn merge_part(&self, part: &[u8], work: &mut Work, out: &mut Vec<u32>) {
        let from = out.len();
        self.merges.merge_part(part, work, out);
        self.vocabulary.numbering.outward(&mut out[from..]);
    }

    /// Whether merging the bytes of two tokens that meet at `border` gives these two.
    pub(super) fn joins(&self, piece: &[u8], border: usize, pair: [u32; 2], work: &mut Work) -> bool {
        let [left, right] = pair.map(|id| self.bytes_of(&[id]));
        let mut found = Vec::new();
        self.merge_part(&piece[border - left..border + right], work, &mut found);
        found == pair
    }

    /// Bytes of tokens.
    pub(super) fn bytes_of(&self, ids: &[u32]) -> usize {
        ids.iter().map(|&id| self.vocabulary.ordinary(id).map_or(0, <[u8]>::len)).sum()
    }

    /// Takes away the last ids behind `from` until they have at least so many bytes; gives their bytes.
    fn drop_bytes(&self, out: &mut Vec<u32>, from: usize, least: usize) -> usize {
        let (mut count, mut bytes) = (out.len(), 0);
        while count > from && bytes < least {
            count -= 1;
            bytes += self.bytes_of(&out[count..=count]);
        }
        out.truncate(count);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokenizer::pairs::NONE;
    use crate::tokenizer::tests::{TEXT, trained};
    use crate::tokenizer::{Split, Tokenizer, TrainOptions};
    use alloc::string::String;
    use std::sync::LazyLock;

    /// One of words, and one whose tokens are longer than a part.
    static TOKENIZERS: LazyLock<[Tokenizer; 2]> = LazyLock::new(|| {
        let options = TrainOptions { vocab_size: 290, split: Split::Gpt2, specials: Vec::new() };
        let text = ["ab".repeat(3_000), "c".repeat(3_000)].join(" ");
        let long = Tokenizer::train([text.as_str()].into_iter(), &options, &mut |_, _| true).unwrap().0;
        [trained(TEXT, 330, Split::Gpt2).0, long]
    });

    fn assert_as_a_whole(tokenizer: &Tokenizer, piece: &str) {
        let mut work = Work::new(NONE);
        let (mut expected, mut found) = (Vec::from([7]), Vec::from([7]));
        tokenizer.merges.merge(piece.as_bytes(), &mut work, &mut expected, &mut |_| {});
        tokenizer.vocabulary.numbering.outward(&mut expected[1..]);
        tokenizer.merge_by_parts(piece.as_bytes(), &mut work, &mut found);
        assert_eq!(found, expected, "{piece:?}");
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(100))]
        #[test]
        fn parts_come_to_the_ids_of_the_whole(
            units in proptest::collection::vec(("[abc]{1,9}|[a-z]{1,30}| the|x|c|ab|你好", 1usize..900), 1..4),
        ) {
            let piece: String = units.iter().map(|(unit, times)| unit.repeat(*times)).collect();
            TOKENIZERS.iter().for_each(|tokenizer| assert_as_a_whole(tokenizer, &piece));
        }
    }

    #[test]
    fn tokens_longer_than_parts_are_found() {
        let long = &TOKENIZERS[1];
        assert!((0..long.vocab_size() as u32).any(|id| long.token_bytes(id).unwrap().len() > 2 * PASSES_BYTES));
        for piece in ["ab".repeat(5_000), "c".repeat(9_999), "ab".repeat(700) + &"ba".repeat(700), "cab".repeat(1_000)]
        {
            assert_as_a_whole(long, &piece);
        }
    }
}
