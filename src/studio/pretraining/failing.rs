//! Two runs that go wrong on purpose, apart from the learner's own: a learning rate that is too high, and a text that is
//! too short. Both are small enough to be watched.

use crate::data::{Lang, Stories};
use crate::error::{Error, Result};
use crate::studio::{CorpusName, Run, RunSettings, ScheduleName, Style, Vocabulary};
use crate::tokenizer::Split;
use crate::train::{Optimizer, Session, State};
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Failure {
    /// The learning rate is too high.
    Rate,
    /// The text is too short.
    Corpus,
}

/// Learning rate that is too high, and what it is divided by after the roll-back.
const HIGH: f64 = 1.0;
const LOWERED: f64 = 100.0;
const USUAL: f64 = 5e-3;
const RATE_STEPS: u64 = 160;
const CORPUS_STEPS: u64 = 600;
const RATE_BYTES: usize = 60_000;
const CORPUS_BYTES: usize = 1_500;
/// A mean of so many steps is looked at: the loss of one is noise.
const SPAN: usize = 5;
/// Nats by which that mean has to rise above the lowest before.
const DIVERGED_NATS: f64 = 0.5;
/// Steps after which a diverged run is rolled back: what it looks like can then be seen.
const WATCHED: usize = 12;
const EVALUATE_EVERY: u64 = 20;
/// Nats by which the validation loss has to rise above the lowest before.
const TURNED_NATS: f64 = 0.15;

/// What happened at a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Event {
    /// The loss left the range: noticed.
    Diverged,
    /// The weights of an earlier step are back, and the learning rate is lower.
    RolledBack,
    /// The validation loss rises while the training loss falls.
    Turned,
}

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct Moment {
    pub step: u64,
    pub loss_nats: f64,
    pub validation_nats: Option<f64>,
    pub learning_rate: f64,
    pub event: Option<Event>,
    /// Step whose weights came back, when the run was rolled back.
    pub back_to: Option<u64>,
    pub done: bool,
}

/// A run that goes wrong.
pub struct Failing {
    failure: Failure,
    session: Session,
    losses: Vec<f64>,
    lowest: f64,
    kept: State,
    rate: f64,
    /// Steps since the divergence was noticed.
    diverged: Option<usize>,
    rolled_back: bool,
    best_validation: f64,
    turned: bool,
    steps: u64,
    count: u64,
}

fn settings(failure: Failure) -> RunSettings {
    let (learning_rate, steps) = match failure {
        Failure::Rate => (HIGH, RATE_STEPS),
        Failure::Corpus => (USUAL, CORPUS_STEPS),
    };
    RunSettings {
        corpus: CorpusName::Own,
        style: Style::Modern,
        layers: 1,
        heads: 2,
        kv_heads: 2,
        width: 48,
        context: 32,
        vocabulary: Vocabulary::Bytes,
        vocab_size: 261,
        split: Split::Digits,
        steps,
        batch: 8,
        optimizer: Optimizer::AdamW,
        schedule: ScheduleName::Constant,
        learning_rate,
        warmup: 0,
        weight_decay: 0.1,
        seed: 1,
    }
}

fn some_stories(lang: Lang, least: usize) -> String {
    let mut text = String::new();
    for story in Stories::new(lang, 1) {
        if text.len() >= least {
            break;
        }
        text.push_str(&story);
        text.push('\n');
    }
    text
}

impl Failing {
    /// A run of this kind in the stories of a language.
    ///
    /// # Errors
    /// As [`Run::open`].
    pub fn new(failure: Failure, chinese: bool) -> Result<Self> {
        let lang = if chinese { Lang::ZhHans } else { Lang::En };
        let bytes = if failure == Failure::Rate { RATE_BYTES } else { CORPUS_BYTES };
        let settings = settings(failure);
        let text = some_stories(lang, bytes);
        let session = Run::open(settings.clone(), text.into_bytes(), &mut |_, _, _| {})?.session;
        let kept = session.snapshot();
        Ok(Self {
            failure,
            session,
            losses: Vec::new(),
            lowest: f64::INFINITY,
            kept,
            rate: settings.learning_rate,
            diverged: None,
            rolled_back: false,
            best_validation: f64::INFINITY,
            turned: false,
            steps: settings.steps,
            count: 0,
        })
    }

