//! Next-token prediction where some tokens count: fine-tuning on the answers of dialogues.

use alloc::vec::Vec;
use core::ops::Range;

use super::example::Example;
use crate::train::{Batch, Objective};

/// Where the rows of a step come from.
pub trait Rows {
    /// Writes row `row` of step `step` into `example`, which is empty: at most one token more than the longest row of a
    /// batch. Must depend on nothing but `step` and `row`.
    fn row(&mut self, step: u64, row: usize, example: &mut Example);
}

impl<F: FnMut(u64, usize, &mut Example)> Rows for F {
    fn row(&mut self, step: u64, row: usize, example: &mut Example) {
        self(step, row, example);
    }
}

/// The mean loss of the counted tokens of a step, whichever rows they stand in.
pub struct Masked<R> {
    source: R,
    rows: Vec<Example>,
    step: Option<u64>,
    /// 1 / (sum of all weights of the step).
    factor: f32,
}

impl<R: Rows> Masked<R> {
    /// `rows` rows a step, from `source`.
    pub fn new(source: R, rows: usize) -> Self {
        Self { source, rows: (0..rows).map(|_| Example::new()).collect(), step: None, factor: 0.0 }
    }

    /// The rows of `step`, all of them: what counts is divided by the sum over the whole step.
    pub fn rows(&mut self, step: u64) -> &[Example] {
        if self.step != Some(step) {
            for (row, example) in self.rows.iter_mut().enumerate() {
                example.clear();
                self.source.row(step, row, example);
            }
            let counted: f64 = self.rows.iter().map(Example::counted).sum();
            // A step without any counted token has loss 0, not 0/0.
            self.factor = if counted > 0.0 { (1.0 / counted) as f32 } else { 0.0 };
            self.step = Some(step);
        }
        &self.rows
    }
}

impl<R: Rows> Objective for Masked<R> {
    fn fill(&mut self, step: u64, rows: Range<usize>, batch: &mut Batch) {
        self.rows(step);
        let rows = &self.rows[rows];
        batch.clear(rows.iter().map(Example::len).max().unwrap_or(0).saturating_sub(1));
        rows.iter().for_each(|row| row.push_to(batch, self.factor));
    }
}
