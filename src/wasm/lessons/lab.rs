//! A model taken apart: the JavaScript class `Lab`. What crosses is described in `www/engine/lab-protocol.js`.

use crate::error::Error;
use crate::model::anatomy::{Part, Place, Source, Sum};
use crate::studio::lab::{Beyond, Changes, Lab as Model, Race};
use crate::wasm::convert::{floats, ints, js_error, object, set, text_tokens, to_js};
use alloc::vec::Vec;
use js_sys::{Array, Int32Array, Object, Uint8Array};
use wasm_bindgen::prelude::*;

type Js<T = JsValue> = Result<T, JsValue>;

/// Alternatives told of a prediction.
const SHOWN: usize = 10;
const NEIGHBOURS: usize = 8;

/// A model to look into, apart from the one that learns.
#[wasm_bindgen]
pub struct Lab {
    lab: Model,
    race: Option<Race>,
    beyond: Option<Beyond>,
    held_out: Vec<u32>,
}

#[wasm_bindgen]
impl Lab {
    /// From a checkpoint file.
    ///
    /// # Errors
    /// For a file that is none.
    #[wasm_bindgen(constructor)]
    pub fn new(checkpoint: &[u8]) -> Js<Lab> {
        Ok(Self { lab: Model::open(checkpoint).map_err(js_error)?, race: None, beyond: None, held_out: Vec::new() })
    }

    /// Other weights for the same model; changes are undone.
    pub fn reweigh(&mut self, params: Vec<f32>, step: f64) -> Js<()> {
        self.lab.reweigh(params, step as u64).map_err(js_error)
    }

    /// `LabFacts`.
    pub fn facts(&self) -> Js<Object> {
        let (config, label) = (self.lab.model().config(), self.lab.label());
        let out = object();
        set(&out, "step", label.step as f64);
        set(&out, "config", to_js(config)?);
        set(&out, "headDim", config.head_dim() as f64);
        let tensors: Array = self
            .lab
            .model()
            .table()
            .tensors()
            .iter()
            .map(|tensor| {
                let out = object();
                set(&out, "name", tensor.name.as_str());
                set(&out, "shape", tensor.shape.iter().map(|&n| JsValue::from(n as f64)).collect::<Array>());
                set(&out, "offset", tensor.offset as f64);
                JsValue::from(out)
            })
            .collect();
        set(&out, "tensors", tensors);
        Ok(out)
    }

    /// Reads a text; see `reading`.
    pub fn read(&mut self, text: &str) -> Js<Object> {
        self.lab.read(text).map_err(js_error)?;
        let out = self.reading();
        set(&out, "tokens", text_tokens(self.lab.tokenizer(), text));
        Ok(out)
    }

    /// Switches parts off and edits weights; nothing at all gives the model back as it was.
    pub fn change(&mut self, heads: &[u32], mlps: &[u32], edited: &[u32], values: &[f32]) -> Js<Object> {
        let list = |from: &[u32]| from.iter().map(|&i| i as usize).collect::<Vec<_>>();
        let edits = edited.iter().map(|&i| i as usize).zip(values.iter().copied()).collect();
        self.lab.change(Changes { heads: list(heads), mlps: list(mlps), edits }).map_err(js_error)?;
        Ok(self.reading())
    }

    /// `LabReading` without tokens.
    fn reading(&self) -> Object {
        let config = self.lab.model().config();
        let (ids, first) = self.lab.read_ids();
        let habits = self.lab.habits();
        let shares: Vec<f32> = habits
            .named
            .iter()
            .zip(habits.shares.chunks_exact(5))
            .map(|(&named, shares)| if named == 0 { 0.0 } else { shares[named as usize - 1] })
            .collect();
        let mut attention = Vec::new();
        if !ids.is_empty() {
            (0..config.layers).for_each(|l| attention.extend_from_slice(self.lab.pass().attention(l)));
        }
        let out = object();
        set(&out, "step", self.lab.label().step as f64);
        set(&out, "first", first as f64);
        set(&out, "layers", config.layers as f64);
        set(&out, "heads", config.heads as f64);
        set(&out, "time", ids.len() as f64);
        set(&out, "vocabSize", config.vocab_size as f64);
        set(&out, "attention", floats(&attention));
        set(&out, "habits", Uint8Array::from(&habits.named[..]));
        set(&out, "habitShares", floats(&shares));
        set(&out, "allShares", floats(&habits.shares));
        set(&out, "firstWeight", floats(&habits.first_weight));
        set(&out, "firstValue", floats(&habits.first_value));
        set(&out, "otherValue", floats(&habits.other_value));
        set(&out, "residualNorms", floats(&self.lab.residual_norms()));
        set(&out, "losses", floats(&self.lab.losses(true)));
        set(&out, "plainLosses", floats(&self.lab.losses(false)));
        set(&out, "ripple", floats(&self.lab.ripple()));
        out
    }

