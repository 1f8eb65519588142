//! One step of a tiny model, number by number.

use crate::studio::pretraining;
use crate::wasm::convert::{js_error, to_js};
use wasm_bindgen::prelude::*;

/// `ByHand` of step `step` (from 1), seen from one weight.
#[wasm_bindgen(js_name = byHand)]
pub fn by_hand(step: u32, tensor: usize, index: usize) -> Result<JsValue, JsValue> {
    to_js(&pretraining::by_hand(step.into(), tensor, index).map_err(js_error)?)
}
