//! Bytes of files, read and written. Knows nothing of models, tokenizers or training: named tensors, tokens and texts go
//! in and out.

mod byte_level;
mod checkpoint;
mod crc;
// The engine of the page is built without: second callers change what is inlined, and make its download larger.
#[cfg(any(not(feature = "wasm"), feature = "wasm-files"))]
mod hf;
#[cfg(any(not(feature = "wasm"), feature = "wasm-files"))]
mod hf_weights;
mod patterns;
mod ranks;
mod safetensors;
mod tokenizer_json;
#[cfg(any(not(feature = "wasm"), feature = "wasm-files"))]
mod zip;

pub use checkpoint::{Checkpoint, Contents};
#[cfg(any(not(feature = "wasm"), feature = "wasm-files"))]
pub use hf::{Architecture, HfConfig};
#[cfg(any(not(feature = "wasm"), feature = "wasm-files"))]
pub use hf_weights::{Wanted, read_weights, write_weights};
pub use patterns::Cut;
pub use ranks::{is_rank_file, read_ranks};
pub use safetensors::{Kind, Tensor, read, write};
pub use tokenizer_json::TokenizerJson;
#[cfg(any(not(feature = "wasm"), feature = "wasm-files"))]
pub use zip::{is_zip, read_zip, write_zip};
