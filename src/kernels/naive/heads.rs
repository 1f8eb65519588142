//! Twins of `heads` and `rope`: the columns of one projection inside rows of a fused buffer.

use super::rows;
use crate::kernels::heads::HeadRows;
use alloc::vec::Vec;

/// Where element d of head h of row r lies.
fn at(a: &HeadRows, r: usize, h: usize, d: usize) -> usize {
    r * a.row_stride + a.offset + h * a.head_dim + d
}

/// Every head of the projection, one after the other, rows first: (rows·heads, D).
pub fn gather(x: &[f64], a: &HeadRows) -> Vec<f64> {
    let mut out = Vec::new();
    for r in 0..a.rows {
        for h in 0..a.heads {
            out.extend((0..a.head_dim).map(|d| x[at(a, r, h, d)]));
        }
    }
    out
}

/// `x` with the projection's columns replaced by `heads`.
pub fn scatter(x: &[f64], heads: &[f64], a: &HeadRows) -> Vec<f64> {
    let mut out = x.to_vec();
    for (n, value) in heads.iter().enumerate() {
        let (head, d) = (n / a.head_dim, n % a.head_dim);
        out[at(a, head / a.heads, head % a.heads, d)] = *value;
    }
    out
}

/// RMSNorm of every head; y (whole buffer, other columns as in `out`), rstd.
pub fn norm(out: &[f64], x: &[f64], a: &HeadRows, gain: &[f64], eps: f64) -> (Vec<f64>, Vec<f64>) {
    let (y, rstd) = rows::rmsnorm(&gather(x, a), gain, eps);
    (scatter(out, &y, a), rstd)
}

/// Rotation by `sign` · position · θ^(-2i/D), angles in f64.
pub fn rotate(x: &[f64], a: &HeadRows, theta: f64, start: usize, sign: f64) -> Vec<f64> {
    let (mut y, half) = (x.to_vec(), a.head_dim / 2);
    for r in 0..a.rows {
        for h in 0..a.heads {
            for i in 0..half {
                let position = (start + r % a.time) as f64;
                let angle = sign * position * theta.powf(-2.0 * i as f64 / a.head_dim as f64);
                let (p, q) = (at(a, r, h, i), at(a, r, h, i + half));
                y[p] = x[p] * angle.cos() - x[q] * angle.sin();
                y[q] = x[q] * angle.cos() + x[p] * angle.sin();
            }
        }
    }
    y
}
