//! A stage on its way, whichever it is: what somebody asked for becomes work in slices.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::course::{Course, Start, Tuning};
use super::lesson::Lesson;
use super::taste::{Click, PolicyLesson, learn_taste};
use super::tools;
use crate::align::{Dpo, DpoReport, Drilled, Lora, Masked, Replayed, Rows, Targets};
use crate::error::{Error, Result};
use crate::train::{Batch, StepReport, View};

/// A stage to be made. `from`: number of the stage that it goes on from.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Plan {
    /// Pre-training.
    Base {
        /// Initial weights.
        start: Start,
    },
    /// Fine-tuning of all weights.
    Tune {
        /// Base.
        from: u32,
        /// The learner's own dialogues.
        own: Vec<(String, String)>,
        /// Whether text of pre-training is read on.
        replay: bool,
    },
    /// Fine-tuning by low-rank adapters.
    Adapters {
        /// Base.
        from: u32,
        /// Which matrices.
        targets: Targets,
        /// Their rank.
        rank: usize,
        /// Learning rate.
        rate: f32,
    },
    /// Preferences by pairs.
    Prefer {
        /// A model that answers.
        from: u32,
        /// What was chosen.
        clicks: Vec<Click>,
    },
    /// Preferences by a reward model and the policy gradient.
    Policy {
        /// A model that answers.
        from: u32,
        /// What was chosen.
        clicks: Vec<Click>,
        /// Weight of the divergence.
        kl: f64,
    },
    /// Tools.
    Tools {
        /// A model that answers.
        from: u32,
        /// Without: the same tasks, answered from memory.
        tool: bool,
    },
}

impl Plan {
    /// The stage that it goes on from.
    pub fn from(&self) -> Option<u32> {
        match self {
            Self::Base { .. } => None,
            Self::Tune { from, .. }
            | Self::Adapters { from, .. }
            | Self::Prefer { from, .. }
            | Self::Policy { from, .. }
            | Self::Tools { from, .. } => Some(*from),
        }
    }
}

/// How far a stage is, and what its last step was like.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// Steps done.
    pub step: u64,
    /// Steps in all.
    pub steps: u64,
    /// Answers of its own that the model has given before its lesson began, and how many there will be.
    pub pool: [usize; 2],
    /// Loss of the last step in nats; `None` before the first.
    pub loss_nats: Option<f64>,
    /// What pairs say.
    pub pairs: Option<DpoReport>,
    /// What rewards say.
    pub policy: Option<PolicyProgress>,
}

/// The last step of a policy gradient.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyProgress {
    /// Mean reward.
    pub reward: f64,
    /// Divergence from the start per answer.
    pub divergence: f64,
    /// ln p of an answer's tokens, in the mean.
    pub log_prob: f64,
    /// Steps whose answers all had the same rewards.
    pub without_signal: u64,
}

/// What all lessons have.
pub(super) trait Work {
    /// One slice; whether it completed a step.
    fn advance(&mut self) -> Result<bool>;
    fn is_finished(&self) -> bool;
    fn params(&self) -> &[f32];
    fn progress(&self) -> Progress;
    /// Numbers that are trained.
    fn trained(&self) -> usize;
    /// The weights after adapters were merged and taken out again; `None` without adapters.
    fn unmerged(&self) -> Option<Vec<f32>> {
        None
    }
    /// For helpers; `None` where they cannot take part.
    fn shared(&mut self) -> Option<&mut dyn Shared> {
        None
    }
}

/// A lesson whose gradients may be computed elsewhere: that of weighted cross-entropy, shard by shard.
pub trait Shared {
    /// What a [`Helper`](crate::train::Helper) is made of.
    fn lesson(&self) -> String;
    /// Steps done.
    fn step(&self) -> u64;
    /// Shards of a step, and those of the present one that were added.
    fn shards(&self) -> [usize; 2];
    /// Weights that gradients are taken at.
    fn weights(&self) -> &[f32];
    /// Rows of a shard of the present step.
    fn shard_batch(&mut self, shard: usize) -> &Batch;
    /// The next shard with loss and gradient from a helper, which `fill` writes; whether it completed a step.
    ///
    /// # Errors
    /// As [`Learner::advance`](crate::train::Learner::advance).
    fn receive_shard(&mut self, loss_nats: f64, fill: &mut dyn FnMut(&mut [f32])) -> Result<bool>;
}

