//! The ids of a long piece after an edit, out of those before it: tokens away from the edit stay, if the pairs at the
//! borders of what is merged anew are right (`by_parts.rs` says why that is enough); if not, more is merged anew.

use super::Tokenizer;
use super::encode::Work;
use super::pairs::NONE;
use alloc::vec::Vec;

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
            let len = tokenizer.bytes_of(&[id]);
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
            let len = tokenizer.bytes_of(&[id]);
            if kept + len > bytes {
                break;
            }
            (count, kept) = (count + 1, kept + len);
        }
        Self { ids: &ids[ids.len() - count..], bytes: kept }
    }

    fn drop_last(&mut self, tokenizer: &Tokenizer, count: usize) {
        let (ids, dropped) = self.ids.split_at(self.ids.len().saturating_sub(count));
        self.bytes -= tokenizer.bytes_of(dropped);
        self.ids = ids;
    }

    fn drop_first(&mut self, tokenizer: &Tokenizer, count: usize) {
        let (dropped, ids) = self.ids.split_at(self.ids.len().min(count));
        self.bytes -= tokenizer.bytes_of(dropped);
        self.ids = ids;
    }
}

impl Tokenizer {
    /// Appends the ids of a piece that is no token as a whole; `before` and `behind` do not overlap.
    pub(super) fn encode_between(&self, piece: &[u8], mut before: Kept, mut behind: Kept, out: &mut Vec<u32>) {
        let (mut work, mut middle, mut drop) = (Work::new(NONE), Vec::new(), [FIRST; 2]);
        loop {
            before.drop_last(self, drop[0]);
            behind.drop_first(self, drop[1]);
            let range = before.bytes..piece.len() - behind.bytes;
            middle.clear();
            self.merge_by_parts(&piece[range.clone()], &mut work, &mut middle);
            let mut wrong = |at: usize, left: Option<&u32>, right: Option<&u32>| {
                left.zip(right).is_some_and(|(&left, &right)| !self.joins(piece, at, [left, right], &mut work))
            };
            let (first, last) = (middle.first().or(behind.ids.first()), middle.last().or(before.ids.last()));
            let wrong = [wrong(range.start, before.ids.last(), first), wrong(range.end, last, behind.ids.first())];
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
}
