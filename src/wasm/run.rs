//! A run and a generation as JavaScript classes.

use super::convert::{floats, from_js, id_tokens, ints, js_error, object, set, text_tokens, to_js};
use super::generation::Generation;
use crate::generate::Sampling;
use crate::studio::{self, Note, Phase, Predictions, Run};
use crate::tokenizer::SPECIALS;
use crate::train::ScoringRun;
use alloc::vec::Vec;
use js_sys::{Array, Float32Array, Float64Array, Function, Int32Array, Object, Uint8Array};
use wasm_bindgen::prelude::*;

type Js<T = JsValue> = Result<T, JsValue>;

/// Tells `progress(phase, done, total)`; what it returns or throws does not matter.
fn reporter(progress: &Function) -> impl FnMut(Phase, usize, usize) + '_ {
    move |phase, done, total| {
        let phase = to_js(&phase).unwrap_or_default();
        let _ = progress.call3(&JsValue::NULL, &phase, &(done as f64).into(), &(total as f64).into());
    }
}

fn step_of(at_step: Option<f64>) -> Option<u64> {
    // NaN and negative numbers become step 0, which is always kept.
    at_step.map(|s| s as u64)
}

/// A run on its way.
#[wasm_bindgen]
pub struct Opening(studio::Opening);

#[wasm_bindgen]
impl Opening {
    /// New run of `RunSettings`; `text` in UTF-8 where the settings name one that is not generated.
    pub fn fresh(settings: JsValue, text: Option<Vec<u8>>) -> Js<Opening> {
        studio::Opening::new(from_js(settings)?, text.unwrap_or_default()).map(Self).map_err(js_error)
    }

    /// The run of a checkpoint file.
    pub fn load(file: &[u8]) -> Js<Opening> {
        studio::Opening::load(file).map(Self).map_err(js_error)
    }

    /// One slice; true once the run is ready.
    pub fn advance(&mut self, progress: &Function) -> Js<bool> {
        self.0.advance(&mut reporter(progress)).map_err(js_error)
    }

    /// The run that is ready; undefined before.
    pub fn finish(self) -> Option<Engine> {
        self.0.finish().map(Engine)
    }
}

/// `{ settings, step }` of a checkpoint file that is whole.
#[wasm_bindgen]
pub fn label(file: &[u8]) -> Js {
    to_js(&studio::label(file).map_err(js_error)?)
}

/// A run.
#[wasm_bindgen]
pub struct Engine(pub(super) Run);

#[wasm_bindgen]
impl Engine {
    /// The run as a checkpoint file.
    pub fn save(&self) -> Js<Uint8Array> {
        self.0.save().map(|file| Uint8Array::from(&file[..])).map_err(js_error)
    }

    /// The weights kept at a step.
    #[wasm_bindgen(js_name = weightsAt)]
    pub fn weights_at(&self, at_step: f64) -> Js<Float32Array> {
        self.0.params(step_of(Some(at_step))).map(floats).map_err(js_error)
    }

    /// The same settings from step 0.
    pub fn restarted(&self) -> Js<Engine> {
        self.0.restarted().map(Self).map_err(js_error)
    }

    /// `ModelInfo` without curve and samples.
    pub fn facts(&self) -> Js {
        to_js(&self.0.facts())
    }

    /// Loss of every step so far.
    #[wasm_bindgen(js_name = trainLoss)]
    pub fn train_loss(&self) -> Vec<f32> {
        self.0.train_loss().to_vec()
    }

    /// `Sample[]`.
    pub fn samples(&self) -> Js<Array> {
        self.0.samples().iter().map(|s| self.sample(s).map(JsValue::from)).collect()
    }

    fn sample(&self, sample: &crate::studio::Sample) -> Js<Object> {
        let out = object();
        set(&out, "step", sample.step as f64);
        set(&out, "tokens", id_tokens(self.0.tokenizer(), &sample.ids)?);
        Ok(out)
    }

    /// One bounded slice of training: an array of `{ kind, … }`.
    pub fn advance(&mut self) -> Js<Array> {
        let notes = self.0.advance().map_err(js_error)?;
        notes.iter().map(|n| self.note(n)).collect()
    }

    /// One bounded slice of waiting work; undefined when it brought nothing yet.
    #[wasm_bindgen(js_name = doTask)]
    pub fn do_task(&mut self) -> Js {
        match self.0.do_task().map_err(js_error)? {
            Some(note) => self.note(&note),
            None => Ok(JsValue::UNDEFINED),
        }
    }

    pub(super) fn note(&self, note: &Note) -> Js {
        let out = object();
        let (kind, value) = match note {
            Note::Step(report) => ("step", to_js(report)?),
            Note::Evaluated(evaluation) => ("evaluated", to_js(evaluation)?),
            Note::Baselines(baselines) => ("baselines", to_js(baselines)?),
            Note::Sample(sample) => ("sample", self.sample(sample)?.into()),
            Note::Kept => ("kept", to_js(&self.0.kept_steps())?),
        };
        set(&out, "kind", kind);
        set(&out, "value", value);
        Ok(out.into())
    }

    /// Whether work is waiting that is no training.
    #[wasm_bindgen(js_name = hasTask)]
    pub fn has_task(&self) -> bool {
        self.0.has_task()
    }