/// What an objective tells of its last step.
pub(super) trait Told {
    /// Whether its loss is the weighted cross-entropy of its rows, which any helper can compute.
    const PLAIN: bool;
    fn pairs(&self) -> Option<DpoReport> {
        None
    }
}

impl Told for Drilled<'_> {
    const PLAIN: bool = true;
}
impl<R: Rows> Told for Masked<R> {
    const PLAIN: bool = true;
}
impl<R: Rows> Told for Replayed<Dpo, R> {
    const PLAIN: bool = false;
    fn pairs(&self) -> Option<DpoReport> {
        Some(self.task().report()).filter(|report| report.pairs > 0)
    }
}

/// A view that may be able to take itself out of the weights.
pub(super) trait Unmerge: View {
    fn unmerged(&self, _trained: &[f32], _merged: &[f32]) -> Option<Vec<f32>> {
        None
    }
}

impl Unmerge for crate::train::Own {}
impl Unmerge for Lora {
    fn unmerged(&self, trained: &[f32], merged: &[f32]) -> Option<Vec<f32>> {
        let mut weights = merged.to_vec();
        self.unmerge(&mut weights, trained);
        Some(weights)
    }
}

/// A lesson with the report of its last step.
struct Running<'a, O, V: View> {
    lesson: Lesson<'a, O, V>,
    last: Option<StepReport>,
}

impl<O: crate::train::Objective + Told, V: Unmerge> Work for Running<'_, O, V> {
    fn advance(&mut self) -> Result<bool> {
        let report = self.lesson.advance()?;
        let completed = report.is_some();
        self.last = report.or(self.last.take());
        Ok(completed)
    }

    fn is_finished(&self) -> bool {
        self.lesson.is_finished()
    }

    fn params(&self) -> &[f32] {
        self.lesson.params()
    }

    fn progress(&self) -> Progress {
        let learner = self.lesson.learner();
        Progress {
            step: learner.step(),
            steps: learner.settings().steps,
            pool: [0, 0],
            loss_nats: self.last.as_ref().map(|report| report.loss_nats),
            pairs: self.lesson.objective().pairs(),
            policy: None,
        }
    }

    fn trained(&self) -> usize {
        self.lesson.learner().weights().params.len()
    }

    fn unmerged(&self) -> Option<Vec<f32>> {
        let learner = self.lesson.learner();
        learner.view().unmerged(&learner.weights().params, learner.shown_params())
    }

    fn shared(&mut self) -> Option<&mut dyn Shared> {
        O::PLAIN.then_some(self)
    }
}

impl<O: crate::train::Objective + Told, V: Unmerge> Shared for Running<'_, O, V> {
    fn lesson(&self) -> String {
        self.lesson.learner().lesson(0)
    }

    fn step(&self) -> u64 {
        self.lesson.learner().step()
    }

    fn shards(&self) -> [usize; 2] {
        let learner = self.lesson.learner();
        [learner.settings().shards_per_step(), learner.shards_added()]
    }

    fn weights(&self) -> &[f32] {
        self.lesson.learner().params()
    }

    fn shard_batch(&mut self, shard: usize) -> &Batch {
        let (learner, objective) = self.lesson.parts();
        learner.shard_batch(objective, shard)
    }

    fn receive_shard(&mut self, loss_nats: f64, fill: &mut dyn FnMut(&mut [f32])) -> Result<bool> {
        let report = self.lesson.parts().0.receive_shard(loss_nats, fill)?;
        let completed = report.is_some();
        self.last = report.or(self.last.take());
        Ok(completed)
    }
}