    /// By how much the loss of the text rises if one more part is off: a head, or the MLP of a block (`head` = -1).
    pub fn effect(&self, layer: usize, head: i32) -> Js<f32> {
        self.lab.effect(layer, usize::try_from(head).ok()).map_err(js_error)
    }

    /// `LabGuess` after a row; the id asked for, or -1 for the model's first choice.
    pub fn lens(&mut self, row: usize, id: i32) -> Js<Object> {
        let guess = self.lab.lens(row, u32::try_from(id).ok()).map_err(js_error)?;
        let out = object();
        set(&out, "ids", ints(&guess.ids));
        set(&out, "probs", floats(&guess.probs));
        set(&out, "asked", floats(&guess.asked));
        Ok(out)
    }

    /// `LabShares` of every part in the logit of `id` after a row.
    pub fn shares(&self, row: usize, id: u32) -> Js<Object> {
        let shares = self.lab.shares(row, id).map_err(js_error)?;
        let places: Vec<i32> = shares
            .iter()
            .flat_map(|share| match share.source {
                Source::Embedding => [0, -1, -1],
                Source::Head(l, h) => [1, l as i32, h as i32],
                Source::Bias(l) => [2, l as i32, -1],
                Source::Mlp(l) => [3, l as i32, -1],
                Source::Norm => [4, -1, -1],
            })
            .collect();
        let out = object();
        set(&out, "sources", Int32Array::from(&places[..]));
        set(&out, "values", floats(&shares.iter().map(|s| s.value).collect::<Vec<_>>()));
        Ok(out)
    }

    /// The most probable next tokens after a row, of the model as it is or as it was changed.
    pub fn predicted(&self, row: usize, changed: bool) -> Js<Object> {
        let (ids, probs) = self.lab.predicted(row, changed).map_err(js_error)?;
        let shown = SHOWN.min(ids.len());
        let out = object();
        set(&out, "ids", ints(&ids[..shown]));
        set(&out, "probs", floats(&probs[..shown]));
        Ok(out)
    }

    /// `LabSum`: how a number of the pass was made.
    pub fn sum(&self, part: u32, layer: usize, row: usize, head: usize, column: usize) -> Js<Object> {
        let sum = self.lab.sum(place(part, layer, row, head, column)?).map_err(js_error)?;
        let out = sum_to_js(&sum);
        let name = sum.terms.iter().find_map(|t| t.weight).and_then(|i| self.lab.weight_name(i));
        set(&out, "tensor", name.map_or(JsValue::NULL, |(name, ..)| name.into()));
        Ok(out)
    }

    /// The vector that a number of the pass belongs to.
    pub fn vector(&self, part: u32, layer: usize, row: usize, head: usize) -> Js<Vec<f32>> {
        self.lab.vector(place(part, layer, row, head, 0)?).map_err(js_error)
    }

    /// First columns of a head's query, key and value in the fused row.
    #[wasm_bindgen(js_name = headColumns)]
    pub fn head_columns(&self, head: usize) -> Vec<u32> {
        let heads = self.lab.model().config().heads;
        self.lab.model().head_columns(head.min(heads - 1)).map(|i| i as u32).into()
    }

    /// `LabMap`; `before`: axes of the map before it, or none.
    pub fn map(&self, before: &[f32]) -> Object {
        let map = self.lab.map(before);
        let out = object();
        set(&out, "points", floats(&map.points));
        set(&out, "axes", floats(&map.axes));
        set(&out, "explained", floats(&map.explained));
        out
    }

    /// The tokens whose embeddings point in the most similar direction, with their cosines.
    pub fn neighbours(&self, id: u32) -> Js<Object> {
        let found = self.lab.neighbours(id, NEIGHBOURS).map_err(js_error)?;
        let out = object();
        set(&out, "ids", ints(&found.iter().map(|n| n.0).collect::<Vec<_>>()));
        set(&out, "cosines", floats(&found.iter().map(|n| n.1).collect::<Vec<_>>()));
        Ok(out)
    }

