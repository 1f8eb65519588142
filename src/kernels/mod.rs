//! Slices of `f32` in, slices of `f32` out.