    /// Asks for an evaluation of the present weights.
    #[wasm_bindgen(js_name = evaluateNow)]
    pub fn evaluate_now(&mut self) {
        self.0.evaluate_now();
    }

    /// Steps done.
    pub fn step(&self) -> f64 {
        self.0.step() as f64
    }

    /// Whether the planned steps are done.
    #[wasm_bindgen(js_name = isFinished)]
    pub fn is_finished(&self) -> bool {
        self.0.is_finished()
    }

    /// Changes that keep the model.
    pub fn tune(&mut self, learning_rate: Option<f64>, steps: Option<f64>) -> Js<()> {
        self.0.tune(learning_rate, steps.map(|s| s as u64)).map_err(js_error)
    }

    /// `TokenList` of a text.
    pub fn tokenize(&self, text: &str) -> Object {
        text_tokens(self.0.tokenizer(), text)
    }

    /// `TokenList` of ids.
    pub fn describe(&self, ids: &[u32]) -> Js<Object> {
        id_tokens(self.0.tokenizer(), ids)
    }

    /// How ids were made: `{ left, right, count }`.
    pub fn merges(&self, ids: &[u32]) -> Object {
        let made = |f: &dyn Fn(crate::tokenizer::Merge) -> f64| -> Vec<f64> {
            ids.iter().map(|&id| self.0.tokenizer().merge(id).map_or(-1.0, f)).collect()
        };
        let parts = |values: Vec<f64>| Int32Array::from(&values.iter().map(|&v| v as i32).collect::<Vec<_>>()[..]);
        let out = object();
        set(&out, "left", parts(made(&|m| m.left.into())));
        set(&out, "right", parts(made(&|m| m.right.into())));
        set(&out, "count", Float64Array::from(&made(&|m| m.count as f64)[..]));
        out
    }

    /// `Inspection` of the last tokens of a text, with its `tokens`.
    pub fn inspect(&mut self, text: &str, sampling: JsValue, at_step: Option<f64>) -> Js<Object> {
        let sampling: Sampling = from_js(sampling)?;
        let (found, _, first) = self.0.inspect(text, step_of(at_step)).map_err(js_error)?;
        let facts = self.0.facts();
        let out = object();
        set(&out, "tokens", text_tokens(self.0.tokenizer(), text));
        set(&out, "step", at_step.unwrap_or(facts.step as f64));
        set(&out, "first", first as f64);
        set(&out, "layers", facts.settings.layers as f64);
        set(&out, "heads", facts.settings.heads as f64);
        set(&out, "time", found.time as f64);
        set(&out, "vocabSize", facts.vocab_size as f64);
        set(&out, "attention", floats(&found.attention));
        set(&out, "habits", Uint8Array::from(&found.habits[..]));
        set(&out, "habitShares", floats(&found.habit_shares));
        set(&out, "residualNorms", floats(&found.residual_norms));
        set(&out, "predictions", predictions_to_js(&self.0.distribute(&sampling).map_err(js_error)?));
        Ok(out)
    }

    /// `Predictions` of the last inspection under other sampling settings.
    pub fn distribute(&self, sampling: JsValue) -> Js<Object> {
        Ok(predictions_to_js(&self.0.distribute(&from_js(sampling)?).map_err(js_error)?))
    }

    /// Begins to score a text.
    pub fn scoring(&self, text: &str, at_step: Option<f64>) -> Js<Scoring> {
        self.0.scoring(text, step_of(at_step)).map(Scoring).map_err(js_error)
    }

    /// One slice of a scoring of this run: `Scores` without tokens at the end, undefined before.
    pub fn score(&mut self, scoring: &mut Scoring) -> Option<Object> {
        let scores = self.0.score(&mut scoring.0)?;
        let out = object();
        set(&out, "step", scores.step as f64);
        set(&out, "model", floats(&scores.model));
        set(&out, "bigram", floats(&scores.bigram));
        set(&out, "trigram", floats(&scores.trigram));
        set(&out, "context", ints(&scores.context));
        Some(out)
    }

    /// Probability of every id after some: by the model (`n` = 0) or by counts of `n` tokens.
    pub fn next(&mut self, ids: &[u32], n: usize) -> Js<Vec<f32>> {
        self.0.next(ids, n).map_err(js_error)
    }

    /// A continuation of a text.
    pub fn generate(&self, text: &str, sampling: JsValue, at_step: Option<f64>) -> Js<Generation> {
        let generator = self.0.generator(text, from_js(sampling)?, step_of(at_step)).map_err(js_error)?;
        let tokenizer = self.0.tokenizer().clone();
        let end = tokenizer.special(SPECIALS[0]);
        Ok(Generation::new(generator, tokenizer, end))
    }
}

fn predictions_to_js(p: &Predictions) -> Object {
    let out = object();
    set(&out, "shown", p.shown as f64);
    set(&out, "ids", ints(&p.ids));
    set(&out, "raw", floats(&p.raw));
    set(&out, "shaped", floats(&p.shaped));
    set(&out, "rest", floats(&p.rest));
    set(&out, "keptCount", ints(&p.kept));
    out
}

/// A text being scored.
#[wasm_bindgen]
pub struct Scoring(ScoringRun);
