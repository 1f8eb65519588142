//! Tokens out of a model, one by one.

mod generator;
mod sampling;
mod speaker;
mod tools;

pub use generator::{Generator, Step};
pub use sampling::{Distribution, Sampling, distribution, distribution_into};
pub use speaker::Speaker;
pub use tools::{Limits, Marks, Outcome, Piece, Runtime, Transcript, Writer, with_tools};
