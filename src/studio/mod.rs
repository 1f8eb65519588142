//! One run as the page sees it: prepared, trained in slices, looked into, kept and brought back.
//!
//! Where the parts meet: it knows data, tokenizer, model, training, generation and files, and nothing of JavaScript.

mod checkpoint;
#[cfg(any(not(feature = "wasm"), feature = "wasm-files"))]
mod folder;
pub mod habit;
mod inspect;
#[cfg(any(not(feature = "wasm"), feature = "wasm-lessons"))]
pub mod lab;
mod open;
#[cfg(any(not(feature = "wasm"), feature = "wasm-lessons"))]
pub mod pretraining;
mod run;
mod score;
mod settings;
pub mod teach;
mod vocabulary;

pub use checkpoint::{Label, label};
#[cfg(any(not(feature = "wasm"), feature = "wasm-files"))]
pub use folder::{CONTINUE, Pretrained};
pub use inspect::{Inspection, Predictions, inspect, predictions};
pub use open::{MOST_TEXT_BYTES, Opening, Phase, Progress};
pub use run::{Note, Run, Sample};
pub use settings::{CorpusName, Estimate, RunSettings, ScheduleName, Style, Vocabulary, formula};
pub use vocabulary::{Kind, Order, WordList};
