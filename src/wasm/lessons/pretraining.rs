//! What chapter 4 looks into: documents, copies, norms of a step, and runs that go wrong.

use crate::studio::{Run, pretraining};
use crate::wasm::convert::{from_js, js_error, to_js};
use alloc::string::String;
use alloc::vec::Vec;
use wasm_bindgen::prelude::*;

type Js<T = JsValue> = Result<T, JsValue>;

/// The first documents of a story corpus.
#[wasm_bindgen]
pub fn stories(chinese: bool, seed: u32, count: usize) -> Vec<String> {
    pretraining::stories(chinese, seed.into(), count)
}

/// A run to be looked into, apart from the one that learns.
#[wasm_bindgen]
pub struct Learned {
    run: Run,
    text: (Vec<u8>, Vec<u8>),
}

#[wasm_bindgen]
impl Learned {
    /// From a checkpoint file.
    #[wasm_bindgen(constructor)]
    pub fn new(checkpoint: &[u8]) -> Js<Learned> {
        let run = Run::load(checkpoint, &mut |_, _, _| {}).map_err(js_error)?;
        let text = run.learned_text();
        Ok(Self { run, text })
    }

    /// `Copied` of a text.
    pub fn copied(&self, text: &[u8]) -> Js {
        to_js(&pretraining::copied(text, &self.text.0))
    }

    /// The first bytes of the text that is never learned from.
    pub fn unseen(&self, bytes: usize) -> Vec<u8> {
        self.text.1[..bytes.min(self.text.1.len())].to_vec()
    }

    /// `Norms` of the next step.
    pub fn norms(&mut self) -> Js {
        to_js(&pretraining::norms(&mut self.run).map_err(js_error)?)
    }
}

/// A run that goes wrong on purpose.
#[wasm_bindgen]
pub struct Failing(pretraining::Failing);

#[wasm_bindgen]
impl Failing {
    /// `failure`: `rate` or `corpus`.
    #[wasm_bindgen(constructor)]
    pub fn new(failure: JsValue, chinese: bool) -> Js<Failing> {
        pretraining::Failing::new(from_js(failure)?, chinese).map(Self).map_err(js_error)
    }

    /// `Moment` of the next step.
    pub fn advance(&mut self) -> Js {
        to_js(&self.0.advance().map_err(js_error)?)
    }
}
