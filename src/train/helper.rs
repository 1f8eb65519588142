//! A helper: gradients of batches that a learner elsewhere shares out.
//! Holds weights, but neither text nor optimizer: a learner sends it the weights of each step, and the rows of each
//! shard. So a helper can come, go and be replaced at any time without changing a bit of the result.

use alloc::vec;
use alloc::vec::Vec;

use super::batch::Batch;
use super::objective::weighted_cross_entropy;
use super::pass::Pass;
use super::state::Header;
use crate::error::Result;
use crate::model::Model;

/// A model that computes gradients for a [`Learner`](super::Learner) elsewhere, of the loss that
/// [`Objective`](super::Objective) provides.
pub struct Helper {
    model: Model,
    params: Vec<f32>,
    pass: Pass,
}

impl Helper {
    /// A helper without weights yet, for the run of [`Session::lesson`](super::Session::lesson).
    ///
    /// # Errors
    /// [`Error::Format`](crate::Error::Format), [`Error::Setting`](crate::Error::Setting) and
    /// [`Error::Memory`](crate::Error::Memory) before anything is allocated.
    pub fn new(lesson: &str, allowed_bytes: u64) -> Result<Self> {
        let Header { config, settings, .. } = Header::from_json(lesson, allowed_bytes)?;
        let model = Model::new(config)?;
        let (params, pass) = (vec![0.0; model.table().total()], Pass::new(&model, settings.rows_per_shard()));
        Ok(Self { model, params, pass })
    }

    /// The weights (P) that the next gradients are taken at, to be written.
    pub fn params_mut(&mut self) -> &mut [f32] {
        &mut self.params
    }

    /// Part of the loss, and gradient (P), of the rows that `fill` puts into the batch: what
    /// [`Learner::receive_shard`](super::Learner::receive_shard) adds.
    pub fn gradient(&mut self, fill: impl FnOnce(&mut Batch)) -> (f64, &[f32]) {
        fill(&mut self.pass.batch);
        let loss_nats = self.pass.gradient_of(&self.model, &self.params, weighted_cross_entropy);
        (loss_nats, &self.pass.gradient)
    }

    /// Length of a row.
    pub fn context(&self) -> usize {
        self.model.config().context
    }
}
