//! One forward and backward pass over a batch, with its buffers.
//! Knows nothing of steps or shards.

use alloc::vec;
use alloc::vec::Vec;

use super::batch::Batch;
use crate::kernels::loss;
use crate::model::{Activations, Model};

/// Buffers of one forward and backward pass; sized once.
pub(super) struct Pass {
    activations: Activations,
    /// What is read; filled before a pass.
    pub batch: Batch,
    losses: Vec<f32>,
    /// Logits as they were before their gradient took their place; empty without a soft cap.
    capped: Vec<f32>,
    /// Gradient of the last batch (P).
    pub gradient: Vec<f32>,
}

impl Pass {
    /// Room for `rows` rows of the model's context.
    pub fn new(model: &Model, rows: usize) -> Self {
        let config = model.config();
        let n = rows * config.context;
        Self {
            activations: Activations::new(config, rows, config.context),
            batch: Batch::with_capacity(rows, config.context),
            losses: vec![0.0; n],
            capped: vec![0.0; if config.softcap.is_some() { n * config.vocab_size } else { 0 }],
            gradient: vec![0.0; model.table().total()],
        }
    }

    /// Forward and backward over the batch; leaves its gradient in `self.gradient` and returns its part of the loss.
    ///
    /// `logits_gradient(batch, logits, losses)`: as of [`Objective`](super::Objective).
    pub fn gradient_of(
        &mut self,
        model: &Model,
        params: &[f32],
        logits_gradient: impl FnOnce(&Batch, &mut [f32], &mut [f32]) -> f64,
    ) -> f64 {
        self.forward(model, params);
        let Self { activations, batch, losses, capped, gradient } = self;
        let logits = activations.logits_mut();
        let capped = model.config().softcap.map(|_| {
            let capped = &mut capped[..logits.len()];
            capped.copy_from_slice(logits);
            &*capped
        });
        let loss_nats = logits_gradient(batch, logits, &mut losses[..batch.tokens.len()]);
        gradient.fill(0.0);
        model.backward(params, gradient, activations, &batch.tokens, capped);
        loss_nats
    }

    /// Loss in nats of every target of the batch. No gradient.
    pub fn losses_of(&mut self, model: &Model, params: &[f32]) -> &[f32] {
        self.forward(model, params);
        let losses = &mut self.losses[..self.batch.tokens.len()];
        loss::cross_entropy(losses, self.activations.logits(), &self.batch.targets);
        losses
    }

    fn forward(&mut self, model: &Model, params: &[f32]) {
        let batch = &self.batch;
        model.forward(params, &mut self.activations, &batch.tokens, batch.rows, batch.time);
    }
}
