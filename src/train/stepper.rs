//! The optimizer's half of the loop: gradients are added shard by shard, then change the weights that a table lists.
//! Knows nothing of models: whoever computed a gradient, and of what, it is a list of numbers.

use alloc::vec;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::settings::{Optimizer, Settings};
use crate::error::{Error, Result};
use crate::kernels::{elementwise, muon, optimizer};
use crate::model::{Table, Tensor};

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

/// Weights with what an optimizer keeps beside them. The table of the weights comes with each call, always the same.
pub struct Stepper {
    settings: Settings,
    weights: Weights,
    step: u64,
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

impl Stepper {
    /// Goes on from `weights` of `table` after `step` steps.
    ///
    /// # Errors
    /// [`Error::Setting`] for settings out of range, and named `weights` if a length does not fit the table.
    pub fn new(table: &Table, settings: Settings, weights: Weights, step: u64) -> Result<Self> {
        settings.validate()?;
        let expected = table.total();
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
        let largest = table.tensors().iter().map(|t| t.len()).max().unwrap_or(0);
        let (gradient, before) = (vec![0.0; expected], vec![0.0; largest]);
        let reach = libm::sqrt(optimizer::norm_squared(&weights.params));
        let muon = match settings.optimizer {
            Optimizer::Muon => muon::Work::new(table.tensors().iter().filter(|t| t.is_block_matrix()).map(shape_of)),
            Optimizer::AdamW | Optimizer::Lion => muon::Work::default(),
        };
        Ok(Self { settings, weights, step, gradient, shards_added: 0, loss_nats: 0.0, before, muon, reach })
    }

    /// Adds the next shard's loss and gradient (P). Shards must come in order.
    pub fn add(&mut self, loss_nats: f64, gradient: &[f32]) {
        elementwise::add_assign(&mut self.gradient, gradient);
        self.loss_nats += loss_nats;
        self.shards_added += 1;
    }

    /// Whether all shards of the step were added.
    pub fn is_complete(&self) -> bool {
        self.shards_added >= self.settings.shards_per_step()
    }

    /// Changes the weights by the sum of the shards added so far, which must be those of a whole step.
    ///
    /// # Errors
    /// [`Error::NotFinite`] if the loss or the gradient is not a finite number: the weights are those of before the step.
    pub fn apply(&mut self, table: &Table) -> Result<StepReport> {
        let (loss_nats, squared) = (self.loss_nats, optimizer::norm_squared(&self.gradient));
        if !(loss_nats.is_finite() && squared.is_finite()) {
            self.discard_partial();
            return Err(Error::NotFinite { step: self.step });
        }
        let grad_norm = libm::sqrt(squared);
        let learning_rate = self.settings.rate(self.step);
        let scale = clip_scale(grad_norm, self.settings.clip);
        let undo = self.could_overflow(learning_rate, grad_norm * f64::from(scale)).then(|| self.weights.clone());
        let update_norm = libm::sqrt(self.update(table, learning_rate as f32, scale));
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
    fn update(&mut self, table: &Table, lr: f32, grad_scale: f32) -> f64 {
        let Settings { betas: [beta1, beta2], epsilon: eps, .. } = self.settings;
        let mut squared = 0.0;
        for tensor in table.tensors() {
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

    /// The settings, as tuned.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Everything that steps have changed.
    pub fn weights(&self) -> &Weights {
        &self.weights
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
