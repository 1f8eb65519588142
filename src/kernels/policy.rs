//! Log-probabilities of a policy and its divergence from another one, over the whole vocabulary, with the gradient of any
//! objective of both. Knows nothing of rewards: N rows of V logits in, their gradient out.
//! Source of the divergence: Kullback and Leibler 1951, DOI 10.1214/aoms/1177729694, eq. 2.4.

use super::elementwise::{exp_and_sum, max, scale};
use super::lanes::F32x4;
use super::loops::update2;
use super::loss::{IGNORE, sum_of_exp};
use super::math::ln;

/// What two policies say at one place of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// ln p(target).
    pub log_prob: f64,
    /// ln q(target).
    pub reference_log_prob: f64,
    /// Σ p·ln(p/q) over the vocabulary, in nats; never negative.
    pub divergence: f64,
}

/// Derivatives of an objective at one place.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Slopes {
    /// By the log-probability of the target.
    pub log_prob: f32,
    /// By the divergence.
    pub divergence: f32,
}

/// Turns `logits` (N,V) of p = softmax(logits / temperature) into the gradient of an objective whose derivatives
/// `objective(n, place)` gives; 0 where the target is [`IGNORE`].
///
/// `reference` (N,V): logits of q at the same temperature, used up as room.
///
/// # Panics
/// If a target is not below V or a length disagrees.
pub fn policy_backward(
    logits: &mut [f32],
    reference: &mut [f32],
    targets: &[u32],
    temperature: f32,
    mut objective: impl FnMut(usize, Place) -> Slopes,
) {
    let v = (logits.len() / targets.len().max(1)).max(1);
    assert!(logits.len() == v * targets.len() && reference.len() == logits.len(), "a row of logits a target");
    let inverse = 1.0 / temperature;
    let rows = logits.chunks_exact_mut(v).zip(reference.chunks_exact_mut(v)).zip(targets);
    for (n, ((p, q), &target)) in rows.enumerate() {
        if target == IGNORE {
            p.fill(0.0);
            continue;
        }
        let place = compare(p, q, target as usize, inverse);
        let slopes = objective(n, place);
        // d ln p_t / dz = (onehot - p) / T; d KL / dz = p·(ln(p/q) - KL) / T.
        let (a, b) = (slopes.divergence * inverse, slopes.log_prob * inverse);
        let (a4, b4) = (F32x4::splat(a), F32x4::splat(b));
        let mean = F32x4::splat(place.divergence as f32);
        update2(p, q, |p, difference| p * ((difference - mean) * a4 - b4));
        p[target as usize] += b;
    }
}

/// Leaves the probabilities in `p` and ln(p/q) in `q`.
fn compare(p: &mut [f32], q: &mut [f32], target: usize, inverse: f32) -> Place {
    scale(p, inverse);
    scale(q, inverse);
    let (most, q_most) = (max(p), max(q));
    let log_total = ln(sum_of_exp(p, most));
    let q_log_total = ln(sum_of_exp(q, q_most));
    let log_prob = -(log_total + (most - p[target]));
    let reference_log_prob = -(q_log_total + (q_most - q[target]));
    let (shift, q_shift) = (F32x4::splat(most), F32x4::splat(q_most));
    let totals = F32x4::splat(log_total - q_log_total);
    update2(q, p, |q, p| ((p - shift) - (q - q_shift)) - totals);
    let total = exp_and_sum(p, 1.0, most);
    scale(p, 1.0 / total);
    let divergence: f64 = p.iter().zip(&*q).map(|(&p, &d)| f64::from(p) * f64::from(d)).sum();
    Place {
        log_prob: f64::from(log_prob),
        reference_log_prob: f64::from(reference_log_prob),
        // Rounding may leave -1e-8 where both agree.
        divergence: divergence.max(0.0),
    }
}
