//! Sums, biases and the softmax of rows.

use super::lanes::F32x4;
use super::loops::{padded, put, update, update2};
use super::math::exp4;

/// `x += y`.
pub fn add_assign(x: &mut [f32], y: &[f32]) {
    update2(x, y, |x, y| x + y);
}

/// `x *= s`.
pub fn scale(x: &mut [f32], s: f32) {
    update(x, |x| x * F32x4::splat(s));
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
#[inline(always)]
pub(super) fn max(row: &[f32]) -> f32 {
    let (fours, rest) = row.as_chunks::<4>();
    let lowest = F32x4::load(&padded(rest, f32::NEG_INFINITY));
    fours.iter().fold(lowest, |most, x| most.pmax(F32x4::load(x))).max()
}

/// exp(x · `factor` - `shift`) in place; returns the sum.
#[inline(always)]
pub(super) fn exp_and_sum(row: &mut [f32], factor: f32, shift: f32) -> f32 {
    let (f, s) = (F32x4::splat(factor), F32x4::splat(shift));
    let (fours, rest) = row.as_chunks_mut::<4>();
    let mut total = F32x4::splat(0.0);
    for x in fours {
        let e = exp4(F32x4::load(x) * f - s);
        *x = e.to_array();
        total = total + e;
    }
    if !rest.is_empty() {
        // Minus infinity becomes exactly 0 and leaves the sum alone.
        let e = exp4(F32x4::load(&padded(rest, f32::NEG_INFINITY)) * f - s);
        put(rest, e.to_array());
        total = total + e;
    }
    total.sum()
}

/// Softmax of every row of `x` (N,C), in place.
pub fn softmax_rows(x: &mut [f32], columns: usize) {
    for row in x.chunks_exact_mut(columns) {
        let most = max(row);
        let total = exp_and_sum(row, 1.0, most);
        scale(row, 1.0 / total);
    }
}
