//! A run as one file, and back.

use super::open::{Opening, Progress, Restored};
use super::run::{Record, Run};
use super::settings::RunSettings;
use crate::error::{Error, Result};
use crate::formats::{Checkpoint, Contents};
use crate::model::{ALLOWED_BYTES, Config};
use crate::tokenizer::Tokenizer;
use crate::train::State;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Stored {
    settings: RunSettings,
    tokenizer: String,
    record: Record,
}

impl Run {
    /// The run as a file: weights, optimizer state, vocabulary, curves, and the text where it is not generated. A step
    /// in progress is not part of it.
    ///
    /// # Errors
    /// As [`State::to_parts`].
    pub fn save(&self) -> Result<Vec<u8>> {
        write(&self.settings, &self.tokenizer, &self.record, &self.session.snapshot(), &self.given)
    }

    /// The run of a file, in one go; [`Opening::load`] does it in slices.
    ///
    /// # Errors
    /// As [`Opening::load`] and [`Opening::advance`].
    pub fn load(file: &[u8], progress: Progress) -> Result<Self> {
        Opening::load(file)?.complete(progress)
    }
}

/// A run as a file.
///
/// # Errors
/// As [`State::to_parts`].
pub(super) fn write(
    settings: &RunSettings,
    tokenizer: &Tokenizer,
    record: &Record,
    state: &State,
    corpus: &[u8],
) -> Result<Vec<u8>> {
    let stored = Stored { settings: settings.clone(), tokenizer: tokenizer.to_json(), record: record.clone() };
    // Plain numbers and texts: cannot fail to serialise.
    let session = serde_json::to_string(&stored).unwrap_or_default();
    let (json, tensors) = state.to_parts()?;
    Ok(Contents { state: &json, session: &session, tensors: &tensors, corpus }.write())
}

/// Configuration, shown weights and vocabulary of a file.
///
/// # Errors
/// As [`Opening::load`].
#[cfg(any(not(feature = "wasm"), feature = "wasm-files", feature = "wasm-lessons"))]
pub(super) fn shown_weights(file: &[u8]) -> Result<(Config, Vec<f32>, Tokenizer)> {
    let checkpoint = Checkpoint::read(file)?;
    let tokenizer = Tokenizer::from_json(&Stored::read(&checkpoint)?.tokenizer)?;
    let State { config, weights, .. } =
        State::from_parts(&checkpoint.state, |name| checkpoint.tensor(name), ALLOWED_BYTES)?;
    if tokenizer.vocab_size() != config.vocab_size {
        let found = tokenizer.vocab_size().to_string();
        return Err(unusable(&alloc::format!("a vocabulary of {} tokens", config.vocab_size), found));
    }
    let shown = if weights.average.is_empty() { weights.params } else { weights.average };
    Ok((config, shown, tokenizer))
}

/// What a file says about itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Label {
    /// The choices that made the run.
    pub settings: RunSettings,
    /// Steps done.
    pub step: u64,
}

/// What a whole and undamaged file holds, without opening it.
///
/// # Errors
/// Everything that a damaged, foreign or newer file can be: [`Error::Format`], [`Error::Checksum`], [`Error::Version`].
pub fn label(file: &[u8]) -> Result<Label> {
    let stored = Stored::read(&Checkpoint::read(file)?)?;
    Ok(Label { step: stored.record.train_loss.len() as u64, settings: stored.settings })
}

impl Stored {
    fn read(checkpoint: &Checkpoint) -> Result<Self> {
        serde_json::from_str(&checkpoint.session).map_err(|e| unusable("the session of a run in JSON", e.to_string()))
    }
}

impl Opening {
    /// The run of a file; training goes on bit for bit.
    ///
    /// # Errors
    /// As [`label`], and those of [`Opening::new`]; a text that is not the run's is found by [`Opening::advance`].
    pub fn load(file: &[u8]) -> Result<Self> {
        let checkpoint = Checkpoint::read(file)?;
        let Stored { settings, tokenizer, record } = Stored::read(&checkpoint)?;
        settings.validate()?;
        let tokenizer = Tokenizer::from_json(&tokenizer)?;
        for sample in &record.samples {
            tokenizer.decode_bytes(&sample.ids)?;
        }
        let state = State::from_parts(&checkpoint.state, |name| checkpoint.tensor(name), ALLOWED_BYTES)?;
        let own = settings.config(tokenizer.vocab_size(), None);
        // The rest may be otherwise in models from elsewhere.
        let sizes = |c: &Config| [c.vocab_size, c.context, c.layers, c.heads, c.kv_heads, c.width];
        if sizes(&own) != sizes(&state.config) || own.norm != state.config.norm {
            return Err(unusable("the model that its settings describe", "another".into()));
        }
        if record.train_loss.len() as u64 != state.step {
            let found = alloc::format!("{}", record.train_loss.len());
            return Err(unusable(&alloc::format!("the losses of {} steps", state.step), found));
        }
        Self::restored(settings, checkpoint.corpus, Restored { tokenizer, state, record })
    }
}

