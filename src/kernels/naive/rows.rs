//! Twins of `norm`, `loss`, `embedding`, and of the softmax.

use crate::kernels::loss::IGNORE;
use alloc::vec;
use alloc::vec::Vec;

/// y, mean and rstd of LayerNorm.
pub fn layernorm(x: &[f64], w: &[f64], b: &[f64], eps: f64) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let c = w.len();
    let (mut y, mut means, mut rstds) = (Vec::new(), Vec::new(), Vec::new());
    for row in x.chunks(c) {
        let mean = row.iter().sum::<f64>() / c as f64;
        let variance = row.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / c as f64;
        let rstd = 1.0 / (variance + eps).sqrt();
        y.extend((0..c).map(|i| (row[i] - mean) * rstd * w[i] + b[i]));
        means.push(mean);
        rstds.push(rstd);
    }
    (y, means, rstds)
}

/// dx, dw, db of LayerNorm.
pub fn layernorm_backward(dy: &[f64], x: &[f64], w: &[f64], eps: f64) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let c = w.len();
    let (_, means, rstds) = layernorm(x, w, &vec![0.0; c], eps);
    let (mut dx, mut dw, mut db) = (Vec::new(), vec![0.0; c], vec![0.0; c]);
    for (r, row) in x.chunks(c).enumerate() {
        let hat: Vec<f64> = row.iter().map(|x| (x - means[r]) * rstds[r]).collect();
        let g: Vec<f64> = (0..c).map(|i| dy[r * c + i] * w[i]).collect();
        let g_mean = g.iter().sum::<f64>() / c as f64;
        let g_hat = (0..c).map(|i| g[i] * hat[i]).sum::<f64>() / c as f64;
        for i in 0..c {
            dx.push(rstds[r] * (g[i] - g_mean - hat[i] * g_hat));
            dw[i] += dy[r * c + i] * hat[i];
            db[i] += dy[r * c + i];
        }
    }
    (dx, dw, db)
}

/// y and rstd of RMSNorm.
pub fn rmsnorm(x: &[f64], gain: &[f64], eps: f64) -> (Vec<f64>, Vec<f64>) {
    let c = gain.len();
    let rstd = |row: &[f64]| 1.0 / (row.iter().map(|x| x * x).sum::<f64>() / c as f64 + eps).sqrt();
    let y = x.chunks(c).flat_map(|row| {
        let s = rstd(row);
        (0..c).map(move |i| row[i] * s * gain[i])
    });
    (y.collect(), x.chunks(c).map(rstd).collect())
}

/// dx and dgain of RMSNorm.
pub fn rmsnorm_backward(dy: &[f64], x: &[f64], gain: &[f64], eps: f64) -> (Vec<f64>, Vec<f64>) {
    let c = gain.len();
    let (_, rstds) = rmsnorm(x, gain, eps);
    let (mut dx, mut dgain) = (Vec::new(), vec![0.0; c]);
    for (r, row) in x.chunks(c).enumerate() {
        let s = rstds[r];
        let mean = (0..c).map(|i| dy[r * c + i] * gain[i] * row[i] * s).sum::<f64>() / c as f64;
        for i in 0..c {
            dx.push(s * (dy[r * c + i] * gain[i] - row[i] * s * mean));
            dgain[i] += dy[r * c + i] * row[i] * s;
        }
    }
    (dx, dgain)
}

/// Softmax of one row.
pub fn softmax(row: &[f64]) -> Vec<f64> {
    let most = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = row.iter().map(|x| (x - most).exp()).sum();
    row.iter().map(|x| (x - most).exp() / total).collect()
}

/// -ln softmax at the target, a row each; 0 where ignored.
pub fn cross_entropy(logits: &[f64], targets: &[u32]) -> Vec<f64> {
    let v = logits.len() / targets.len();
    let loss = |(row, &t): (&[f64], &u32)| if t == IGNORE { 0.0 } else { -softmax(row)[t as usize].ln() };
    logits.chunks(v).zip(targets).map(loss).collect()
}

/// Gradient of Σ `weights`·`cross_entropy`.
pub fn cross_entropy_backward(logits: &[f64], targets: &[u32], weights: &[f64]) -> Vec<f64> {
    let v = logits.len() / targets.len();
    let mut out = Vec::new();
    for (n, row) in logits.chunks(v).enumerate() {
        let weight = if targets[n] == IGNORE { 0.0 } else { weights[n] };
        let hot = |i: usize| if i == targets[n] as usize { 1.0 } else { 0.0 };
        out.extend(softmax(row).iter().enumerate().map(|(i, p)| weight * (p - hot(i))));
    }
    out
}
