//! The learning loop: gradient of a shard, sum of the shards, one optimizer step.
//! Knows nothing of texts or tasks: an [`Objective`] brings the rows and the gradient at the logits, a [`View`] says which
//! numbers are trained.
//!
//! A step is cut into shards. Each shard's gradient is computed alone and the gradients are added in shard order, so the
//! result is the same, bit for bit, whoever computed them: this instance one after the other ([`Learner::advance`]),
//! helpers that were given the weights ([`Helper`](super::Helper), [`Learner::receive_shard`]), or other learners
//! ([`Learner::shard_gradient`] there, [`Learner::add_shard`] and [`Learner::apply`] everywhere). After [`Learner::new`]
//! nothing is allocated.

use alloc::string::String;
use core::ops::Range;

use super::batch::Batch;
use super::objective::Objective;
use super::pass::Pass;
use super::settings::Settings;
use super::state::Header;
use super::stepper::{StepReport, Stepper, Weights};
use super::view::{Own, View};
use crate::error::{Error, Result};
use crate::model::{Config, Model};

/// A model in training.
pub struct Learner<V = Own> {
    model: Model,
    view: V,
    pass: Pass,
    stepper: Stepper,
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
        Self::of(Model::new(config)?, Own, settings, weights, step)
    }
}

impl<V: View> Learner<V> {
    /// A learner of what `view` shows of `model`; the model's own weights are part of the view.
    ///
    /// # Errors
    /// As [`Learner::new`].
    pub fn with_view(
        config: Config,
        view: V,
        settings: Settings,
        weights: Weights,
        step: u64,
        allowed_bytes: u64,
    ) -> Result<Self> {
        settings.validate()?;
        config.validate(settings.rows_per_shard(), allowed_bytes)?;
        if settings.average {
            let (expected, found) = ("off where not the weights themselves are trained".into(), "on".into());
            return Err(Error::Setting { name: "average", expected, found });
        }
        let mut learner = Self::of(Model::new(config)?, view, settings, weights, step)?;
        learner.view.changed(&learner.stepper.weights().params);
        Ok(learner)
    }

    fn of(model: Model, view: V, settings: Settings, weights: Weights, step: u64) -> Result<Self> {
        let stepper = Stepper::new(view.table(&model), settings, weights, step)?;
        let pass = Pass::new(&model, stepper.settings().rows_per_shard());
        Ok(Self { model, view, pass, stepper })
    }

    /// Does one shard: one bounded slice of work. `Some` when this completed a step.
    ///
    /// # Errors
    /// [`Error::NotFinite`] if the loss or the gradient of the step is not a finite number: the weights are those of
    /// before the step, and the learner can be used on (with a lower learning rate, or other weights).
    pub fn advance(&mut self, objective: &mut dyn Objective) -> Result<Option<StepReport>> {
        let (loss_nats, _) = self.shard_gradient(objective, self.stepper.shards_added());
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
        let gradient = self.view.gradient(&self.stepper.weights().params, &self.pass.gradient);
        self.stepper.add(loss_nats, gradient);
        if self.stepper.is_complete() { self.apply().map(Some) } else { Ok(None) }
    }

    /// The rows of shard `shard` of the current step, for a helper.
    pub fn shard_batch(&mut self, objective: &mut dyn Objective, shard: usize) -> &Batch {
        objective.fill(self.stepper.step(), self.stepper.settings().shard_rows(shard), &mut self.pass.batch);
        &self.pass.batch
    }

    /// Loss and gradient of shard `shard` of the current step, added to nothing.
    pub fn shard_gradient(&mut self, objective: &mut dyn Objective, shard: usize) -> (f64, &[f32]) {
        self.rows_gradient(objective, self.stepper.settings().shard_rows(shard))
    }

    /// As [`Learner::shard_gradient`] for any rows of the step, at most [`Settings::rows_per_shard`] of them.
    pub fn rows_gradient(&mut self, objective: &mut dyn Objective, rows: Range<usize>) -> (f64, &[f32]) {
        objective.fill(self.stepper.step(), rows, &mut self.pass.batch);
        let params = self.view.params(&self.stepper.weights().params);
        let loss_nats = self
            .pass
            .gradient_of(&self.model, params, |batch, logits, losses| objective.logits_gradient(batch, logits, losses));
        (loss_nats, &self.pass.gradient)
    }

    /// Adds the next shard's loss and gradient (P), wherever it was computed. Shards must come in order.
    pub fn add_shard(&mut self, loss_nats: f64, gradient: &[f32]) {
        self.stepper.add(loss_nats, self.view.gradient(&self.stepper.weights().params, gradient));
    }

    /// Changes the weights by the sum of the shards added so far, which must be those of a whole step.
    ///
    /// # Errors
    /// As [`Learner::advance`].
    pub fn apply(&mut self) -> Result<StepReport> {
        let report = self.stepper.apply(self.view.table(&self.model))?;
        self.view.changed(&self.stepper.weights().params);
        Ok(report)
    }

    /// Forgets the shards of an unfinished step; the next shard is the first of the same step.
    pub fn discard_partial(&mut self) {
        self.stepper.discard_partial();
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
        self.stepper.tune(learning_rate, steps)
    }

    /// A rate that [`Settings::validate`] would refuse: for tests of what happens then.
    #[cfg(test)]
    pub(super) fn set_learning_rate_unchecked(&mut self, learning_rate: f32) {
        self.stepper.set_learning_rate_unchecked(learning_rate);
    }

    /// What a helper needs to know before its first shard, as JSON; `corpus` as in [`State`](super::State).
    pub fn lesson(&self, corpus: u64) -> String {
        Header::new(self.model.config(), self.settings(), self.step(), corpus).to_json()
    }

    /// The weights (P of the model) that gradients are taken at.
    pub fn params(&self) -> &[f32] {
        self.view.params(&self.stepper.weights().params)
    }

    /// The model: configuration and table.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// What is trained.
    pub fn view(&self) -> &V {
        &self.view
    }

    /// The settings, as tuned.
    pub fn settings(&self) -> &Settings {
        self.stepper.settings()
    }

    /// Everything that steps have changed.
    pub fn weights(&self) -> &Weights {
        self.stepper.weights()
    }

    /// The weights to look at, evaluate and generate with: the average when there is one.
    pub fn shown_params(&self) -> &[f32] {
        let weights = self.stepper.weights();
        if self.stepper.settings().average { &weights.average } else { self.view.params(&weights.params) }
    }

    /// Steps done.
    pub fn step(&self) -> u64 {
        self.stepper.step()
    }

    /// Sum of the gradients of the shards added so far (P).
    pub fn gradient(&self) -> &[f32] {
        self.stepper.gradient()
    }

    /// Shards of the current step added so far.
    pub fn shards_added(&self) -> usize {
        self.stepper.shards_added()
    }
}
