//! The learning loop: gradient of a shard, sum of the shards, one optimizer step.
//! Knows nothing of texts or tasks: an [`Objective`] brings the rows and the gradient at the logits.
//!
//! A step is cut into shards. Each shard's gradient is computed alone and the gradients are added in shard order, so the
//! result is the same, bit for bit, whoever computed them: this instance one after the other ([`Learner::advance`]),
//! helpers that were given the weights ([`Helper`](super::Helper), [`Learner::receive_shard`]), or other learners
//! ([`Learner::shard_gradient`] there, [`Learner::add_shard`] and [`Learner::apply`] everywhere). After [`Learner::new`]
//! nothing is allocated.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use serde::{Deserialize, Serialize};

use super::batch::Batch;
use super::objective::Objective;
use super::pass::Pass;
use super::settings::{Optimizer, Settings};
use crate::error::{Error, Result};
use crate::kernels::{elementwise, muon, optimizer};
use crate::model::{Config, Model, Tensor};

/// Decay of Muon's momentum, as its authors set it.
const MUON_MOMENTUM: f32 = 0.95;

/// Everything that a step changes. All lists follow the model's table.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// The weights that are trained (P).
    pub params: Vec<f32>,
    /// Running mean of the gradient (P).
    pub momentum: Vec<f32>,
    /// Running mean of the squared gradient (P); empty for Lion.
    pub variance: Vec<f32>,
    /// Running average of the weights (P); empty when off.
    pub average: Vec<f32>,
}

impl Weights {
    /// Weights that no step has changed yet.
    pub fn fresh(params: Vec<f32>, settings: &Settings) -> Self {
        let n = params.len();
        Self {
            momentum: vec![0.0; n],
            variance: vec![0.0; if settings.optimizer.keeps_variance() { n } else { 0 }],
            average: if settings.average { params.clone() } else { Vec::new() },
            params,
        }
    }

    fn is_finite(&self) -> bool {
        [&self.params, &self.momentum, &self.variance].into_iter().flatten().all(|w| w.is_finite())
    }
}

/// Rows and columns of a matrix.
fn shape_of(tensor: &Tensor) -> [usize; 2] {
    [tensor.shape[0], tensor.shape[1]]
}

/// What one optimizer step did.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StepReport {
    /// Steps done, this one included.
    pub step: u64,
    /// Loss of the step's rows before the update, in nats per counted token.
    pub loss_nats: f64,
    /// Length of the gradient before clipping.
    pub grad_norm: f64,
    /// Learning rate that was used.
    pub learning_rate: f64,
    /// Length of the change of the weights.
    pub update_norm: f64,
}

/// A model in training.
pub struct Learner {
    model: Model,
    settings: Settings,
    weights: Weights,
    step: u64,
    pass: Pass,
    /// Sum of the gradients of the shards so far (P).
    gradient: Vec<f32>,
    shards_added: usize,
    loss_nats: f64,
    /// Room for the largest tensor as it was before its update.
    before: Vec<f32>,
    /// Room of Muon; empty for the others.
    muon: muon::Work,
    /// No weight is larger: length of the first weights plus that of all changes since.
    reach: f64,
}

impl Learner {
    /// A learner that goes on from `weights` after `step` steps.
    ///
    /// # Errors
    /// [`Error::Setting`] and [`Error::Memory`] before anything is allocated; [`Error::Setting`] named `weights` if a
    /// length does not fit the configuration.
    pub fn new(config: Config, settings: Settings, weights: Weights, step: u64, allowed_bytes: u64) -> Result<Self> {
        settings.validate()?;
        config.validate(settings.rows_per_shard(), allowed_bytes)?;
        let model = Model::new(config)?;
        let expected = model.table().total();
        let lengths = [
            (weights.params.len(), true),
            (weights.momentum.len(), true),
            (weights.variance.len(), settings.optimizer.keeps_variance()),
            (weights.average.len(), settings.average),
        ];
        for (found, used) in lengths {
            let expected = if used { expected } else { 0 };
            if found != expected {
                let (expected, found) = (alloc::format!("{expected} numbers"), alloc::format!("{found}"));
                return Err(Error::Setting { name: "weights", expected, found });
            }
        }
        let pass = Pass::new(&model, settings.rows_per_shard());
        let largest = model.table().tensors().iter().map(|t| t.len()).max().unwrap_or(0);
        let (gradient, before) = (vec![0.0; expected], vec![0.0; largest]);
        let reach = libm::sqrt(optimizer::norm_squared(&weights.params));
        let muon = match settings.optimizer {
            Optimizer::Muon => {
                muon::Work::new(model.table().tensors().iter().filter(|t| t.is_block_matrix()).map(shape_of))
            }
            Optimizer::AdamW | Optimizer::Lion => muon::Work::default(),
        };
        Ok(Self {
            model,
            settings,
            weights,
            step,
            pass,
            gradient,
            shards_added: 0,
            loss_nats: 0.0,
            before,
            muon,
            reach,
        })
    }

