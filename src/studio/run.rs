//! A run: a model that learns from a text, and everything remembered about it.

use super::settings::RunSettings;
use super::{Inspection, Predictions, formula, habit, inspect, predictions};
use crate::error::{Error, Result};
use crate::generate::{Generator, Sampling};
use crate::tokenizer::{Stopped, Tokenizer};
use crate::train::{BaselineRun, Baselines, Evaluation, EvaluationRun, NGrams, Session, StepReport};
use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Validation steps after the first few: often enough for a curve, a few per cent of the time.
const EVALUATE_EVERY: u64 = 50;
const EARLY_EVALUATIONS: [u64; 2] = [10, 25];
/// Samples are pinned at these steps and then at every 500th.
const EARLY_SAMPLES: [u64; 3] = [0, 100, 200];
const SAMPLE_EVERY: u64 = 500;
const SAMPLE_TOKENS: usize = 40;
const SAMPLE_TEMPERATURE: f32 = 0.8;
/// The same for every sample, so that only the weights differ.
const SAMPLE_SEED: u64 = 1;
/// Tokens of the text that an empty prompt stands for where documents have no mark of their own.
const PROMPT_TOKENS: usize = 4;

/// A text that the model wrote at some step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// Steps done then.
    pub step: u64,
    /// What it wrote.
    pub ids: Vec<u32>,
}

/// What a slice of work brought.
#[derive(Debug, Clone, PartialEq)]
pub enum Note {
    /// A step is complete.
    Step(StepReport),
    /// The shown weights were tested on the validation text.
    Evaluated(Evaluation),
    /// The counting tables were tested on it.
    Baselines(Baselines),
    /// The model wrote a sample to be pinned.
    Sample(Sample),
    /// Weights were kept for the time machine.
    Kept,
}

/// Work that is begun (`Some`) or waits.
enum Task {
    Evaluate(Option<EvaluationRun>),
    Baselines(Option<BaselineRun>),
    /// The text so far, and what writes it.
    Sample(Option<Box<(Vec<u32>, Generator)>>),
}

/// What of a run can be seen and told, apart from its weights.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    pub train_loss: Vec<f32>,
    pub evaluations: Vec<Evaluation>,
    pub samples: Vec<Sample>,
    pub baselines: Option<Baselines>,
    pub stopped: Option<Stopped>,
    pub corpus_bytes: usize,
}

/// A run.
pub struct Run {
    pub(super) settings: RunSettings,
    pub(super) tokenizer: Tokenizer,
    pub(super) session: Session,
    pub(super) record: Record,
    /// The text where it is not generated, for checkpoints.
    pub(super) given: Vec<u8>,
    tasks: VecDeque<Task>,
    inspected: Vec<f32>,
    /// Counts of the training text; none before they are asked for.
    pub(super) grams: NGrams,
}

impl Run {
    pub(super) fn with(
        settings: RunSettings,
        tokenizer: Tokenizer,
        session: Session,
        record: Record,
        given: Vec<u8>,
    ) -> Self {
        let (tasks, inspected, grams) = (VecDeque::new(), Vec::new(), NGrams::default());
        let mut run = Self { settings, tokenizer, session, record, given, tasks, inspected, grams };
        run.session.remember();
        if run.step() == 0 {
            run.evaluate_now();
            run.tasks.push_back(Task::Sample(None));
        }
        if run.record.baselines.is_none() {
            run.tasks.push_back(Task::Baselines(None));
        }
        run
    }

    /// The same settings from step 0; text and vocabulary stay.
    ///
    /// # Errors
    /// As [`Session::new`].
    pub fn restarted(&self) -> Result<Self> {
        let config = self.session.model().config().clone();
        let training = self.settings.training(&config);
        let session = Session::new(config, training, self.session.split().clone())?;
        let Record { baselines, stopped, corpus_bytes, .. } = self.record;
        let record = Record { baselines, stopped, corpus_bytes, ..Record::default() };
        Ok(Self::with(self.settings.clone(), self.tokenizer.clone(), session, record, self.given.clone()))
    }

    /// Whether work is waiting that is no training: evaluations, samples, tables.
    pub fn has_task(&self) -> bool {
        !self.tasks.is_empty()
    }

    /// One bounded slice of waiting work.
    ///
    /// # Errors
    /// As [`Generator::next`] for a sample.
    pub fn do_task(&mut self) -> Result<Option<Note>> {
        match self.tasks.pop_front() {
            None => Ok(None),
            Some(Task::Evaluate(started)) => {
                let mut evaluation = started.unwrap_or_else(|| self.session.evaluation());
                match evaluation.advance(&mut self.session) {
                    None => {
                        self.tasks.push_front(Task::Evaluate(Some(evaluation)));
                        Ok(None)
                    }
                    Some(found) => {
                        self.record.evaluations.push(found);
                        Ok(Some(Note::Evaluated(found)))
                    }
                }
            }
            Some(Task::Baselines(started)) => {
                let mut counting = started.unwrap_or_else(|| BaselineRun::new(self.tokenizer.vocab_size()));
                self.record.baselines = counting.advance(self.session.split());
                if self.record.baselines.is_none() {
                    self.tasks.push_front(Task::Baselines(Some(counting)));
                }
                Ok(self.record.baselines.map(Note::Baselines))
            }
            Some(Task::Sample(started)) => self.sample(started),
        }
    }

