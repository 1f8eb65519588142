//! Twin of `attention` over dense q (B,Tq,H,D) and k, v (B,Tk,K,D).

use super::rows::softmax;
use crate::kernels::attention::Dims;
use alloc::vec;
use alloc::vec::Vec;

/// What a query sees: its first key, and the slope of its head.
pub struct Sight {
    /// (B, q_time).
    pub first: Vec<usize>,
    /// (H).
    pub slopes: Vec<f64>,
}

impl Sight {
    /// All keys up to the query's own, no bias.
    pub fn causal(d: &Dims) -> Self {
        Self { first: vec![0; d.batch * d.q_time], slopes: vec![0.0; d.heads] }
    }
}

/// Index of (b, t, head, 0) in a dense buffer.
fn at(b: usize, t: usize, head: usize, time: usize, heads: usize, d: &Dims) -> usize {
    ((b * time + t) * heads + head) * d.head_dim
}

/// Calls `f(b, h, i, q, kv)` for every query: q and out index of the query's head, and that head's key-value head.
fn each_query(d: &Dims, mut f: impl FnMut(usize, usize, usize, usize, usize)) {
    for b in 0..d.batch {
        for h in 0..d.heads {
            for i in 0..d.q_time {
                f(b, h, i, at(b, i, h, d.q_time, d.heads, d), h * d.kv_heads / d.heads);
            }
        }
    }
}

/// out (B,Tq,H,D) and probs (B,H,Tq,Tk).
pub fn forward(q: &[f64], k: &[f64], v: &[f64], sight: &Sight, d: &Dims) -> (Vec<f64>, Vec<f64>) {
    let mut out = vec![0.0; d.batch * d.q_time * d.heads * d.head_dim];
    let mut probs = vec![0.0; d.batch * d.heads * d.q_time * d.k_time];
    each_query(d, |b, h, i, query, kv| {
        let position = d.k_time - d.q_time + i;
        let first = sight.first[b * d.q_time + i];
        let key = |j| at(b, j, kv, d.k_time, d.kv_heads, d);
        let score = |j: usize| {
            let product: f64 = (0..d.head_dim).map(|x| q[query + x] * k[key(j) + x]).sum();
            product / (d.head_dim as f64).sqrt() - sight.slopes[h] * (position - j) as f64
        };
        let p = softmax(&(first..=position).map(score).collect::<Vec<_>>());
        for (j, p) in (first..=position).zip(p) {
            probs[((b * d.heads + h) * d.q_time + i) * d.k_time + j] = p;
            (0..d.head_dim).for_each(|x| out[query + x] += p * v[key(j) + x]);
        }
    });
    (out, probs)
}

/// dq, dk, dv.
pub fn backward(dout: &[f64], q: &[f64], k: &[f64], v: &[f64], sight: &Sight, d: &Dims) -> [Vec<f64>; 3] {
    let (_, probs) = forward(q, k, v, sight, d);
    let [mut dq, mut dk, mut dv] = [q, k, v].map(|x| vec![0.0; x.len()]);
    let factor = 1.0 / (d.head_dim as f64).sqrt();
    each_query(d, |b, h, i, query, kv| {
        let key = |j| at(b, j, kv, d.k_time, d.kv_heads, d);
        let p = &probs[((b * d.heads + h) * d.q_time + i) * d.k_time..][..d.k_time];
        let dp = |j: usize| (0..d.head_dim).map(|x| dout[query + x] * v[key(j) + x]).sum::<f64>();
        let mean: f64 = (0..d.k_time).map(|j| p[j] * dp(j)).sum();
        for j in 0..d.k_time {
            let ds = p[j] * (dp(j) - mean) * factor;
            for x in 0..d.head_dim {
                dq[query + x] += ds * k[key(j) + x];
                dk[key(j) + x] += ds * q[query + x];
                dv[key(j) + x] += p[j] * dout[query + x];
            }
        }
    });
    [dq, dk, dv]
}