fn unusable(expected: &str, found: String) -> Error {
    Error::Format { file: "checkpoint", expected: expected.into(), found }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::settings::tests::small;
    use crate::studio::{CorpusName, Note};

    fn quiet() -> impl FnMut(crate::studio::Phase, usize, usize) {
        |_, _, _| {}
    }

    fn own() -> Run {
        let text = "the cat and the hat and the bat sat. ".repeat(60);
        let settings = RunSettings { corpus: CorpusName::Own, ..small() };
        Run::open(settings, text.into_bytes(), &mut quiet()).unwrap()
    }

    fn train(run: &mut Run, steps: u64) -> Vec<Note> {
        let (end, mut notes) = (run.step() + steps, Vec::new());
        while run.step() < end {
            notes.extend(run.advance().unwrap());
        }
        notes
    }

    #[test]
    fn a_saved_run_goes_on_as_if_nothing_had_happened() {
        let mut run = own();
        train(&mut run, 12);
        let file = run.save().unwrap();
        let mut again = Run::load(&file, &mut quiet()).unwrap();
        assert_eq!(again.save().unwrap(), file);
        train(&mut run, 7);
        train(&mut again, 7);
        assert_eq!(again.train_loss(), run.train_loss());
        assert_eq!(again.session.snapshot(), run.session.snapshot());
    }

    #[test]
    fn training_brings_evaluations_samples_and_kept_steps() {
        let mut run = own();
        let notes = train(&mut run, 60);
        let evaluated: Vec<u64> =
            notes.iter().filter_map(|n| if let Note::Evaluated(e) = n { Some(e.step) } else { None }).collect();
        assert_eq!(evaluated, [0, 10, 25, 50]);
        assert_eq!(run.samples().len(), 1);
        assert_eq!(run.kept_steps(), [0, 10, 25, 50]);
        let losses = &run.facts().evaluations;
        assert!(losses.last().unwrap().loss_nats < losses[0].loss_nats - 0.5, "{losses:?}");
        while run.has_task() {
            run.do_task().unwrap();
        }
        let baselines = run.facts().baselines.unwrap();
        assert!(baselines.trigram < baselines.bigram && baselines.bigram < baselines.uniform);
    }

    #[test]
    fn beyond_the_planned_end_evaluations_keep_their_distance() {
        let text = "the cat and the hat and the bat sat. ".repeat(60);
        let settings = RunSettings { corpus: CorpusName::Own, steps: 12, ..small() };
        let mut run = Run::open(settings, text.into_bytes(), &mut quiet()).unwrap();
        train(&mut run, 20);
        let steps: Vec<u64> = run.facts().evaluations.iter().map(|e| e.step).collect();
        assert_eq!(steps, [0, 10, 12]);
    }

    #[test]
    fn a_restarted_run_learns_the_same_again() {
        let mut run = own();
        train(&mut run, 5);
        let mut again = run.restarted().unwrap();
        assert_eq!((again.step(), again.train_loss().len()), (0, 0));
        train(&mut again, 5);
        assert_eq!(again.train_loss(), run.train_loss());
    }

    #[test]
    fn too_short_and_empty_texts_are_refused_with_numbers() {
        let open = |text: &str| {
            let settings = RunSettings { corpus: CorpusName::Own, ..small() };
            Run::open(settings, text.as_bytes().to_vec(), &mut quiet()).err()
        };
        assert_eq!(open(""), Some(Error::EmptyText));
        assert_eq!(open(" \n "), Some(Error::EmptyText));
        assert!(matches!(open("too short"), Some(Error::CorpusTooShort { needed_tokens: 34, .. })));
    }

    #[test]
    fn the_past_can_be_inspected_and_continued() {
        let mut run = own();
        train(&mut run, 12);
        let (now, ids, first) = run.inspect("the cat and the", None).unwrap();
        let (past, _, _) = run.inspect("the cat and the", Some(0)).unwrap();
        assert_eq!((now.time, first), (ids.len(), 0));
        assert_ne!(now.logits, past.logits);
        assert!(run.inspect("the cat", Some(3)).is_err());
        let sampling = crate::generate::Sampling { temperature: 0.0, ..Default::default() };
        let mut generator = run.generator("", sampling, Some(10)).unwrap();
        assert!((generator.next().unwrap().id as usize) < run.tokenizer().vocab_size());
    }
}
