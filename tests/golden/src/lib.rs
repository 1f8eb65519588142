//! Checks of the engine against golden data (PyTorch, tiktoken-style trainers).
//! One list serves the native test and the one in browsers; files come in as bytes.

pub mod align;
pub mod bpe;
pub mod folders;
pub mod hf;
pub mod kernels;
pub mod model;
pub mod muon;
pub mod safe;
pub mod sampling;
pub mod speed;
pub mod train;
#[cfg(target_arch = "wasm32")]
pub mod web;

use std::collections::BTreeMap;

/// What one check has to say: a one-line figure, or what failed with its numbers.
pub type Check = Result<String, String>;

/// Golden files by their path relative to the fixtures folder, with `/`.
#[derive(Default)]
pub struct Fixtures {
    /// Content by path.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Fixtures {
    /// The content of a file that must be there.
    pub fn get(&self, path: &str) -> Result<&[u8], String> {
        self.files.get(path).map(Vec::as_slice).ok_or_else(|| format!("{path} is missing"))
    }

    /// A JSON file that must be there.
    pub fn json(&self, path: &str) -> Result<serde_json::Value, String> {
        serde_json::from_slice(self.get(path)?).map_err(|e| format!("{path}: {e}"))
    }

    /// Paths that begin and end so, in order, without the two ends.
    pub fn names<'a>(&'a self, prefix: &'a str, suffix: &'a str) -> impl Iterator<Item = &'a str> {
        self.files.keys().filter_map(move |k| k.strip_prefix(prefix)?.strip_suffix(suffix))
    }
}

/// One kind of golden data: its name and its checks, one result a file.
pub type Kind = (&'static str, fn(&Fixtures) -> Vec<(String, Check)>);

/// Every kind there is.
pub const KINDS: &[Kind] = &[
    ("tokenizer", bpe::checks),
    ("kernels", kernels::checks),
    ("optimizers", muon::checks),
    ("models", model::checks),
    ("training", train::checks),
    ("alignment", align::checks),
    ("sampling", sampling::checks),
    ("folders", folders::checks),
];
