//! A helper: gradients of batches that a learner elsewhere shares out.
//! Holds weights, but neither text nor optimizer: a learner sends it the weights of each step, and the rows of each
//! shard. So a helper can come, go and be replaced at any time without changing a bit of the result.

use alloc::vec;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::batch::Batch;
use super::objective::weighted_cross_entropy;
use super::pass::Pass;
use crate::error::Result;
use crate::model::{Config, Model};

/// What a helper needs to know of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Lesson {
    /// The model.
    pub config: Config,
    /// Most rows of a shard.
    pub rows: usize,
}

/// A model that computes gradients for a [`Learner`](super::Learner) elsewhere, of the loss that
/// [`Objective`](super::Objective) provides.
pub struct Helper {
    model: Model,
    params: Vec<f32>,
    pass: Pass,
}

impl Helper {
    /// A helper without weights yet.
    ///
    /// # Errors
    /// [`Error::Setting`](crate::Error::Setting) and [`Error::Memory`](crate::Error::Memory) before anything is allocated.
    pub fn new(lesson: &Lesson, allowed_bytes: u64) -> Result<Self> {
        lesson.config.validate(lesson.rows, allowed_bytes)?;
        let model = Model::new(lesson.config.clone())?;
        let (params, pass) = (vec![0.0; model.table().total()], Pass::new(&model, lesson.rows));
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