    /// One bounded slice of training: a shard. Waiting work goes first, so that it sees the weights of its step.
    ///
    /// # Errors
    /// [`Error::NotFinite`]: the weights are those of the step before.
    pub fn advance(&mut self) -> Result<Vec<Note>> {
        if self.tasks.iter().any(|t| !matches!(t, Task::Baselines(_))) {
            return Ok(self.do_task()?.into_iter().collect());
        }
        let done = self.session.advance()?;
        Ok(self.stepped(done))
    }

    /// As [`Run::advance`] with the next shard's loss and gradient from a [`Helper`](crate::train::Helper).
    ///
    /// # Errors
    /// As [`Run::advance`]; [`Error::Setting`] while other work waits, which must see the weights of its step.
    pub fn receive_shard(&mut self, loss_nats: f64, fill: impl FnOnce(&mut [f32])) -> Result<Vec<Note>> {
        if self.tasks.iter().any(|t| !matches!(t, Task::Baselines(_))) {
            let (expected, found) = ("no work that waits".into(), alloc::format!("{}", self.tasks.len()));
            return Err(Error::Setting { name: "shard", expected, found });
        }
        let done = self.session.receive_shard(loss_nats, fill)?;
        Ok(self.stepped(done))
    }

    /// What a completed step brings, and the work that it makes wait.
    fn stepped(&mut self, done: Option<StepReport>) -> Vec<Note> {
        let Some(report) = done else { return Vec::new() };
        self.record.train_loss.push(report.loss_nats as f32);
        let mut notes = Vec::from([Note::Step(report)]);
        let step = report.step;
        let evaluates = step % EVALUATE_EVERY == 0 || EARLY_EVALUATIONS.contains(&step) || step == self.settings.steps;
        let samples = EARLY_SAMPLES.contains(&step) || step % SAMPLE_EVERY == 0;
        if samples {
            self.tasks.push_front(Task::Sample(None));
        }
        if evaluates {
            self.evaluate_now();
        }
        if evaluates || samples {
            self.session.remember();
            notes.push(Note::Kept);
        }
        notes
    }

    /// The model in training.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The training underneath, for helpers that share its steps.
    pub fn session_mut(&mut self) -> &mut Session {
        &mut self.session
    }

    /// Asks for an evaluation of the present weights, unless this step has one.
    pub fn evaluate_now(&mut self) {
        let step = self.session.steps_done();
        let known = self.record.evaluations.iter().any(|e| e.step == step);
        if !known && !self.tasks.iter().any(|t| matches!(t, Task::Evaluate(_))) {
            self.tasks.push_front(Task::Evaluate(None));
        }
    }

    /// One more token of a sample.
    fn sample(&mut self, started: Option<Box<(Vec<u32>, Generator)>>) -> Result<Option<Note>> {
        let (mut ids, mut generator) = match started {
            Some(started) => *started,
            None => {
                let sampling = Sampling { temperature: SAMPLE_TEMPERATURE, seed: SAMPLE_SEED, ..Sampling::default() };
                (Vec::new(), self.generator("", sampling, None)?)
            }
        };
        // Weights that give no distribution write nothing; training will say why.
        let Ok(id) = generator.next().map(|step| step.id) else { return Ok(None) };
        let ended = self.session.model().config().document_start == Some(id) && ids.len() >= SAMPLE_TOKENS / 2;
        if !ended {
            ids.push(id);
        }
        if !ended && ids.len() < SAMPLE_TOKENS {
            self.tasks.push_front(Task::Sample(Some(Box::new((ids, generator)))));
            return Ok(None);
        }
        let sample = Sample { step: self.step(), ids };
        self.record.samples.push(sample.clone());
        Ok(Some(Note::Sample(sample)))
    }

    /// The weights of now, or those kept at a step.
    ///
    /// # Errors
    /// [`Error::Setting`] for a step that is not kept.
    pub fn params(&self, at_step: Option<u64>) -> Result<&[f32]> {
        match at_step {
            None => Ok(self.session.shown_params()),
            Some(step) => self.session.params_at(step).ok_or_else(|| Error::Setting {
                name: "atStep",
                expected: alloc::format!("one of {:?}", self.session.kept_steps()),
                found: alloc::format!("{step}"),
            }),
        }
    }