    /// One more step. Steps are counted on after a roll-back: the axis is time, not the model's own count.
    ///
    /// # Errors
    /// As [`Session::restore`].
    pub fn advance(&mut self) -> Result<Moment> {
        self.count += 1;
        let (mut loss_nats, mut broken) = (f64::NAN, false);
        match self.session.step() {
            Ok(report) => loss_nats = report.loss_nats,
            Err(Error::NotFinite { .. }) => broken = true,
            Err(other) => return Err(other),
        }
        let mut moment = Moment {
            step: self.count,
            loss_nats,
            validation_nats: None,
            learning_rate: self.rate,
            event: None,
            back_to: None,
            done: self.count >= self.steps,
        };
        match self.failure {
            Failure::Rate => self.watch_loss(&mut moment, broken)?,
            Failure::Corpus => self.watch_validation(&mut moment),
        }
        Ok(moment)
    }

    fn watch_loss(&mut self, moment: &mut Moment, broken: bool) -> Result<()> {
        if self.rolled_back {
            return Ok(());
        }
        self.losses.push(moment.loss_nats);
        let last = &self.losses[self.losses.len().saturating_sub(SPAN)..];
        let mean = last.iter().sum::<f64>() / last.len() as f64;
        if let Some(since) = &mut self.diverged {
            *since += 1;
            if *since >= WATCHED || broken {
                moment.event = Some(Event::RolledBack);
                moment.back_to = Some(self.kept.step);
                self.roll_back()?;
            }
        } else if broken || (last.len() == SPAN && mean > self.lowest + DIVERGED_NATS) {
            moment.event = Some(Event::Diverged);
            self.diverged = Some(0);
        } else if last.len() == SPAN && mean < self.lowest {
            self.lowest = mean;
            self.kept = self.session.snapshot();
        } else if last.len() < SPAN {
            // What comes before the first mean is what it may not rise above.
            self.lowest = self.lowest.min(self.losses[0]);
        }
        Ok(())
    }

    /// The weights of the lowest loss, and a lower rate.
    fn roll_back(&mut self) -> Result<()> {
        self.session = Session::restore(self.kept.clone(), self.session.split().clone())?;
        self.rate /= LOWERED;
        self.session.tune(self.rate as f32, self.steps)?;
        self.rolled_back = true;
        Ok(())
    }

    fn watch_validation(&mut self, moment: &mut Moment) {
        if !self.count.is_multiple_of(EVALUATE_EVERY) && self.count != 1 {
            return;
        }
        let nats = self.session.evaluate().loss_nats;
        moment.validation_nats = Some(nats);
        if !self.turned && nats > self.best_validation + TURNED_NATS {
            self.turned = true;
            moment.event = Some(Event::Turned);
        }
        self.best_validation = self.best_validation.min(nats);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(failure: Failure, chinese: bool) -> Vec<Moment> {
        let mut run = Failing::new(failure, chinese).unwrap();
        let mut moments = Vec::new();
        loop {
            moments.push(run.advance().unwrap());
            if moments.last().is_some_and(|m| m.done) {
                return moments;
            }
        }
    }

    #[test]
    fn a_rate_too_high_is_noticed_rolled_back_and_the_run_then_learns() {
        for chinese in [false, true] {
            let moments = whole(Failure::Rate, chinese);
            let at = |event| moments.iter().position(|m| m.event == Some(event));
            let (noticed, back) = (at(Event::Diverged).unwrap(), at(Event::RolledBack).unwrap());
            assert!(noticed < back && back < 60, "{noticed} {back}");
            let end = moments[moments.len() - 10..].iter().map(|m| m.loss_nats).sum::<f64>() / 10.0;
            assert!(end < moments[0].loss_nats - 1.0, "{end}, at first {}", moments[0].loss_nats);
            assert!(moments[back].loss_nats.is_nan() || moments[back].loss_nats > moments[0].loss_nats);
        }
    }

    #[test]
    fn in_a_text_too_short_the_validation_loss_turns_up_while_the_training_loss_falls() {
        for chinese in [false, true] {
            let moments = whole(Failure::Corpus, chinese);
            let turned = moments.iter().position(|m| m.event == Some(Event::Turned)).unwrap();
            let validation: Vec<f64> = moments.iter().filter_map(|m| m.validation_nats).collect();
            let best = validation.iter().copied().fold(f64::INFINITY, f64::min);
            assert!(validation[validation.len() - 1] > best + 0.3, "{validation:?}");
            assert!(moments[moments.len() - 1].loss_nats < moments[turned].loss_nats);
        }
    }
}
