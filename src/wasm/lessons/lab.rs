//! A model taken apart: the JavaScript class `Lab`.

use crate::studio::{Label, label};
use crate::wasm::convert::js_error;
use wasm_bindgen::prelude::*;

/// A model to look into, apart from the one that learns.
#[wasm_bindgen]
pub struct Lab {
    label: Label,
}

#[wasm_bindgen]
impl Lab {
    /// From a checkpoint file.
    ///
    /// # Errors
    /// For a file that is none.
    #[wasm_bindgen(constructor)]
    pub fn new(checkpoint: &[u8]) -> Result<Lab, JsValue> {
        Ok(Self { label: label(checkpoint).map_err(js_error)? })
    }

    /// Step that the model was kept at.
    #[wasm_bindgen(getter)]
    pub fn step(&self) -> u32 {
        self.label.step as u32
    }
}
