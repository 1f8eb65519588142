//! Bytes of files, read and written. Knows nothing of models, tokenizers or training: named tensors, tokens and texts go
//! in and out.

mod byte_level;
mod checkpoint;
mod crc;
mod patterns;
mod ranks;
mod safetensors;
mod tokenizer_json;

pub use checkpoint::{Checkpoint, Contents};
pub use patterns::Cut;
pub use ranks::{is_rank_file, read_ranks};
pub use safetensors::{Kind, Tensor, read, write};
pub use tokenizer_json::TokenizerJson;