    /// Reads the last tokens of a text: the inspection, all ids, and the index of the first token read.
    ///
    /// # Errors
    /// [`Error::Setting`] for a step that is not kept.
    pub fn inspect(&mut self, text: &str, at_step: Option<u64>) -> Result<(Inspection, Vec<u32>, usize)> {
        let ids = self.tokenizer.encode(text);
        let first = ids.len().saturating_sub(self.session.model().config().context);
        let read = &ids[first..];
        let punctuation = habit::punctuation(&self.tokenizer, read);
        let found = inspect(self.session.model(), self.params(at_step)?, read, &punctuation)?;
        self.inspected.clone_from(&found.logits);
        Ok((found, ids, first))
    }

    /// The last inspection's predictions under sampling settings.
    ///
    /// # Errors
    /// [`Error::Setting`].
    pub fn distribute(&self, sampling: &Sampling) -> Result<Predictions> {
        predictions(&self.inspected, self.tokenizer.vocab_size(), sampling)
    }

    /// A continuation of a text; an empty one is the start of a document, or of the text that is learned.
    ///
    /// # Errors
    /// As [`Generator::new`], and [`Error::Setting`] for a step that is not kept.
    pub fn generator(&self, text: &str, sampling: Sampling, at_step: Option<u64>) -> Result<Generator> {
        let mut ids = self.tokenizer.encode(text);
        if ids.is_empty() {
            match self.session.model().config().document_start {
                Some(start) => ids.push(start),
                None => ids.extend(self.session.split().train.iter().take(PROMPT_TOKENS)),
            }
        }
        Generator::new(self.session.model(), self.params(at_step)?, &ids, sampling)
    }

    /// Changes that keep the model.
    ///
    /// # Errors
    /// [`Error::Setting`]; nothing is changed then.
    pub fn tune(&mut self, learning_rate: Option<f64>, steps: Option<u64>) -> Result<()> {
        let (rate, steps) =
            (learning_rate.unwrap_or(self.settings.learning_rate), steps.unwrap_or(self.settings.steps));
        self.session.tune(rate as f32, steps)?;
        (self.settings.learning_rate, self.settings.steps) = (rate, steps);
        Ok(())
    }

    /// The choices that made this run.
    pub fn settings(&self) -> &RunSettings {
        &self.settings
    }

    /// Its vocabulary.
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }

    /// Steps done.
    pub fn step(&self) -> u64 {
        self.session.steps_done()
    }

    /// Whether the planned steps are done.
    pub fn is_finished(&self) -> bool {
        self.session.is_finished()
    }

    /// Steps of the time machine.
    pub fn kept_steps(&self) -> Vec<u64> {
        self.session.kept_steps()
    }

    /// Loss of every step so far.
    pub fn train_loss(&self) -> &[f32] {
        &self.record.train_loss
    }

    /// Samples pinned so far.
    pub fn samples(&self) -> &[Sample] {
        &self.record.samples
    }

    /// Everything cold about the run.
    pub fn facts(&self) -> Facts {
        let config = self.session.model().config();
        let split = self.session.split();
        let tokens = split.train.len() + split.validation.len();
        Facts {
            settings: self.settings.clone(),
            vocab_size: config.vocab_size,
            parameters: config.parameter_count(),
            formula: formula(config),
            memory_bytes: config.memory_bytes(self.session.settings().rows_per_shard()),
            flops_per_step: config.flops_per_token(config.context) * (self.settings.batch * config.context) as u64,
            step: self.step(),
            corpus_bytes: self.record.corpus_bytes,
            train_tokens: split.train.len(),
            validation_tokens: split.validation.len(),
            bytes_per_token: self.record.corpus_bytes as f64 / tokens as f64,
            baselines: self.record.baselines,
            evaluations: self.record.evaluations.clone(),
            kept_steps: self.kept_steps(),
            vocabulary_stopped: self.record.stopped.map(|reason| Shortfall { reached: config.vocab_size, reason }),
        }
    }
}

/// Why and where a vocabulary stopped early.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shortfall {
    /// Size reached.
    pub reached: usize,
    /// Why.
    pub reason: Stopped,
}

/// What can be told about a run in words and numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)] // documented where the page reads them: `ModelInfo` of www/engine/protocol.js
pub struct Facts {
    pub settings: RunSettings,
    pub vocab_size: usize,
    pub parameters: u64,
    pub formula: String,
    pub memory_bytes: u64,
    pub flops_per_step: u64,
    pub step: u64,
    pub corpus_bytes: usize,
    pub train_tokens: usize,
    pub validation_tokens: usize,
    pub bytes_per_token: f64,
    pub baselines: Option<Baselines>,
    pub evaluations: Vec<Evaluation>,
    pub kept_steps: Vec<u64>,
    pub vocabulary_stopped: Option<Shortfall>,
}
