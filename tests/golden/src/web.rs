//! The golden checks for JavaScript.

use crate::speed::{self, KERNELS, PRODUCT_FLOPS};
use crate::{Fixtures, KINDS};
use glassgpt::train::Session;
use js_sys::{Array, Uint8Array};
use serde_json::{Value, json};
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

/// Runs every check over the files given: `paths` relative to the fixtures folder, `contents` a `Uint8Array` for each.
///
/// Gives JSON: `[{ "kind", "file", "ok", "text" }]`, `text` being the figure, or what failed.
#[wasm_bindgen]
pub fn run(paths: Vec<String>, contents: Array) -> String {
    let contents = contents.iter().map(|content| Uint8Array::new(&content).to_vec());
    let fixtures = Fixtures { files: paths.into_iter().zip(contents).collect() };
    let mut results: Vec<Value> = Vec::new();
    for (kind, checks) in KINDS {
        for (file, check) in checks(&fixtures) {
            let ok = check.is_ok();
            let (Ok(text) | Err(text)) = check;
            results.push(json!({ "kind": kind, "file": file, "ok": ok, "text": text }));
        }
    }
    Value::Array(results).to_string()
}

/// Names of the kinds of golden data, in order.
#[wasm_bindgen]
pub fn kinds() -> Vec<String> {
    KINDS.iter().map(|(kind, _)| (*kind).into()).collect()
}

/// Kernels beside plain loops, to be timed from outside.
#[wasm_bindgen]
#[derive(Default)]
pub struct Kernels(speed::Kernels);

#[wasm_bindgen]
impl Kernels {
    /// The numbers that they work on.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Names, in order; the first is the matrix product.
    pub fn names() -> Vec<String> {
        KERNELS.iter().map(|&name| name.into()).collect()
    }

    /// Floating-point operations of one round of the first.
    #[wasm_bindgen(js_name = productFlops)]
    pub fn product_flops() -> f64 {
        PRODUCT_FLOPS
    }

    /// Some rounds of one kernel, the fast way or the plain one; false for a name that is none.
    pub fn run(&mut self, name: &str, plain: bool, rounds: usize) -> bool {
        (0..rounds).all(|_| self.0.run(name, plain))
    }
}

/// The reference model in training.
#[wasm_bindgen]
pub struct Steps {
    session: Session,
    flops: f64,
}

#[wasm_bindgen]
impl Steps {
    /// In modern style or that of GPT-2.
    #[wasm_bindgen(constructor)]
    pub fn new(modern: bool) -> Result<Self, JsError> {
        let (session, flops) = speed::reference(modern).map_err(|e| JsError::new(&e.to_string()))?;
        Ok(Self { session, flops })
    }

    /// One whole step.
    pub fn step(&mut self) -> Result<(), JsError> {
        self.session.step().map(drop).map_err(|e| JsError::new(&e.to_string()))
    }

    /// Floating-point operations of its products.
    pub fn flops(&self) -> f64 {
        self.flops
    }
}
