//! What a model is trained for: which rows a step reads, and the gradient at the logits.
//! The learning loop knows nothing else of it, so that pre-training, fine-tuning, preferences and rewards share the loop.

use core::ops::Range;

use super::batch::{Batch, window_starts};
use crate::kernels::loss;

/// A task for the [`Learner`](super::Learner).
pub trait Objective {
    /// Fills `batch` with these rows of optimizer step `step` (rows are numbered within the step).
    ///
    /// Must depend on nothing but `step` and the row numbers: shards may be computed elsewhere and in any order.
    /// The weights are already divided by whatever the whole step is averaged over.
    fn fill(&mut self, step: u64, rows: Range<usize>, batch: &mut Batch);

    /// Replaces the logits (N,V) by the gradient of the loss at the logits, and returns these rows' part of the loss in
    /// nats. `losses` (N) is room for the loss of every place.
    ///
    /// Provided: cross-entropy of every target, weighted by the batch's weights.
    fn logits_gradient(&mut self, batch: &Batch, logits: &mut [f32], losses: &mut [f32]) -> f64 {
        weighted_cross_entropy(batch, logits, losses)
    }
}

/// Cross-entropy of every target, weighted by the batch's weights: arguments and result of
/// [`Objective::logits_gradient`].
pub(super) fn weighted_cross_entropy(batch: &Batch, logits: &mut [f32], losses: &mut [f32]) -> f64 {
    loss::cross_entropy_backward(logits, losses, &batch.targets, &batch.weights);
    losses.iter().zip(&batch.weights).map(|(&l, &w)| f64::from(l) * f64::from(w)).sum()
}

/// Next-token prediction on random windows of a text: pre-training.
#[derive(Debug, Clone, Copy)]
pub struct NextToken<'a> {
    /// The text.
    pub ids: &'a [u32],
    /// Length of a row; the text has at least one id more.
    pub time: usize,
    /// Rows of a whole step.
    pub rows: usize,
    /// Decides the windows.
    pub seed: u64,
}

impl Objective for NextToken<'_> {
    fn fill(&mut self, step: u64, rows: Range<usize>, batch: &mut Batch) {
        batch.clear(self.time);
        let weight = 1.0 / (self.rows * self.time) as f32;
        for start in window_starts(self.ids.len(), self.time, self.seed, step, rows) {
            batch.push_window(self.ids, start, weight);
        }
    }
}