    /// Does one shard: one bounded slice of work. `Some` when this completed a step.
    ///
    /// # Errors
    /// [`Error::NotFinite`] if the loss or the gradient of the step is not a finite number: the weights are those of
    /// before the step, and the learner can be used on (with a lower learning rate, or other weights).
    pub fn advance(&mut self, objective: &mut dyn Objective) -> Result<Option<StepReport>> {
        let (loss_nats, _) = self.shard_gradient(objective, self.shards_added);
        self.add_own(loss_nats)
    }

    /// As [`Learner::advance`] with a gradient that a [`Helper`](super::Helper) has computed for the next shard
    /// ([`Learner::shards_added`]): `fill` writes it (P) into the room it is given.
    ///
    /// # Errors
    /// As [`Learner::advance`].
    pub fn receive_shard(&mut self, loss_nats: f64, fill: impl FnOnce(&mut [f32])) -> Result<Option<StepReport>> {
        fill(&mut self.pass.gradient);
        self.add_own(loss_nats)
    }

    /// Adds what stands in the pass; the last shard completes the step.
    fn add_own(&mut self, loss_nats: f64) -> Result<Option<StepReport>> {
        elementwise::add_assign(&mut self.gradient, &self.pass.gradient);
        self.loss_nats += loss_nats;
        self.shards_added += 1;
        if self.shards_added < self.settings.shards_per_step() { Ok(None) } else { self.apply().map(Some) }
    }

    /// The rows of shard `shard` of the current step, for a helper.
    pub fn shard_batch(&mut self, objective: &mut dyn Objective, shard: usize) -> &Batch {
        objective.fill(self.step, self.settings.shard_rows(shard), &mut self.pass.batch);
        &self.pass.batch
    }

    /// Loss and gradient of shard `shard` of the current step, added to nothing.
    pub fn shard_gradient(&mut self, objective: &mut dyn Objective, shard: usize) -> (f64, &[f32]) {
        self.rows_gradient(objective, self.settings.shard_rows(shard))
    }

    /// As [`Learner::shard_gradient`] for any rows of the step, at most [`Settings::rows_per_shard`] of them.
    pub fn rows_gradient(&mut self, objective: &mut dyn Objective, rows: Range<usize>) -> (f64, &[f32]) {
        objective.fill(self.step, rows, &mut self.pass.batch);
        let loss_nats = self.pass.gradient_of(&self.model, &self.weights.params, |batch, logits, losses| {
            objective.logits_gradient(batch, logits, losses)
        });
        (loss_nats, &self.pass.gradient)
    }

    /// Adds the next shard's loss and gradient (P), wherever it was computed. Shards must come in order.
    pub fn add_shard(&mut self, loss_nats: f64, gradient: &[f32]) {
        elementwise::add_assign(&mut self.gradient, gradient);
        self.loss_nats += loss_nats;
        self.shards_added += 1;
    }

    /// Changes the weights by the sum of the shards added so far, which must be those of a whole step.
    ///
    /// # Errors
    /// As [`Learner::advance`].
    pub fn apply(&mut self) -> Result<StepReport> {
        let (loss_nats, squared) = (self.loss_nats, optimizer::norm_squared(&self.gradient));
        if !(loss_nats.is_finite() && squared.is_finite()) {
            self.discard_partial();
            return Err(Error::NotFinite { step: self.step });
        }
        let grad_norm = libm::sqrt(squared);
        let learning_rate = self.settings.rate(self.step);
        let scale = clip_scale(grad_norm, self.settings.clip);
        let undo = self.could_overflow(learning_rate, grad_norm * f64::from(scale)).then(|| self.weights.clone());
        let update_norm = libm::sqrt(self.update(learning_rate as f32, scale));
        if let Some(undo) = undo.filter(|_| !self.weights.is_finite()) {
            self.weights = undo;
            self.discard_partial();
            return Err(Error::NotFinite { step: self.step });
        }
        self.reach += update_norm;
        self.step += 1;
        if self.settings.average {
            optimizer::average(&mut self.weights.average, &self.weights.params, self.step);
        }
        self.discard_partial();
        Ok(StepReport { step: self.step, loss_nats, grad_norm, learning_rate, update_norm })
    }

