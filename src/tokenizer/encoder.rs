//! From pieces to ids: what is known is looked up, the rest is merged.

use super::Tokenizer;
use super::cache::Cache;
use super::encode::Work;
use super::pairs::NONE;
use super::words::Key;
use alloc::vec::Vec;

impl Tokenizer {
    /// Appends the ids of the pieces of a text, which are given by their ends; `each(piece, length of out)` is called
    /// after each piece.
    #[inline]
    pub(super) fn encode_pieces<'a>(
        &self,
        text: &'a [u8],
        ends: impl Iterator<Item = usize>,
        cache: &mut Cache,
        out: &mut Vec<u32>,
        mut each: impl FnMut(&'a [u8], usize),
    ) {
        let (mut work, mut start) = (None, 0);
        for end in ends {
            let key = Key::of(text, start, end);
            let known = match key {
                Some(key) => cache.append(key, out),
                None => cache.append_long(&text[start..end], out),
            };
            if !known {
                let work = work.get_or_insert_with(|| Work::new(NONE));
                self.encode_piece(&text[start..end], key, cache, work, out);
            }
            each(&text[start..end], out.len());
            start = end;
        }
    }

    #[inline(never)]
    fn encode_piece(&self, piece: &[u8], key: Option<Key>, cache: &mut Cache, work: &mut Work, out: &mut Vec<u32>) {
        let from = out.len();
        self.merges.piece(piece, key, work, out);
        self.vocabulary.numbering.outward(&mut out[from..]);
        cache.insert(key, piece, &out[from..]);
    }

    pub(super) fn encode_into(&self, text: &str, cache: &mut Cache, out: &mut Vec<u32>) {
        self.encode_pieces(text.as_bytes(), self.scanner.ends(text), cache, out, |_, _| {});
    }

    /// As [`Tokenizer::encode`], with what is known from other texts under this tokenizer.
    pub(crate) fn encode_cached(&self, text: &str, cache: &mut Cache) -> Vec<u32> {
        let mut out = Vec::with_capacity(text.len() / 3 + 1);
        self.encode_into(text, cache, &mut out);
        out
    }
}

/// A tokenizer that remembers the pieces of the texts that it has encoded, in at most 4 MiB: several times as fast once
/// it has seen the usual ones.
///
/// ```
/// use glassgpt::tokenizer::{Encoder, Tokenizer};
///
/// let tokenizer = Tokenizer::bytes(vec![]);
/// let mut encoder = Encoder::new(&tokenizer);
/// assert_eq!(encoder.encode("a cat"), tokenizer.encode("a cat"));
/// assert_eq!(encoder.encode("a cat"), tokenizer.encode("a cat"));
/// ```
#[derive(Debug, Clone)]
pub struct Encoder<'a> {
    tokenizer: &'a Tokenizer,
    cache: Cache,
}

impl<'a> Encoder<'a> {
    /// Remembers nothing yet.
    pub fn new(tokenizer: &'a Tokenizer) -> Self {
        Self { tokenizer, cache: Cache::kept() }
    }

    /// As [`Tokenizer::encode`].
    pub fn encode(&mut self, text: &str) -> Vec<u32> {
        self.tokenizer.encode_cached(text, &mut self.cache)
    }
}
