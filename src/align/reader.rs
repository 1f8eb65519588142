//! Reads texts with fixed weights: what a model says of them, without learning.

use alloc::vec;
use alloc::vec::Vec;

use super::example::Example;
use crate::error::{Error, Result};
use crate::kernels::loss::{self, IGNORE};
use crate::model::{Activations, Config, Model};
use crate::train::Batch;

/// A model that is asked, with a copy of its weights: training may go on meanwhile.
pub struct Reader {
    model: Model,
    params: Vec<f32>,
    acts: Activations,
    batch: Batch,
    losses: Vec<f32>,
}

impl Reader {
    /// Room for `rows` rows of the model's context.
    ///
    /// # Errors
    /// [`Error::Setting`] and [`Error::Memory`] as [`Model::new`]; [`Error::Setting`] named `weights` for another number
    /// of them.
    pub fn new(config: &Config, params: &[f32], rows: usize) -> Result<Self> {
        let model = Model::new(config.clone())?;
        if params.len() != model.table().total() {
            let (expected, found) = (alloc::format!("{} numbers", model.table().total()), params.len());
            return Err(Error::Setting { name: "weights", expected, found: alloc::format!("{found}") });
        }
        let acts = Activations::new(config, rows, config.context);
        let (batch, losses) = (Batch::with_capacity(rows, config.context), vec![0.0; rows * config.context]);
        Ok(Self { model, params: params.to_vec(), acts, batch, losses })
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The weights.
    pub fn params(&self) -> &[f32] {
        &self.params
    }

    /// Logits (N,V) after every token of a batch, to be used up.
    pub fn logits(&mut self, batch: &Batch) -> &mut [f32] {
        self.model.forward(&self.params, &mut self.acts, &batch.tokens, batch.rows, batch.time);
        self.acts.logits_mut()
    }

    /// Hidden states (N,C) after every token of an example, of which the first `context` + 1 tokens are read, but not
    /// the last one.
    pub fn hidden(&mut self, example: &Example) -> &[f32] {
        self.read(example);
        self.acts.hidden()
    }

    /// ln p of the counted tokens of an example, each times its weight; tokens beyond the context are left out.
    pub fn log_prob(&mut self, example: &Example) -> f64 {
        self.read(example);
        let losses = &mut self.losses[..self.batch.targets.len()];
        loss::cross_entropy(losses, self.acts.logits(), &self.batch.targets);
        -losses.iter().zip(&self.batch.weights).map(|(&l, &w)| f64::from(l) * f64::from(w)).sum::<f64>()
    }

    /// Loss of every token of an example but the first, whatever its weight; tokens beyond the context are left out.
    pub fn losses(&mut self, example: &Example) -> &[f32] {
        let mut counted = Example::new();
        counted.push(&example.ids, 1.0);
        self.read(&counted);
        let losses = &mut self.losses[..self.batch.targets.len()];
        loss::cross_entropy(losses, self.acts.logits(), &self.batch.targets);
        losses
    }

    /// Mean loss per counted token of `windows` windows of `ids`, side by side from the start: what was forgotten shows
    /// on the text of pre-training.
    pub fn loss_on(&mut self, ids: &[u32], windows: usize) -> f64 {
        let time = self.model.config().context;
        let rows = self.losses.len() / time;
        let windows = windows.min(ids.len().saturating_sub(1) / time);
        let mut nats = 0.0;
        for first in (0..windows).step_by(rows) {
            self.batch.clear(time);
            (first..windows.min(first + rows)).for_each(|w| self.batch.push_window(ids, w * time, 1.0));
            let Batch { tokens, targets, rows, time, .. } = &self.batch;
            self.model.forward(&self.params, &mut self.acts, tokens, *rows, *time);
            let losses = &mut self.losses[..targets.len()];
            loss::cross_entropy(losses, self.acts.logits(), targets);
            nats += losses.iter().map(|&l| f64::from(l)).sum::<f64>();
        }
        nats / (windows * time).max(1) as f64
    }

    fn read(&mut self, example: &Example) {
        self.batch.clear(example.len().saturating_sub(1).min(self.model.config().context));
        if self.batch.time == 0 {
            self.batch.clear(1);
            self.batch.push(&[example.ids.first().copied().unwrap_or(0)], &[IGNORE], 0.0);
        } else {
            example.push_to(&mut self.batch, 1.0);
        }
        let Batch { tokens, rows, time, .. } = &self.batch;
        self.model.forward(&self.params, &mut self.acts, tokens, *rows, *time);
    }
}
