//! Bytes of files, read and written. Knows nothing of models or training: named tensors and texts go in and out.

mod checkpoint;
mod crc;
mod safetensors;

pub use checkpoint::{Checkpoint, Contents};
pub use safetensors::{Kind, Tensor, read, write};
