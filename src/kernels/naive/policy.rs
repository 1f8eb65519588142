//! Twin of `policy`.

use alloc::vec::Vec;

/// ln softmax(z / t).
fn log_softmax(z: &[f64], t: f64) -> Vec<f64> {
    let most = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = z.iter().map(|z| ((z - most) / t).exp()).sum();
    z.iter().map(|z| (z - most) / t - total.ln()).collect()
}

/// ln p(target), ln q(target) and the divergence of p from q, of one row.
pub fn place(z: &[f64], reference: &[f64], target: usize, t: f64) -> [f64; 3] {
    let (p, q) = (log_softmax(z, t), log_softmax(reference, t));
    let divergence = p.iter().zip(&q).map(|(p, q)| p.exp() * (p - q)).sum();
    [p[target], q[target], divergence]
}

/// Gradient by the row's logits of `by_log_prob` · ln p(target) + `by_divergence` · KL.
pub fn backward(z: &[f64], reference: &[f64], target: usize, t: f64, slopes: [f64; 2]) -> Vec<f64> {
    let (p, q) = (log_softmax(z, t), log_softmax(reference, t));
    let [_, _, divergence] = place(z, reference, target, t);
    let of = |i: usize| {
        let onehot = f64::from(u8::from(i == target));
        (slopes[0] * (onehot - p[i].exp()) + slopes[1] * p[i].exp() * (p[i] - q[i] - divergence)) / t
    };
    (0..z.len()).map(of).collect()
}
