//! Normalisation over the last dimension: LayerNorm and RMSNorm. Knows nothing of layers or batches: N rows of C.
//! Sources: Ba et al. 2016, arXiv:1607.06450, eq. 4; Zhang and Sennrich 2019, arXiv:1910.07467, eq. 4.

use super::lanes::F32x4;
use super::loops::{dot, map, map2, map3, sum2, sum3, update2, update3, update4};
use super::math::sqrt;

/// Mean of a row as two numbers: the rounded mean, and what rounding left of it. Without the second, rows far from 0 lose
/// the digits of their variance.
fn mean_in_parts(x: &[f32]) -> (f32, f32) {
    let first = sum2(x, x, |x, _| x) / x.len() as f32;
    (first, mean_rest(x, first))
}

fn mean_rest(x: &[f32], mean: f32) -> f32 {
    let m = F32x4::splat(mean);
    let whole = x.len() / 4 * 4;
    // Fewer than four are left over: padding would not give 0 here.
    let sum = sum2(&x[..whole], &x[..whole], |x, _| x - m);
    x[whole..].iter().fold(sum, |s, &x| s + (x - mean)) / x.len() as f32
}

/// `out = (inp - mean) / sqrt(var + eps) · weight + bias` with the biased variance.
///
/// * `out`, `inp` (N,C) · `weight`, `bias` (C) · `mean`, `rstd` (N) for the backward pass
///
/// # Panics
/// If a length disagrees.
pub fn layernorm_forward(
    out: &mut [f32],
    mean: &mut [f32],
    rstd: &mut [f32],
    inp: &[f32],
    weight: &[f32],
    bias: &[f32],
    eps: f32,
) {
    let c = weight.len();
    assert!(out.len() == inp.len() && inp.len() == mean.len() * c && rstd.len() == mean.len() && bias.len() == c);
    for (((out, inp), mean), rstd) in out.chunks_exact_mut(c).zip(inp.chunks_exact(c)).zip(mean).zip(rstd) {
        let (first, rest) = mean_in_parts(inp);
        *mean = first + rest;
        let (m, r) = (F32x4::splat(first), F32x4::splat(rest));
        map(out, inp, |x| (x - m) - r);
        *rstd = 1.0 / sqrt(dot(out, out) / c as f32 + eps);
        let s = F32x4::splat(*rstd);
        update3(out, weight, bias, |x, w, b| x * s * w + b);
    }
}

/// Gradients of [`layernorm_forward`]. Accumulates (`+=`) into all three outputs.
///
/// * `dinp` (N,C) · `dweight`, `dbias` (C) · `dout`, `inp` (N,C) · `mean`, `rstd` (N) saved by the forward pass
///
/// # Panics
/// If a length disagrees.
#[allow(clippy::too_many_arguments)] // outputs, inputs, saved rows: a struct would only rename them
pub fn layernorm_backward(
    dinp: &mut [f32],
    dweight: &mut [f32],
    dbias: &mut [f32],
    dout: &[f32],
    inp: &[f32],
    weight: &[f32],
    mean: &[f32],
    rstd: &[f32],
) {
    let c = weight.len();
    assert!(dinp.len() == inp.len() && dout.len() == inp.len() && inp.len() == mean.len() * c);
    assert!(rstd.len() == mean.len() && dweight.len() == c && dbias.len() == c);
    let rows = dinp.chunks_exact_mut(c).zip(dout.chunks_exact(c)).zip(inp.chunks_exact(c));
    for (((dinp, dout), inp), (&mean, &rstd)) in rows.zip(mean.iter().zip(rstd)) {
        // With x̂ = (x - mean)·rstd and g = dout·weight: dx = rstd·(g - mean(g) - x̂·mean(g·x̂)).
        let (m, r, s) = (F32x4::splat(mean), F32x4::splat(mean_rest(inp, mean)), F32x4::splat(rstd));
        let hat = |x: F32x4| ((x - m) - r) * s;
        let a = F32x4::splat(dot(dout, weight) / c as f32);
        let b = F32x4::splat(sum3(dout, weight, inp, |d, w, x| (d * w) * hat(x)) / c as f32);
        update4(dinp, dout, weight, inp, |old, d, w, x| old + (d * w - a - hat(x) * b) * s);
        update3(dweight, dout, inp, |old, d, x| old + d * hat(x));
        update2(dbias, dout, |old, d| old + d);
    }
}

