//! Loss on text that the model has never learnt from.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::session::Session;

/// Most windows that an evaluation reads.
pub const MAX_WINDOWS: usize = 64;

/// Result of an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Evaluation {
    /// Steps that the evaluated weights had done.
    pub step: u64,
    /// Nats per token.
    pub loss_nats: f64,
    /// Bits per byte of text: comparable between vocabularies.
    pub bits_per_byte: f64,
}

/// An evaluation in slices: the first windows of the validation ids, side by side, at most 64.
///
/// It has a copy of the shown weights of when it began, so that training may go on between slices.
pub struct EvaluationRun {
    params: Vec<f32>,
    step: u64,
    done: usize,
    windows: usize,
    nats: f64,
}

impl EvaluationRun {
    pub(super) fn new(session: &Session) -> Self {
        let context = session.model().config().context;
        Self {
            params: session.shown_params().to_vec(),
            step: session.steps_done(),
            done: 0,
            windows: ((session.split().validation.len() - 1) / context).min(MAX_WINDOWS),
            nats: 0.0,
        }
    }

    /// Reads a few windows (as many as a training shard has rows). `Some` when all are read; then advance no more.
    ///
    /// # Panics
    /// If `session` is another one with a smaller text or another model.
    pub fn advance(&mut self, session: &mut Session) -> Option<Evaluation> {
        let (learner, split) = session.parts_mut();
        let time = learner.model().config().context;
        let some = self.done..self.windows.min(self.done + learner.settings().rows_per_shard());
        self.done = some.end;
        self.nats += learner.loss_with(&self.params, |batch| {
            batch.clear(time);
            some.for_each(|w| batch.push_window(&split.validation, w * time, 1.0));
        });
        (self.done == self.windows).then(|| {
            let loss_nats = self.nats / (self.windows * time) as f64;
            let bits_per_byte = loss_nats / core::f64::consts::LN_2 * split.tokens_per_byte();
            Evaluation { step: self.step, loss_nats, bits_per_byte }
        })
    }
}
