//! The golden checks for JavaScript.

use crate::{Fixtures, KINDS};
use js_sys::{Array, Uint8Array};
use serde_json::{Value, json};
use wasm_bindgen::prelude::wasm_bindgen;

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
