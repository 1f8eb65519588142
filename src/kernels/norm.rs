//! Normalisation over the last dimension: LayerNorm and RMSNorm. Knows nothing of layers or batches: N rows of C.
//! Sources: Ba et al. 2016, arXiv:1607.06450, eq. 4; Zhang and Sennrich 2019, arXiv:1910.07467, eq. 4.

use super::lanes::{self, F32x4};

/// Sum of a row in the fixed order of [`lanes::sum2`].
fn sum(x: &[f32]) -> f32 {
    lanes::sum2(x, x, |x, _| x)
}

/// Mean of `x - mean`: what rounding left of the mean. Without it, rows far from 0 lose the digits of their variance.
fn mean_rest(x: &[f32], mean: f32) -> f32 {
    let (chunks, rest) = x.as_chunks::<4>();
    let m = F32x4::splat(mean);
    let sum = chunks.iter().fold(F32x4::splat(0.0), |s, c| s + (F32x4::load(c) - m)).sum();
    rest.iter().fold(sum, |s, &x| s + (x - mean)) / x.len() as f32
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
        let first = sum(inp) / c as f32;
        let rest = mean_rest(inp, first);
        *mean = first + rest;
        lanes::map(out, inp, |x| x - F32x4::splat(first) - F32x4::splat(rest));
        *rstd = 1.0 / libm::sqrtf(lanes::dot(out, out) / c as f32 + eps);
        let s = F32x4::splat(*rstd);
        lanes::update2(out, weight, |x, w| x * s * w);
        lanes::update2(out, bias, |x, b| x + b);
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
        let g_mean = lanes::dot(dout, weight) / c as f32;
        let (m, r, s) = (F32x4::splat(mean), F32x4::splat(mean_rest(inp, mean)), F32x4::splat(rstd));
        let mut g_hat = 0.0;
        for ((d, x), w) in dout.chunks(4).zip(inp.chunks(4)).zip(weight.chunks(4)) {
            let g = F32x4::load(&lanes::padded(d)) * F32x4::load(&lanes::padded(w));
            g_hat += (g * ((F32x4::load(&lanes::padded(x)) - m - r) * s)).sum();
        }
        let (a, b) = (F32x4::splat(g_mean), F32x4::splat(g_hat / c as f32));
        for (((di, d), x), w) in dinp.chunks_mut(4).zip(dout.chunks(4)).zip(inp.chunks(4)).zip(weight.chunks(4)) {
            let g = F32x4::load(&lanes::padded(d)) * F32x4::load(&lanes::padded(w));
            let hat = (F32x4::load(&lanes::padded(x)) - m - r) * s;
            lanes::update2(di, &((g - a - hat * b) * s).to_array()[..d.len()], |old, new| old + new);
        }
        for ((dw, d), x) in dweight.chunks_mut(4).zip(dout.chunks(4)).zip(inp.chunks(4)) {
            let hat = (F32x4::load(&lanes::padded(x)) - m - r) * s;
            let gradient = F32x4::load(&lanes::padded(d)) * hat;
            lanes::update2(dw, &gradient.to_array()[..d.len()], |old, new| old + new);
        }
        lanes::update2(dbias, dout, |old, d| old + d);
    }
}

/// One row of RMSNorm; returns 1 / sqrt(mean(x²) + eps).
#[inline]
pub(super) fn rms_row(out: &mut [f32], inp: &[f32], gain: Option<&[f32]>, eps: f32) -> f32 {
    let rstd = 1.0 / libm::sqrtf(lanes::dot(inp, inp) / inp.len() as f32 + eps);
    let s = F32x4::splat(rstd);
    match gain {
        Some(gain) => lanes::map2(out, inp, gain, |x, w| x * s * w),
        None => lanes::map(out, inp, |x| x * s),
    }
    rstd
}

/// Gradient of one row of RMSNorm, added to or written into `dinp` through `write`; accumulates into `dgain`.
#[inline]
pub(super) fn rms_row_backward(
    dinp: &mut [f32],
    dgain: Option<&mut [f32]>,
    dout: &[f32],
    inp: &[f32],
    gain: Option<&[f32]>,
    rstd: f32,
    add: bool,
) {
    // With x̂ = x·rstd and g = dout·gain: dx = rstd·(g - x̂·mean(g·x̂)).
    let n = inp.len() as f32;
    let s = F32x4::splat(rstd);
    let one = [1.0f32; 4];
    let gains = |at: usize, len: usize| match gain {
        Some(gain) => F32x4::load(&lanes::padded(&gain[at..at + len])),
        None => F32x4::load(&one),
    };
    let mut sums = F32x4::splat(0.0);
    for (i, (d, x)) in dout.chunks(4).zip(inp.chunks(4)).enumerate() {
        let g = F32x4::load(&lanes::padded(d)) * gains(i * 4, d.len());
        sums = sums + g * (F32x4::load(&lanes::padded(x)) * s);
    }
    let mean = F32x4::splat(sums.sum() / n);
    for (i, ((di, d), x)) in dinp.chunks_mut(4).zip(dout.chunks(4)).zip(inp.chunks(4)).enumerate() {
        let g = F32x4::load(&lanes::padded(d)) * gains(i * 4, d.len());
        let dx = ((g - F32x4::load(&lanes::padded(x)) * s * mean) * s).to_array();
        if add {
            di.iter_mut().zip(dx).for_each(|(old, new)| *old += new);
        } else {
            di.iter_mut().zip(dx).for_each(|(old, new)| *old = new);
        }
    }
    if let Some(dgain) = dgain {
        for ((dg, d), x) in dgain.chunks_mut(4).zip(dout.chunks(4)).zip(inp.chunks(4)) {
            let gradient = F32x4::load(&lanes::padded(d)) * (F32x4::load(&lanes::padded(x)) * s);
            dg.iter_mut().zip(gradient.to_array()).for_each(|(old, new)| *old += new);
        }
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
        rms_row_backward(dinp, dgain.as_deref_mut(), dout, inp, gain, rstd, true);
    }
}
