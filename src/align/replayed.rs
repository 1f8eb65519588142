//! Two tasks in one step: rows of the first, then rows of a text that shall not be forgotten meanwhile.
//! Source: Ouyang et al. 2022, arXiv:2203.02155, eq. 2 (earlier text beside the rewards).

use core::ops::Range;

use super::masked::{Masked, Rows};
use crate::train::{Batch, Objective, Settings};

/// A task with rows of another one beside its own in every step. Its loss is that of the task, and the mean loss of the
/// counted tokens of the other rows times a weight.
pub struct Replayed<O, R> {
    task: O,
    /// Rows of a step that are the task's own.
    own: usize,
    rows: usize,
    beside: Masked<R>,
    weight: f32,
    /// Whether the batch that was filled last is the task's.
    is_own: bool,
}

impl<O: Objective, R: Rows> Replayed<O, R> {
    /// `task` has `own` rows a step; behind them come `rows` of `source`, which count `weight`.
    pub fn new(task: O, own: usize, source: R, rows: usize, weight: f32) -> Self {
        Self { task, own, rows, beside: Masked::new(source, rows), weight, is_own: true }
    }

    /// Sizes of a step: `settings` are those of the task alone, and no shard holds rows of both.
    ///
    /// # Panics
    /// If the rows beside do not fill whole shards.
    #[must_use]
    pub fn sized(&self, settings: Settings) -> Settings {
        let each = settings.rows_per_shard();
        assert!(self.own == each * settings.shards && self.rows.is_multiple_of(each), "whole shards of {each} rows");
        Settings { batch: self.own + self.rows, shards: settings.shards + self.rows / each, ..settings }
    }

    /// The task.
    pub fn task(&self) -> &O {
        &self.task
    }

    /// The task, to bring it what it learns from.
    pub fn task_mut(&mut self) -> &mut O {
        &mut self.task
    }
}

impl<O: Objective, R: Rows> Objective for Replayed<O, R> {
    /// # Panics
    /// If the rows are of both: see [`Replayed::sized`].
    fn fill(&mut self, step: u64, rows: Range<usize>, batch: &mut Batch) {
        self.is_own = rows.end <= self.own;
        if self.is_own {
            return self.task.fill(step, rows, batch);
        }
        assert!(rows.start >= self.own, "a shard is of one task: rows {rows:?}, {} are the first's", self.own);
        self.beside.fill(step, rows.start - self.own..rows.end - self.own, batch);
        batch.weights.iter_mut().for_each(|w| *w *= self.weight);
    }

    fn logits_gradient(&mut self, batch: &Batch, logits: &mut [f32], losses: &mut [f32]) -> f64 {
        if self.is_own {
            self.task.logits_gradient(batch, logits, losses)
        } else {
            self.beside.logits_gradient(batch, logits, losses)
        }
    }
}
