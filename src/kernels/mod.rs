//! Slices of `f32` in, slices of `f32` out.
//!
//! Everything a Transformer computes, forward and backward, written by hand. Layouts are row-major; B batch, T time,
//! C channels, H heads, K key-value heads, D = C/H, V vocabulary. Every sum has a fixed order and no function of the
//! platform's mathematics library is used, so results have the same bits on every target.

pub mod activation;
pub mod attention;
pub mod elementwise;
pub mod embedding;
pub mod heads;
pub mod lanes;
pub mod loops;
pub mod loss;
pub mod math;
pub mod matmul;
pub mod muon;
#[cfg(test)]
mod naive;
pub mod norm;
pub mod optimizer;
pub mod policy;
pub mod rope;

#[cfg(test)]
mod tests;
