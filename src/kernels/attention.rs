//! Causal multi-head attention with grouped queries, document starts and linear biases.
//! Sources: Vaswani et al. 2017, arXiv:1706.03762, eq. 1; Ainslie et al. 2023, arXiv:2305.13245 (grouped queries);
//! Press et al. 2021, arXiv:2108.12409 (linear biases).
//!
//! One head is one triangle: every product skips the tiles above its diagonal, nearly half of the work.

use super::elementwise::{exp_and_sum, max, scale};
use super::lanes::F32x4;
use super::loops::{dot, update2};
use super::matmul::{Band, Mat, MatMut, Pack, Write, matmul_band};
use alloc::vec::Vec;

/// Rows of a tile of the products: behind its last visible key, a row must be 0 for that many keys.
const TILE: usize = 4;

/// Sizes. Query i stands at position `k_time - q_time + i` and sees the keys up to that position.
#[derive(Debug, Clone, Copy)]
pub struct Dims {
    /// Sequences, B.
    pub batch: usize,
    /// Queries per sequence.
    pub q_time: usize,
    /// Keys per sequence, at least `q_time`.
    pub k_time: usize,
    /// Query heads, H.
    pub heads: usize,
    /// Key-value heads, K; divides H. Query head h reads key-value head h·K/H.
    pub kv_heads: usize,
    /// Values per head, D.
    pub head_dim: usize,
}

impl Dims {
    /// Position of query 0.
    fn past(&self) -> usize {
        self.k_time - self.q_time
    }

    /// 1 / sqrt(D).
    fn scale(&self) -> f32 {
        1.0 / super::math::sqrt(self.head_dim as f32)
    }

    fn kv_head(&self, head: usize) -> usize {
        head * self.kv_heads / self.heads
    }
}

/// One projection as rows inside a buffer: row (b,t) starts at `(b·T + t) · row_stride + offset`.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    /// The buffer.
    pub data: &'a [f32],
    /// Values from one row to the next.
    pub row_stride: usize,
    /// First value of head 0 in a row.
    pub offset: usize,
}

impl<'a> Rows<'a> {
    /// `rows` rows of one head from row `first` on, as a matrix.
    fn head(&self, first: usize, rows: usize, head: usize, head_dim: usize) -> Mat<'a> {
        let from = first * self.row_stride + self.offset + head * head_dim;
        Mat::strided(&self.data[from..], rows, head_dim, self.row_stride)
    }
}

/// What a query may see beyond the causal rule, and its bias.
#[derive(Clone, Copy, Default)]
pub struct Mask<'a> {
    /// First visible key of each query, (B, q_time); `None` = 0.
    pub visible_from: Option<&'a [u32]>,
    /// Slope of each head, (H): the score of key j at query position i gets `-slope · (i - j)`.
    pub slopes: Option<&'a [f32]>,
}

/// `out` = softmax(q·kᵀ/√D + bias)·v.
///
/// * `out` (B, q_time, H·D) · `probs` (B, H, q_time, k_time), exactly 0 where masked
/// * `q` rows per (B, q_time); `k`, `v` rows per (B, k_time)
///
/// # Panics
/// If a length disagrees.
#[allow(clippy::too_many_arguments)] // outputs, inputs, sizes: a struct would only rename them
pub fn forward(out: &mut [f32], probs: &mut [f32], q: Rows, k: Rows, v: Rows, mask: &Mask, d: &Dims, pack: &mut Pack) {
    let (width, square) = (d.heads * d.head_dim, d.q_time * d.k_time);
    assert_eq!(out.len(), d.batch * d.q_time * width, "attention output");
    assert_eq!(probs.len(), d.batch * d.heads * square, "attention probabilities");
    let (past, factor) = (d.past(), d.scale());
    for b in 0..d.batch {
        let first_keys = mask.visible_from.map(|f| &f[b * d.q_time..][..d.q_time]);
        for h in 0..d.heads {
            let probs = &mut probs[(b * d.heads + h) * square..][..square];
            let queries = q.head(b * d.q_time, d.q_time, h, d.head_dim);
            let keys = k.head(b * d.k_time, d.k_time, d.kv_head(h), d.head_dim);
            let scores = MatMut::new(probs, d.q_time, d.k_time);
            matmul_band(scores, Write::Set, queries, keys.t(), Band::Result { past }, pack);
            let slope = mask.slopes.map(|s| s[h]);
            for (i, row) in probs.chunks_exact_mut(d.k_time).enumerate() {
                let from = first_keys.map_or(0, |f| f[i] as usize).min(past + i);
                softmax_row(row, from, past + i, factor, slope);
            }
            let out = &mut out[b * d.q_time * width + h * d.head_dim..];
            let out = MatMut::strided(out, d.q_time, d.head_dim, width);
            let values = v.head(b * d.k_time, d.k_time, d.kv_head(h), d.head_dim);
            let weights = Mat::new(probs, d.q_time, d.k_time);
            matmul_band(out, Write::Set, weights, values, Band::Rows { past }, pack);
        }
    }
}