    /// Whether an update could leave the range of f32. Only with absurd settings: a step of AdamW is at most
    /// rate x gradient / epsilon (>= 1e-12), which the limits here keep below 1e19. Such steps can be undone, at the cost
    /// of a copy of the weights.
    fn could_overflow(&self, rate: f64, grad_norm: f64) -> bool {
        let growth = (1.0 - rate * f64::from(self.settings.weight_decay)).abs().max(1.0);
        !(rate <= 10.0 && grad_norm <= 1e6 && self.reach * growth <= 1e30)
    }

    /// One optimizer step, tensor by tensor; returns the squared length of the change.
    fn update(&mut self, lr: f32, grad_scale: f32) -> f64 {
        let Settings { betas: [beta1, beta2], epsilon: eps, .. } = self.settings;
        let mut squared = 0.0;
        for tensor in self.model.table().tensors() {
            let range = tensor.range();
            let weight_decay = if tensor.decayed { self.settings.weight_decay } else { 0.0 };
            let params = &mut self.weights.params[range.clone()];
            let before = &mut self.before[..params.len()];
            before.copy_from_slice(params);
            let (g, m) = (&self.gradient[range.clone()], &mut self.weights.momentum[range.clone()]);
            match self.settings.optimizer {
                Optimizer::Muon if tensor.is_block_matrix() => {
                    let shape = shape_of(tensor);
                    let scale = muon::Muon::adamw_scale(shape[0], shape[1]);
                    let rule = muon::Muon { lr, momentum: MUON_MOMENTUM, weight_decay, iterations: 5, scale };
                    rule.step(params, g, m, shape, grad_scale, &mut self.muon);
                }
                Optimizer::AdamW | Optimizer::Muon => optimizer::AdamW { lr, beta1, beta2, eps, weight_decay }.step(
                    params,
                    g,
                    m,
                    &mut self.weights.variance[range],
                    self.step + 1,
                    grad_scale,
                ),
                Optimizer::Lion => optimizer::Lion { lr, beta1, beta2, weight_decay }.step(params, g, m, grad_scale),
            }
            before.iter_mut().zip(&*params).for_each(|(b, &p)| *b = p - *b);
            squared += optimizer::norm_squared(before);
        }
        squared
    }

    /// Forgets the shards of an unfinished step; the next shard is the first of the same step.
    pub fn discard_partial(&mut self) {
        self.gradient.fill(0.0);
        self.shards_added = 0;
        self.loss_nats = 0.0;
    }

    /// Loss in nats summed over all counted targets of what `fill` puts into the batch (at most
    /// [`Settings::rows_per_shard`] rows), with other weights than those in training. No gradient.
    pub fn loss_with(&mut self, params: &[f32], fill: impl FnOnce(&mut Batch)) -> f64 {
        self.losses_with(params, fill).iter().map(|&l| f64::from(l)).sum()
    }

    /// The same, target by target.
    pub fn losses_with(&mut self, params: &[f32], fill: impl FnOnce(&mut Batch)) -> &[f32] {
        fill(&mut self.pass.batch);
        self.pass.losses_of(&self.model, params)
    }

    /// Changes the largest learning rate and the planned length of the run; the next step uses them.
    ///
    /// # Errors
    /// [`Error::Setting`]; nothing is changed then.
    pub fn tune(&mut self, learning_rate: f32, steps: u64) -> Result<()> {
        let tuned = Settings { learning_rate, steps, ..self.settings.clone() };
        tuned.validate()?;
        self.settings = tuned;
        Ok(())
    }

    /// A rate that [`Settings::validate`] would refuse: for tests of what happens then.
    #[cfg(test)]
    pub(super) fn set_learning_rate_unchecked(&mut self, learning_rate: f32) {
        self.settings.learning_rate = learning_rate;
    }

    /// The model: configuration and table.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The settings, as tuned.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Everything that steps have changed.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// The weights to look at, evaluate and generate with: the average when there is one.
    pub fn shown_params(&self) -> &[f32] {
        if self.settings.average { &self.weights.average } else { &self.weights.params }
    }

    /// Steps done.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// Sum of the gradients of the shards added so far (P).
    pub fn gradient(&self) -> &[f32] {
        &self.gradient
    }

    /// Shards of the current step added so far.
    pub fn shards_added(&self) -> usize {
        self.shards_added
    }
}

/// Factor that shortens a gradient of length `norm` to `clip` (0 = never), as `torch.nn.utils.clip_grad_norm_` does.
fn clip_scale(norm: f64, clip: f32) -> f32 {
    if clip > 0.0 { (f64::from(clip) / (norm + 1e-6)).min(1.0) as f32 } else { 1.0 }
}
