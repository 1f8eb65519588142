//! The ids of a long piece after an edit, out of those before it.
//!
//! Ids are what merging makes of their bytes exactly when every two neighbours are what merging makes of the bytes of
//! those two. For up to the first merge across a border each token merges as it does alone, whatever stands around it;
//! so that merge takes place between the two alone as well. (The idea is that of the crate `bpe`.) Therefore tokens away
//! from an edit stay, if the pairs at the borders of what is merged anew are right; if not, more is merged anew.

use super::Tokenizer;
use super::encode::{Work, ignored};
use super::pairs::NONE;
use alloc::vec::Vec;
use core::ops::Range;

/// Tokens on each side of an edit that are merged anew at first, and by how many times more when that was not enough.
const FIRST: usize = 4;
const MORE: usize = 8;

/// Ids that are right for what stands at the beginning or at the end of the new piece.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Kept<'a> {
    pub ids: &'a [u32],
    /// Bytes of these.
    pub bytes: usize,
}

impl<'a> Kept<'a> {
    /// The longest part of ids from the beginning on that has at most so many bytes.
    pub fn before(tokenizer: &Tokenizer, ids: &'a [u32], most: usize) -> Self {
        let (mut count, mut bytes) = (0, 0);
        for &id in ids {
            let len = bytes_of(tokenizer, id);
            if bytes + len > most {
                break;
            }
            (count, bytes) = (count + 1, bytes + len);
        }
        Self { ids: &ids[..count], bytes }
    }

    /// The longest part of ids up to their end that leaves out at least the first `skipped` of `total` bytes.
    pub fn behind(tokenizer: &Tokenizer, ids: &'a [u32], skipped: usize, total: usize) -> Self {
        let bytes = total.saturating_sub(skipped);
        let (mut count, mut kept) = (0, 0);
        for &id in ids.iter().rev() {
            let len = bytes_of(tokenizer, id);
            if kept + len > bytes {
                break;
            }
            (count, kept) = (count + 1, kept + len);
        }
        Self { ids: &ids[ids.len() - count..], bytes: kept }
    }

    fn drop_last(&mut self, tokenizer: &Tokenizer, count: usize) {
        let (ids, dropped) = self.ids.split_at(self.ids.len().saturating_sub(count));
        self.bytes -= dropped.iter().map(|&id| bytes_of(tokenizer, id)).sum::<usize>();
        self.ids = ids;
    }

    fn drop_first(&mut self, tokenizer: &Tokenizer, count: usize) {
        let (dropped, ids) = self.ids.split_at(self.ids.len().min(count));
        self.bytes -= dropped.iter().map(|&id| bytes_of(tokenizer, id)).sum::<usize>();
        self.ids = ids;
    }
}

fn bytes_of(tokenizer: &Tokenizer, id: u32) -> usize {
    tokenizer.vocabulary.ordinary(id).map_or(0, <[u8]>::len)
}

impl Tokenizer {
    /// Appends the ids of a piece that is no token as a whole; `before` and `behind` do not overlap.
    pub(super) fn encode_between(&self, piece: &[u8], mut before: Kept, mut behind: Kept, out: &mut Vec<u32>) {
        let (mut work, mut middle, mut drop) = (Work::new(NONE), Vec::new(), [FIRST; 2]);
        loop {
            before.drop_last(self, drop[0]);
            behind.drop_first(self, drop[1]);
            let range = before.bytes..piece.len() - behind.bytes;
            self.merge_anew(&piece[range.clone()], &mut work, &mut middle);
            let wrong = [
                !self.joins(piece, range.start, before.ids.last(), middle.first().or(behind.ids.first()), &mut work),
                !self.joins(piece, range.end, middle.last().or(before.ids.last()), behind.ids.first(), &mut work),
            ];
            if wrong == [false; 2] {
                break;
            }
            // So many more that all attempts together cost little more than the last one.
            drop = [0, 1].map(|side| if wrong[side] { range.len().max(FIRST) * MORE } else { 0 });
        }
        out.extend_from_slice(before.ids);
        out.append(&mut middle);
        out.extend_from_slice(behind.ids);
    }

    fn merge_anew(&self, bytes: &[u8], work: &mut Work, out: &mut Vec<u32>) {
        out.clear();
        self.merges.merge(bytes, work, out, &mut ignored);
        self.vocabulary.numbering.outward(out);
    }

    /// Whether merging the bytes of two tokens that meet at `border` gives these two.
    fn joins(&self, piece: &[u8], border: usize, left: Option<&u32>, right: Option<&u32>, work: &mut Work) -> bool {
        let (Some(&left), Some(&right)) = (left, right) else { return true };
        let range: Range<usize> = border - bytes_of(self, left)..border + bytes_of(self, right);
        let mut found = Vec::new();
        self.merge_anew(&piece[range], work, &mut found);
        found == [left, right]
    }
}
