//! Cross-entropy over the vocabulary, fused with its gradient, and the soft cap on logits.
//! Source of the cap: Gemma Team 2024, arXiv:2408.00118, section 2.

use super::elementwise::{exp_and_sum, max, scale};
use super::lanes::F32x4;
use super::loops::{padded, update, update2};
use super::math::{exp4, ln, tanh4};

/// A target that does not count.
pub const IGNORE: u32 = u32::MAX;

/// `losses` (N) = `-ln softmax(logits)[target]` in nats, `logits` (N,V); 0 where the target is [`IGNORE`].
///
/// # Panics
/// If a target is not below V or a length disagrees.
pub fn cross_entropy(losses: &mut [f32], logits: &[f32], targets: &[u32]) {
    let v = row_length(losses, logits.len(), targets);
    for ((loss, row), &target) in losses.iter_mut().zip(logits.chunks_exact(v)).zip(targets) {
        if target == IGNORE {
            *loss = 0.0;
            continue;
        }
        let most = max(row);
        *loss = ln(sum_of_exp(row, most)) + (most - row[target as usize]);
    }
}

/// Turns `logits` (N,V) into their gradient `weight_n · (softmax - onehot)`, 0 where the target is [`IGNORE`];
/// fills `losses` as [`cross_entropy`] does. `weights` (N) is the derivative of the objective by each loss.
///
/// # Panics
/// If a target is not below V or a length disagrees.
pub fn cross_entropy_backward(logits: &mut [f32], losses: &mut [f32], targets: &[u32], weights: &[f32]) {
    let v = row_length(losses, logits.len(), targets);
    assert_eq!(weights.len(), targets.len(), "one weight a target");
    let rows = logits.chunks_exact_mut(v).zip(losses).zip(targets).zip(weights);
    for (((row, loss), &target), &weight) in rows {
        if target == IGNORE {
            *loss = 0.0;
            row.fill(0.0);
            continue;
        }
        let most = max(row);
        let at_target = row[target as usize];
        let total = exp_and_sum(row, 1.0, most);
        *loss = ln(total) + (most - at_target);
        scale(row, weight / total);
        row[target as usize] -= weight;
    }
}

/// Σ exp(x - `shift`) of a row, with the bits of `exp_and_sum`.
#[inline(always)]
pub(super) fn sum_of_exp(row: &[f32], shift: f32) -> f32 {
    let s = F32x4::splat(shift);
    let (fours, rest) = row.as_chunks::<4>();
    let total = fours.iter().fold(F32x4::splat(0.0), |t, x| t + exp4(F32x4::load(x) - s));
    (total + exp4(F32x4::load(&padded(rest, f32::NEG_INFINITY)) - s)).sum()
}

fn row_length(losses: &[f32], logits: usize, targets: &[u32]) -> usize {
    assert_eq!(losses.len(), targets.len(), "one loss a target");
    let v = logits / targets.len().max(1);
    assert_eq!(logits, v * targets.len(), "one row of logits a target");
    v.max(1)
}

/// `x = cap · tanh(x / cap)`, in place.
pub fn softcap_forward(x: &mut [f32], cap: f32) {
    let (c, inverse) = (F32x4::splat(cap), F32x4::splat(1.0 / cap));
    update(x, |x| c * tanh4(x * inverse));
}

/// Gradient of [`softcap_forward`] in place, from its output `y`: dx *= 1 - (y / cap)².
pub fn softcap_backward(dx: &mut [f32], y: &[f32], cap: f32) {
    let inverse = F32x4::splat(1.0 / cap);
    update2(dx, y, |d, y| d * (F32x4::splat(1.0) - (y * inverse) * (y * inverse)));
}
