//! Sums, biases and the softmax of rows.

use super::lanes::{self, F32x4};
use super::math::exp4;

/// `x += y`.
pub fn add_assign(x: &mut [f32], y: &[f32]) {
    lanes::update2(x, y, |x, y| x + y);
}

/// `x *= s`.
pub fn scale(x: &mut [f32], s: f32) {
    lanes::update(x, |x| x * F32x4::splat(s));
}

/// Adds `bias` (C) to every row of `x` (N,C).
///
/// # Panics
/// If `x` is no whole number of rows.
pub fn add_bias(x: &mut [f32], bias: &[f32]) {
    assert_eq!(x.len() % bias.len(), 0, "whole rows");
    x.chunks_exact_mut(bias.len()).for_each(|row| add_assign(row, bias));
}

/// `dbias` (C) += the column sums of `dout` (N,C), row after row.
///
/// # Panics
/// If `dout` is no whole number of rows.
pub fn bias_backward(dbias: &mut [f32], dout: &[f32]) {
    assert_eq!(dout.len() % dbias.len(), 0, "whole rows");
    dout.chunks_exact(dbias.len()).for_each(|row| add_assign(dbias, row));
}

/// Largest value of a row; minus infinity when empty.
pub(super) fn max(row: &[f32]) -> f32 {
    let (chunks, rest) = row.as_chunks::<4>();
    let lowest = f32::NEG_INFINITY;
    let most = chunks.iter().fold(F32x4::splat(lowest), |m, c| m.pmax(F32x4::load(c))).max();
    rest.iter().fold(most, |m, &x| if m < x { x } else { m })
}

/// exp(x · `factor` - `shift`) in place; returns the sum.
#[inline(always)]
pub(super) fn exp_and_sum(row: &mut [f32], factor: f32, shift: f32) -> f32 {
    let (f, s) = (F32x4::splat(factor), F32x4::splat(shift));
    let (chunks, rest) = row.as_chunks_mut::<4>();
    let mut total = F32x4::splat(0.0);
    for c in chunks {
        let e = exp4(F32x4::load(c) * f - s);
        *c = e.to_array();
        total = total + e;
    }
    let e = exp4(F32x4::load(&lanes::padded(rest)) * f - s).to_array();
    let n = rest.len();
    rest.copy_from_slice(&e[..n]);
    e[..n].iter().fold(total.sum(), |t, e| t + e)
}

/// Softmax of every row of `x` (N,C), in place.
pub fn softmax_rows(x: &mut [f32], columns: usize) {
    for row in x.chunks_exact_mut(columns) {
        let most = max(row);
        let total = exp_and_sum(row, 1.0, most);
        scale(row, 1.0 / total);
    }
}
