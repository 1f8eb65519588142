//! Tokens out of a model, one by one.

mod generator;
mod sampling;

pub use generator::{Generator, Step};
pub use sampling::{Distribution, Sampling, distribution, distribution_into};