/// One row of RMSNorm; returns 1 / sqrt(mean(x²) + eps).
#[inline(always)]
pub(super) fn rms_row(out: &mut [f32], inp: &[f32], gain: Option<&[f32]>, eps: f32) -> f32 {
    let rstd = 1.0 / sqrt(dot(inp, inp) / inp.len() as f32 + eps);
    let s = F32x4::splat(rstd);
    match gain {
        Some(gain) => map2(out, inp, gain, |x, w| x * s * w),
        None => map(out, inp, |x| x * s),
    }
    rstd
}

/// Gradient of one row of RMSNorm: set in `dinp`, or added when `ADD`; accumulates into `dgain`.
#[inline(always)]
pub(super) fn rms_row_backward<const ADD: bool>(
    dinp: &mut [f32],
    dgain: Option<&mut [f32]>,
    dout: &[f32],
    inp: &[f32],
    gain: Option<&[f32]>,
    rstd: f32,
) {
    // With x̂ = x·rstd and g = dout·gain: dx = rstd·(g - x̂·mean(g·x̂)).
    let n = inp.len() as f32;
    let s = F32x4::splat(rstd);
    let dx = |mean: f32| {
        let mean = F32x4::splat(mean);
        move |g: F32x4, x: F32x4| (g - (x * s) * mean) * s
    };
    match gain {
        Some(gain) => {
            let dx = dx(sum3(dout, gain, inp, |d, w, x| (d * w) * (x * s)) / n);
            if ADD {
                update4(dinp, dout, gain, inp, |old, d, w, x| old + dx(d * w, x));
            } else {
                map3(dinp, dout, gain, inp, |d, w, x| dx(d * w, x));
            }
        }
        None => {
            let dx = dx(sum2(dout, inp, |d, x| d * (x * s)) / n);
            if ADD {
                update3(dinp, dout, inp, |old, d, x| old + dx(d, x));
            } else {
                map2(dinp, dout, inp, dx);
            }
        }
    }
    if let Some(dgain) = dgain {
        update3(dgain, dout, inp, |old, d, x| old + d * (x * s));
    }
}

/// `out = inp / sqrt(mean(inp²) + eps) · gain`; without a gain, that of all ones.
///
/// * `out`, `inp` (N,C) · `gain` (C) · `rstd` (N) for the backward pass
///
/// # Panics
/// If a length disagrees.
pub fn rmsnorm_forward(out: &mut [f32], rstd: &mut [f32], inp: &[f32], gain: Option<&[f32]>, eps: f32) {
    if rstd.is_empty() {
        return;
    }
    let c = inp.len() / rstd.len();
    assert!(out.len() == inp.len() && inp.len() == rstd.len() * c && gain.is_none_or(|g| g.len() == c));
    for ((out, inp), rstd) in out.chunks_exact_mut(c).zip(inp.chunks_exact(c)).zip(rstd) {
        *rstd = rms_row(out, inp, gain, eps);
    }
}

/// Gradients of [`rmsnorm_forward`]. Accumulates (`+=`) into both outputs.
///
/// * `dinp`, `dout`, `inp` (N,C) · `dgain`, `gain` (C) · `rstd` (N) saved by the forward pass
///
/// # Panics
/// If a length disagrees.
pub fn rmsnorm_backward(
    dinp: &mut [f32],
    mut dgain: Option<&mut [f32]>,
    dout: &[f32],
    inp: &[f32],
    gain: Option<&[f32]>,
    rstd: &[f32],
) {
    if rstd.is_empty() {
        return;
    }
    let c = inp.len() / rstd.len();
    assert!(dinp.len() == inp.len() && dout.len() == inp.len() && inp.len() == rstd.len() * c);
    let rows = dinp.chunks_exact_mut(c).zip(dout.chunks_exact(c)).zip(inp.chunks_exact(c));
    for (((dinp, dout), inp), &rstd) in rows.zip(rstd) {
        rms_row_backward::<true>(dinp, dgain.as_deref_mut(), dout, inp, gain, rstd);
    }
}
