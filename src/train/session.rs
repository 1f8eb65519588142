//! A pre-training run: one text, one model, step by step.

use super::batch::Batch;
use super::evaluation::{Evaluation, EvaluationRun};
use super::history::History;
use super::learner::Learner;
use super::objective::NextToken;
use super::settings::Settings;
use super::split::Split;
use super::state::State;
use super::stepper::{StepReport, Weights};
use crate::error::{Error, Result};
use crate::model::{ALLOWED_BYTES, Config, Init, Model};

use alloc::string::String;
use alloc::vec::Vec;

/// A model that learns to continue a text.
pub struct Session {
    learner: Learner,
    split: Split,
    corpus: u64,
    history: History,
}

impl Session {
    /// A run from the start, with weights drawn by the seed of `settings`.
    ///
    /// # Errors
    /// [`Error::Setting`], [`Error::Memory`] (more than [`ALLOWED_BYTES`]), [`Error::CorpusTooShort`],
    /// [`Error::TokenId`]: all of them before anything is allocated.
    pub fn new(config: Config, settings: Settings, split: Split) -> Result<Self> {
        check(&config, &settings, &split)?;
        let params = Model::new(config.clone())?.init(settings.seed, Init::Preset);
        Self::with_params(config, settings, split, params)
    }

    /// A run from the start, with given weights in the order of the model's table.
    ///
    /// # Errors
    /// As [`Session::new`]; [`Error::Setting`] named `weights` if their number is wrong.
    pub fn with_params(config: Config, settings: Settings, split: Split, params: Vec<f32>) -> Result<Self> {
        check(&config, &settings, &split)?;
        let corpus = split.hash();
        let weights = Weights::fresh(params, &settings);
        let learner = Learner::new(config, settings, weights, 0, ALLOWED_BYTES)?;
        Ok(Self { learner, split, corpus, history: History::default() })
    }

    /// Goes on where `state` was taken, bit for bit, on the same text. Kept steps start anew.
    ///
    /// # Errors
    /// [`Error::OtherCorpus`] if `split` is not the text of `state`; the others of [`Session::with_params`].
    pub fn restore(state: State, split: Split) -> Result<Self> {
        let State { config, settings, step, corpus, weights } = state;
        if split.hash() != corpus {
            return Err(Error::OtherCorpus);
        }
        check(&config, &settings, &split)?;
        let learner = Learner::new(config, settings, weights, step, ALLOWED_BYTES)?;
        Ok(Self { learner, split, corpus, history: History::default() })
    }

    /// What [`Session::restore`] needs. Shards of an unfinished step are not part of it.
    pub fn snapshot(&self) -> State {
        State {
            config: self.learner.model().config().clone(),
            settings: self.learner.settings().clone(),
            step: self.learner.step(),
            corpus: self.corpus,
            weights: self.learner.weights().clone(),
        }
    }

    /// Does one shard: one bounded slice of work. `Some` when this completed a step.
    ///
    /// # Errors
    /// [`Error::NotFinite`]: the weights are those of before the step, and the session can be used on.
    pub fn advance(&mut self) -> Result<Option<StepReport>> {
        let (learner, mut objective) = self.task();
        learner.advance(&mut objective)
    }

    /// Loss and gradient (P) of shard `shard` of the current step, added to nothing: for instances that share the work.
    pub fn shard_gradient(&mut self, shard: usize) -> (f64, &[f32]) {
        let (learner, mut objective) = self.task();
        learner.shard_gradient(&mut objective, shard)
    }

    /// Does the next shard with loss and gradient from a [`Helper`](super::Helper), as [`Learner::receive_shard`].
    ///
    /// # Errors
    /// As [`Session::advance`].
    pub fn receive_shard(&mut self, loss_nats: f64, fill: impl FnOnce(&mut [f32])) -> Result<Option<StepReport>> {
        self.learner.receive_shard(loss_nats, fill)
    }

    /// What a helper needs to know of this run before its first shard, as JSON.
    pub fn lesson(&self) -> String {
        self.learner.lesson(self.corpus)
    }

    /// The rows of shard `shard` of the current step, for a helper.
    pub fn shard_batch(&mut self, shard: usize) -> &Batch {
        let (learner, mut objective) = self.task();
        learner.shard_batch(&mut objective, shard)
    }

    /// The loop and what it is to do.
    fn task(&mut self) -> (&mut Learner, NextToken<'_>) {
        let settings = self.learner.settings();
        let objective = NextToken {
            ids: &self.split.train,
            time: self.learner.model().config().context,
            rows: settings.rows(),
            seed: settings.seed,
        };
        (&mut self.learner, objective)
    }

    /// Completes the current step.
    ///
    /// # Errors
    /// As [`Session::advance`].
    pub fn step(&mut self) -> Result<StepReport> {
        loop {
            if let Some(report) = self.advance()? {
                return Ok(report);
            }
        }
    }

    /// Forgets the shards of an unfinished step.
    pub fn discard_partial(&mut self) {
        self.learner.discard_partial();
    }

    /// Whether the planned number of steps is done. Training may go on nevertheless.
    pub fn is_finished(&self) -> bool {
        self.learner.step() >= self.learner.settings().steps
    }

    /// Begins an evaluation of the shown weights as they are now; training may go on between its slices.
    pub fn evaluation(&self) -> EvaluationRun {
        EvaluationRun::new(self)
    }

    /// A whole evaluation at once.
    pub fn evaluate(&mut self) -> Evaluation {
        let mut run = self.evaluation();
        loop {
            if let Some(evaluation) = run.advance(self) {
                return evaluation;
            }
        }
    }

    /// Changes the largest learning rate and the planned length of the run; the next step uses them.
    ///
    /// # Errors
    /// [`Error::Setting`]; nothing is changed then.
    pub fn tune(&mut self, learning_rate: f32, steps: u64) -> Result<()> {
        self.learner.tune(learning_rate, steps)
    }

    /// Keeps a copy of the shown weights under the current step.
    pub fn remember(&mut self) {
        self.history.remember(self.learner.step(), self.learner.shown_params());
    }

    /// Steps whose weights are kept, rising.
    pub fn kept_steps(&self) -> Vec<u64> {
        self.history.steps().collect()
    }

    /// The shown weights of an earlier step, if kept.
    pub fn params_at(&self, step: u64) -> Option<&[f32]> {
        self.history.params_at(step)
    }

    /// The weights to look at, evaluate and generate with: the average when there is one.
    pub fn shown_params(&self) -> &[f32] {
        self.learner.shown_params()
    }

    /// Steps done.
    pub fn steps_done(&self) -> u64 {
        self.learner.step()
    }

    /// The model: configuration and table.
    pub fn model(&self) -> &Model {
        self.learner.model()
    }

    /// The settings, as tuned.
    pub fn settings(&self) -> &Settings {
        self.learner.settings()
    }

    /// The text.
    pub fn split(&self) -> &Split {
        &self.split
    }

    /// The loop underneath.
    pub fn learner(&self) -> &Learner {
        &self.learner
    }

    /// The loop underneath: for gradients that are computed shard by shard elsewhere, and for other objectives.
    pub fn learner_mut(&mut self) -> &mut Learner {
        &mut self.learner
    }

    /// Loop and text at once.
    pub(super) fn parts_mut(&mut self) -> (&mut Learner, &Split) {
        (&mut self.learner, &self.split)
    }
}

/// Everything that can be refused without allocating.
fn check(config: &Config, settings: &Settings, split: &Split) -> Result<()> {
    settings.validate()?;
    config.validate(settings.rows_per_shard(), ALLOWED_BYTES)?;
    split.check(config.context, config.vocab_size)
}
