//! JavaScript bindings: each method converts and delegates. Cold data cross as plain objects, hot data as typed arrays
//! copied out of wasm memory once. The types are those of `www/engine/protocol.js`.

#[cfg(feature = "wasm")]
mod bench;
mod convert;
#[cfg(feature = "wasm-files")]
mod files;
#[cfg(any(feature = "wasm", feature = "wasm-files"))]
mod generation;
#[cfg(feature = "wasm-lessons")]
mod lessons;
#[cfg(feature = "wasm-bench")]
mod measures;
#[cfg(feature = "wasm")]
mod run;
#[cfg(feature = "wasm")]
mod share;
#[cfg(feature = "wasm-tokenizer")]
mod tokenizer;

#[cfg(feature = "wasm")]
use crate::studio::RunSettings;
use alloc::string::String;
#[cfg(feature = "wasm")]
use convert::{from_js, object, set};
use wasm_bindgen::prelude::*;

/// Runs once when the module is loaded: panics reach the console with their place.
#[cfg(feature = "wasm")]
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// Identifies the sources that this engine was built from.
#[wasm_bindgen(js_name = buildId)]
pub fn build_id() -> String {
    option_env!("GLASSGPT_BUILD_ID").unwrap_or("unknown").into()
}

/// What settings would make: `Estimate`. Settings that are none give an estimate with an error, too.
#[cfg(feature = "wasm")]
#[wasm_bindgen]
pub fn estimate(settings: JsValue) -> JsValue {
    let out = object();
    let found = match from_js::<RunSettings>(settings) {
        Ok(settings) => settings.estimate(),
        Err(error) => {
            ["parameters", "memoryBytes", "flopsPerStep"].into_iter().for_each(|key| set(&out, key, 0));
            set(&out, "formula", "");
            set(&out, "error", error);
            return out.into();
        }
    };
    set(&out, "parameters", found.parameters as f64);
    set(&out, "formula", found.formula);
    set(&out, "memoryBytes", found.memory_bytes as f64);
    set(&out, "flopsPerStep", found.flops_per_step as f64);
    set(&out, "error", found.error.map_or(JsValue::NULL, |e| convert::plain_error(&e)));
    out.into()
}

/// Panics as a sentence: they reach JavaScript as a trap, which tells nothing.
#[cfg(not(feature = "wasm"))]
#[wasm_bindgen(start)]
pub fn start_small() {
    std::panic::set_hook(alloc::boxed::Box::new(|info| report(&alloc::format!("{info}"))));
}

#[cfg(not(feature = "wasm"))]
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn report(message: &str);
}