/// Softmax over the keys `from..=to` of a row; every other key gets 0.
fn softmax_row(row: &mut [f32], from: usize, to: usize, factor: f32, slope: Option<f32>) {
    let (before, rest) = row.split_at_mut(from);
    let (seen, after) = rest.split_at_mut(to - from + 1);
    before.fill(0.0);
    after.fill(0.0);
    let mut factor = factor;
    if let Some(slope) = slope {
        for (j, x) in seen.iter_mut().enumerate() {
            *x = *x * factor - slope * (to - from - j) as f32;
        }
        factor = 1.0;
    }
    let most = max(seen);
    let total = exp_and_sum(seen, factor, most * factor);
    scale(seen, 1.0 / total);
}

/// Gradients of [`forward`] for q_time = k_time, set.
///
/// * `dqkv` (B, T, (H + 2K)·D): each row is the gradient of q, then of k, then of v
/// * `scratch` any; grows once · `dout` (B, T, H·D) · `probs`, `q`, `k`, `v` as in the forward pass
///
/// # Panics
/// If a length disagrees.
#[allow(clippy::too_many_arguments)] // outputs, inputs, sizes: a struct would only rename them
pub fn backward(
    dqkv: &mut [f32],
    scratch: &mut Vec<f32>,
    dout: &[f32],
    probs: &[f32],
    q: Rows,
    k: Rows,
    v: Rows,
    d: &Dims,
    pack: &mut Pack,
) {
    assert_eq!(d.q_time, d.k_time, "the backward pass sees whole sequences");
    let (time, width, square) = (d.k_time, d.heads * d.head_dim, d.q_time * d.k_time);
    let row = (d.heads + 2 * d.kv_heads) * d.head_dim;
    assert_eq!(dqkv.len(), d.batch * time * row, "gradient of q, k and v");
    dqkv.fill(0.0);
    if scratch.len() < square {
        scratch.resize(square, 0.0);
    }
    let (dscores, rows, columns) = (&mut scratch[..square], Band::Rows { past: 0 }, Band::Columns { past: 0 });
    for b in 0..d.batch {
        for h in 0..d.heads {
            let kv = d.kv_head(h);
            let probs = &probs[(b * d.heads + h) * square..][..square];
            let dout = Mat::strided(&dout[b * time * width + h * d.head_dim..], time, d.head_dim, width);
            let queries = q.head(b * time, time, h, d.head_dim);
            let keys = k.head(b * time, time, kv, d.head_dim);
            let values = v.head(b * time, time, kv, d.head_dim);
            matmul_band(MatMut::new(dscores, time, time), Write::Set, dout, values.t(), Band::Result { past: 0 }, pack);
            for (i, (dscores, probs)) in dscores.chunks_exact_mut(time).zip(probs.chunks_exact(time)).enumerate() {
                softmax_row_backward(&mut dscores[..=i], &probs[..=i], d.scale());
                dscores[i + 1..time.min(i + TILE)].fill(0.0);
            }
            let dscores = Mat::new(dscores, time, time);
            let mut add = |column: usize, a, x, band| {
                let into = &mut dqkv[b * time * row + column * d.head_dim..];
                matmul_band(MatMut::strided(into, time, d.head_dim, row), Write::Add, a, x, band, pack);
            };
            add(h, dscores, keys, rows);
            add(d.heads + kv, dscores.t(), queries, columns);
            add(d.heads + d.kv_heads + kv, Mat::new(probs, time, time).t(), dout, columns);
        }
    }
}

/// `dprobs` becomes the gradient of the unscaled scores: p · (dp - Σ p·dp) · scale. Masked keys have p = 0 and get 0.
fn softmax_row_backward(dprobs: &mut [f32], probs: &[f32], scale: f32) {
    let sum = F32x4::splat(dot(dprobs, probs));
    let s = F32x4::splat(scale);
    update2(dprobs, probs, |d, p| p * (d - sum) * s);
}