    /// A weight of the flat buffer; NaN outside.
    pub fn weight(&self, index: usize) -> f32 {
        self.lab.weights().get(index).copied().unwrap_or(f32::NAN)
    }

    /// `LabRecall`: how probable a name is after a text.
    pub fn recall(&self, text: &str, name: &str) -> Js<Object> {
        let (found, tokens, read, ids) = self.lab.recall(text, name).map_err(js_error)?;
        let out = object();
        set(&out, "logProbs", floats(&found));
        set(&out, "tokens", tokens as f64);
        set(&out, "read", read as f64);
        set(&out, "ids", ints(&ids));
        set(&out, "before", ints(&self.lab.tokenizer().encode(text)));
        Ok(out)
    }

    /// One pass over a full context: positions predicted.
    #[wasm_bindgen(js_name = passOnce)]
    pub fn pass_once(&mut self) -> usize {
        let lab = &self.lab;
        lab.pass_once(self.race.get_or_insert_with(|| lab.race()))
    }

    /// One token more in the generation: 1.
    #[wasm_bindgen(js_name = stepOnce)]
    pub fn step_once(&mut self) -> Js<usize> {
        let lab = &self.lab;
        lab.step_once(self.race.get_or_insert_with(|| lab.race())).map_err(js_error)
    }

    /// Windows of text that the model never learned from.
    #[wasm_bindgen(js_name = heldOutWindows)]
    pub fn held_out_windows(&mut self) -> usize {
        if self.held_out.is_empty() {
            self.held_out = self.lab.held_out_ids();
        }
        self.held_out.len() / self.lab.model().config().context
    }

    /// Mean loss of one of them, as the model is and as it was changed; none beyond the last.
    #[wasm_bindgen(js_name = heldOutWindow)]
    pub fn held_out_window(&self, index: usize) -> Vec<f32> {
        let windows = self.held_out.chunks_exact(self.lab.model().config().context);
        windows.skip(index).take(1).flat_map(|ids| self.lab.held_out(ids)).collect()
    }

    /// Windows of twice the context that can be measured.
    #[wasm_bindgen(js_name = beyondWindows)]
    pub fn beyond_windows(&mut self) -> Js<usize> {
        let beyond = self.lab.beyond().map_err(js_error)?;
        let windows = beyond.windows(&self.lab);
        self.beyond = Some(beyond);
        Ok(windows)
    }

    /// Losses of one of them: in one pass (NaN: impossible), then with the window sliding.
    #[wasm_bindgen(js_name = beyondWindow)]
    pub fn beyond_window(&mut self, index: usize) -> Vec<f32> {
        let lab = &self.lab;
        self.beyond.as_mut().map_or_else(Vec::new, |beyond| beyond.window(lab, index).concat())
    }
}

fn place(part: u32, layer: usize, row: usize, head: usize, column: usize) -> Js<Place> {
    let part = Part::from_index(part).ok_or_else(|| {
        let (expected, found) = ("a part of a block".into(), alloc::format!("{part}"));
        js_error(Error::Setting { name: "part", expected, found })
    })?;
    Ok(Place { part, layer, row, head, column })
}

/// Five numbers a place; -1: none.
fn places(of: impl Iterator<Item = Option<Place>>) -> Int32Array {
    let numbers = of.flat_map(|place| {
        place.map_or([-1; 5], |p| [p.part as i32, p.layer as i32, p.row as i32, p.head as i32, p.column as i32])
    });
    Int32Array::from(&numbers.collect::<Vec<_>>()[..])
}

fn sum_to_js(sum: &Sum) -> Object {
    let out = object();
    let column = |f: &dyn Fn(&crate::model::anatomy::Term) -> f32| floats(&sum.terms.iter().map(f).collect::<Vec<_>>());
    set(&out, "value", sum.value);
    set(&out, "rule", sum.rule as u8);
    set(&out, "scale", sum.scale);
    set(&out, "offset", sum.offset);
    set(&out, "chosen", sum.chosen as f64);
    set(&out, "factors", column(&|t| t.factor));
    set(&out, "times", column(&|t| t.times));
    set(&out, "values", column(&|t| t.value));
    set(&out, "from", places(sum.terms.iter().map(|t| t.from)));
    set(&out, "with", places(sum.terms.iter().map(|t| t.with)));
    let weights: Vec<i32> = sum.terms.iter().map(|t| t.weight.map_or(-1, |i| i as i32)).collect();
    set(&out, "weights", Int32Array::from(&weights[..]));
    out
}
