//! Rows of token ids for one forward pass, and where a run's training windows begin.

use alloc::vec::Vec;
use core::ops::Range;

use crate::kernels::loss::IGNORE;
use crate::rng::{Purpose, Rng};

/// Rows for one forward pass; buffers are used again. All three lists are (rows, time), row-major.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Ids that are read.
    pub tokens: Vec<u32>,
    /// Ids that should follow; [`IGNORE`](crate::kernels::loss::IGNORE) = not counted.
    pub targets: Vec<u32>,
    /// What a nat of loss at this place counts, usually 1 / (counted targets of the whole step).
    pub weights: Vec<f32>,
    /// Number of rows.
    pub rows: usize,
    /// Length of each row.
    pub time: usize,
}

impl Batch {
    /// Room for `rows` rows of `time`, so that filling allocates nothing.
    pub fn with_capacity(rows: usize, time: usize) -> Self {
        let n = rows * time;
        Self {
            tokens: Vec::with_capacity(n),
            targets: Vec::with_capacity(n),
            weights: Vec::with_capacity(n),
            rows: 0,
            time,
        }
    }

    /// Removes all rows; the next ones have length `time`.
    pub fn clear(&mut self, time: usize) {
        self.tokens.clear();
        self.targets.clear();
        self.weights.clear();
        (self.rows, self.time) = (0, time);
    }

    /// Adds a row; every target counts `weight`.
    ///
    /// # Panics
    /// If the row has not the length of the others.
    pub fn push(&mut self, tokens: &[u32], targets: &[u32], weight: f32) {
        assert!(tokens.len() == self.time && targets.len() == self.time, "rows of {} ids", self.time);
        self.tokens.extend_from_slice(tokens);
        self.targets.extend_from_slice(targets);
        self.weights.resize(self.weights.len() + self.time, weight);
        self.rows += 1;
    }

    /// Adds the row that begins with `time` + 1 of `ids`; each target counts its own weight, `weights` being those of the
    /// ids (the first counts nothing: it is never predicted). A target that counts 0 is none.
    ///
    /// # Panics
    /// If there are fewer ids or weights.
    pub fn push_row(&mut self, ids: impl Iterator<Item = u32>, weights: impl Iterator<Item = f32>) {
        let from = self.tokens.len();
        let mut before = None;
        for (id, weight) in ids.zip(weights).take(self.time + 1) {
            if let Some(token) = before.replace(id) {
                self.tokens.push(token);
                self.targets.push(if weight == 0.0 { IGNORE } else { id });
                self.weights.push(weight);
            }
        }
        assert_eq!(self.tokens.len() - from, self.time, "a row of {} ids and one more", self.time);
        self.rows += 1;
    }

    /// Adds the row that starts at `start` of `ids`; every target counts `weight`.
    pub fn push_window(&mut self, ids: &[u32], start: usize, weight: f32) {
        self.push(&ids[start..start + self.time], &ids[start + 1..start + self.time + 1], weight);
    }
}

/// Where the training windows of `rows` (numbered within the step) begin, in order: uniform over all `len - time` places.
///
/// Depends on `seed`, `step` and the row alone: whoever computes a row, in whatever company, reads the same text.
pub fn window_starts(len: usize, time: usize, seed: u64, step: u64, rows: Range<usize>) -> impl Iterator<Item = usize> {
    let mut rng = Rng::new(seed, Purpose::Windows, step);
    (0..rows.end).map(move |_| rng.below(len - time)).skip(rows.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_reads_the_same_text_in_whatever_company_it_is_computed() {
        let all: Vec<usize> = window_starts(1_000, 10, 7, 3, 0..8).collect();
        let parts: Vec<usize> =
            [0..3, 3..4, 4..8].into_iter().flat_map(|r| window_starts(1_000, 10, 7, 3, r)).collect();
        assert_eq!(all, parts);
        assert_ne!(all, window_starts(1_000, 10, 7, 4, 0..8).collect::<Vec<_>>());
        assert_ne!(all, window_starts(1_000, 10, 8, 3, 0..8).collect::<Vec<_>>());
    }

    #[test]
    fn windows_reach_the_first_and_the_last_place_and_no_further() {
        let starts: Vec<usize> = (0..100).flat_map(|step| window_starts(15, 10, 1, step, 0..4)).collect();
        assert_eq!((starts.iter().min(), starts.iter().max()), (Some(&0), Some(&4)));
    }

    #[test]
    fn a_window_pairs_every_token_with_the_one_after_it() {
        let mut batch = Batch::with_capacity(2, 3);
        batch.clear(3);
        batch.push_window(&[5, 6, 7, 8, 9], 1, 0.5);
        batch.push_window(&[5, 6, 7, 8, 9], 0, 0.5);
        assert_eq!(batch.tokens, [6, 7, 8, 5, 6, 7]);
        assert_eq!(batch.targets, [7, 8, 9, 6, 7, 8]);
        assert_eq!((batch.rows, batch.weights.as_slice()), (2, &[0.5; 6][..]));
    }
}