impl Work for PolicyLesson<'_> {
    fn advance(&mut self) -> Result<bool> {
        PolicyLesson::advance(self).map(|report| report.is_some())
    }

    fn is_finished(&self) -> bool {
        PolicyLesson::is_finished(self)
    }

    fn params(&self) -> &[f32] {
        PolicyLesson::params(self)
    }

    fn progress(&self) -> Progress {
        let (step, steps) = self.steps();
        let report = self.report();
        let policy = PolicyProgress {
            reward: self.reward,
            divergence: report.divergence,
            log_prob: report.log_prob,
            without_signal: self.without_signal,
        };
        Progress { step, steps, pool: [0, 0], loss_nats: None, pairs: None, policy: (step > 0).then_some(policy) }
    }

    fn trained(&self) -> usize {
        PolicyLesson::params(self).len()
    }
}

/// The lesson with tools, whose model first answers questions by itself.
struct WithPool<'a> {
    course: &'a Course,
    params: Vec<f32>,
    tool: bool,
    seed: u64,
    pool: Vec<(String, String)>,
    lesson: Option<Box<dyn Work + 'a>>,
}

impl Work for WithPool<'_> {
    fn advance(&mut self) -> Result<bool> {
        if let Some(lesson) = &mut self.lesson {
            return lesson.advance();
        }
        if self.pool.len() < self.course.recipe().pool {
            self.pool.push(tools::own_answer(self.course, &self.params, self.seed, self.pool.len())?);
        } else {
            let pool = core::mem::take(&mut self.pool);
            let lesson = self.course.tools_with(&self.params, self.tool, pool, self.seed)?;
            self.lesson = Some(Box::new(Running { lesson, last: None }));
        }
        Ok(false)
    }

    fn is_finished(&self) -> bool {
        self.lesson.as_ref().is_some_and(|lesson| lesson.is_finished())
    }

    fn params(&self) -> &[f32] {
        self.lesson.as_ref().map_or(&self.params, |lesson| lesson.params())
    }

    fn progress(&self) -> Progress {
        let all = self.course.recipe().pool;
        let waiting = Progress {
            step: 0,
            steps: self.course.recipe().tools.0,
            pool: [self.pool.len(), all],
            loss_nats: None,
            pairs: None,
            policy: None,
        };
        self.lesson.as_ref().map_or(waiting, |lesson| Progress { pool: [all, all], ..lesson.progress() })
    }

    fn trained(&self) -> usize {
        self.params.len()
    }

    fn shared(&mut self) -> Option<&mut dyn Shared> {
        self.lesson.as_mut().and_then(|lesson| lesson.shared())
    }
}

/// The work of a plan on the weights `from`.
///
/// # Errors
/// Those of the lessons; [`Error::Setting`] named `clicks` without any pair.
pub(super) fn work<'a>(course: &'a Course, plan: Plan, from: &[f32], seed: u64) -> Result<Box<dyn Work + 'a>> {
    let pairs = |clicks: &[Click]| -> Result<Vec<(String, String, String)>> {
        let pairs: Vec<_> = clicks.iter().flat_map(Click::pairs).filter(|(_, a, b)| a != b).collect();
        if pairs.is_empty() {
            let (expected, found) = ("at least one pair of different answers".into(), "none".into());
            return Err(Error::Setting { name: "clicks", expected, found });
        }
        Ok(pairs)
    };
    Ok(match plan {
        Plan::Base { start } => Box::new(Running { lesson: course.pretrain_from(start, seed)?, last: None }),
        Plan::Tune { own, replay, .. } => {
            let tuning = Tuning { own, replay, steps: course.recipe().tune.0 };
            Box::new(Running { lesson: course.tune_as(from, tuning, seed)?, last: None })
        }
        Plan::Adapters { targets, rank, rate, .. } => {
            Box::new(Running { lesson: course.tune_adapters(from, targets, rank, rate, seed)?, last: None })
        }
        Plan::Prefer { clicks, .. } => {
            Box::new(Running { lesson: course.prefer(from, &pairs(&clicks)?, seed)?, last: None })
        }
        Plan::Policy { clicks, kl, .. } => {
            pairs(&clicks)?;
            Box::new(PolicyLesson::new(course, from, learn_taste(course, from, &clicks)?, kl, seed)?)
        }
        Plan::Tools { tool, .. } => {
            Box::new(WithPool { course, params: from.to_vec(), tool, seed, pool: Vec::new(), lesson: None })
        }
    })
}
