//! The kernels against their naive twins, the twins against finite differences, and the edges.

mod attention;
mod bits;
mod heads;
mod loss;
mod muon;
mod norm;
mod optimizer;
mod pointwise;
mod policy;
