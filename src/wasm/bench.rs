//! One training step on random tokens, for measuring this machine.

use super::convert::js_error;
use crate::model::Config;
use crate::rng::{Purpose, Rng};
use crate::train::{Session, Settings, Split};
use alloc::vec::Vec;
use wasm_bindgen::prelude::*;

/// A model that is trained for its time alone.
#[wasm_bindgen]
pub struct BenchStep {
    pub(super) session: Session,
    flops: f64,
}

#[wasm_bindgen]
impl BenchStep {
    /// `style` 0 = GPT-2 style, 1 = modern.
    #[wasm_bindgen(constructor)]
    pub fn new(
        style: u32,
        layers: usize,
        heads: usize,
        width: usize,
        context: usize,
        batch: usize,
        vocab_size: usize,
    ) -> Result<BenchStep, JsValue> {
        let make = if style == 0 { Config::gpt2 } else { Config::modern };
        let heads = heads.max(1);
        let config = make(vocab_size, context, layers, heads, width);
        let settings = Settings { batch, ..Settings::default() };
        let flops = config.validate(batch, crate::model::ALLOWED_BYTES).map(|()| config.flops_per_token(context));
        let flops = flops.map_err(js_error)? as f64 * (batch * context) as f64;
        let mut r = Rng::new(1, Purpose::Test, 0);
        let mut ids = |n: usize| -> Vec<u32> { (0..n).map(|_| r.below(vocab_size) as u32).collect() };
        let (train, validation) = (ids(4 * context + 4), ids(context + 1));
        let split = Split { train, validation, validation_bytes: context + 1 };
        let session = Session::new(config, settings, split).map_err(js_error)?;
        Ok(Self { session, flops })
    }

    /// One whole step.
    pub fn step(&mut self) -> Result<(), JsValue> {
        self.session.step().map(drop).map_err(js_error)
    }

    /// Floating-point operations of a step.
    pub fn flops(&self) -> f64 {
        self.flops
    }
}
