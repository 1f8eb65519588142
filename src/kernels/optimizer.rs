//! Updates of parameters from gradients, one pass over memory each, and the average of weights.
//! Sources: Loshchilov and Hutter 2017, arXiv:1711.05101 (AdamW); Chen et al. 2023, arXiv:2302.06675 (Lion).

use super::lanes::F32x4;
use super::loops::{padded, put, update2, update3};

/// AdamW with bias correction.
#[derive(Debug, Clone, Copy)]
pub struct AdamW {
    /// Learning rate.
    pub lr: f32,
    /// Decay of the first moment.
    pub beta1: f32,
    /// Decay of the second moment.
    pub beta2: f32,
    /// Added to the root of the second moment.
    pub eps: f32,
    /// Decoupled weight decay.
    pub weight_decay: f32,
}

impl AdamW {
    /// One update. `step` counts from 1; every gradient is multiplied by `grad_scale` first (clipping).
    ///
    /// # Panics
    /// If a length disagrees.
    pub fn step(&self, p: &mut [f32], g: &[f32], m: &mut [f32], v: &mut [f32], step: u64, grad_scale: f32) {
        assert!(p.len() == g.len() && g.len() == m.len() && m.len() == v.len(), "AdamW lengths");
        let s = F32x4::splat;
        let correction = |beta: f32| 1.0 - libm::pow(f64::from(beta), step as f64);
        // lr/c1 · m / (√v/√c2 + eps) = lr·√c2/c1 · m / (√v + eps·√c2): one division an element less.
        let root = libm::sqrt(correction(self.beta2));
        let rate = s((f64::from(self.lr) * root / correction(self.beta1)) as f32);
        let eps = s((f64::from(self.eps) * root) as f32);
        let keep = s((1.0 - f64::from(self.lr) * f64::from(self.weight_decay)) as f32);
        let (b1, b2) = (s(self.beta1), s(self.beta2));
        let (n1, n2) = (s((1.0 - f64::from(self.beta1)) as f32), s((1.0 - f64::from(self.beta2)) as f32));
        let clip = s(grad_scale);
        let update = |p: F32x4, g: F32x4, m: F32x4, v: F32x4| {
            let g = g * clip;
            let m = b1 * m + n1 * g;
            let v = b2 * v + n2 * (g * g);
            (p * keep - rate * m / (v.sqrt() + eps), m, v)
        };
        let (p4, p_rest) = p.as_chunks_mut::<4>();
        let (g4, g_rest) = g.as_chunks::<4>();
        let (m4, m_rest) = m.as_chunks_mut::<4>();
        let (v4, v_rest) = v.as_chunks_mut::<4>();
        for (((p, g), m), v) in p4.iter_mut().zip(g4).zip(m4).zip(v4) {
            let (a, b, c) = update(F32x4::load(p), F32x4::load(g), F32x4::load(m), F32x4::load(v));
            (*p, *m, *v) = (a.to_array(), b.to_array(), c.to_array());
        }
        let load = |x: &[f32]| F32x4::load(&padded(x, 0.0));
        let (a, b, c) = update(load(p_rest), load(g_rest), load(m_rest), load(v_rest));
        put(p_rest, a.to_array());
        put(m_rest, b.to_array());
        put(v_rest, c.to_array());
    }
}

/// Lion: the sign of an interpolated momentum.
#[derive(Debug, Clone, Copy)]
pub struct Lion {
    /// Learning rate.
    pub lr: f32,
    /// Interpolation for the direction.
    pub beta1: f32,
    /// Decay of the momentum.
    pub beta2: f32,
    /// Decoupled weight decay.
    pub weight_decay: f32,
}

impl Lion {
    /// One update; every gradient is multiplied by `grad_scale` first (clipping). The sign of 0 is 0.
    ///
    /// # Panics
    /// If a length disagrees.
    pub fn step(&self, p: &mut [f32], g: &[f32], m: &mut [f32], grad_scale: f32) {
        assert!(p.len() == g.len() && g.len() == m.len(), "Lion lengths");
        let s = F32x4::splat;
        let keep = s((1.0 - f64::from(self.lr) * f64::from(self.weight_decay)) as f32);
        let (n1, n2) = (s((1.0 - f64::from(self.beta1)) as f32), s((1.0 - f64::from(self.beta2)) as f32));
        let (b1, b2, rate, clip) = (s(self.beta1), s(self.beta2), s(self.lr), s(grad_scale));
        // The direction needs the old momentum: the parameters first.
        update3(p, g, m, |p, g, m| p * keep - rate * (b1 * m + n1 * (g * clip)).sign());
        update2(m, g, |m, g| b2 * m + n2 * (g * clip));
    }
}

/// Average of the weights after step `n` = 1, 2, …: `avg += (p - avg) · 8 / (n + 8)`.
///
/// # Panics
/// If a length disagrees.
pub fn average(avg: &mut [f32], p: &[f32], n: u64) {
    let share = F32x4::splat((8.0 / (n as f64 + 8.0)) as f32);
    update2(avg, p, |a, p| a + (p - a) * share);
}

/// Σ g² in f64: four running sums over every fourth element, then (0 + 2) + (1 + 3), then the last elements in order.
pub fn norm_squared(g: &[f32]) -> f64 {
    let (fours, rest) = g.as_chunks::<4>();
    let square = |x: f32| f64::from(x) * f64::from(x);
    let [a, b, c, d] = fours
        .iter()
        .fold([0.0; 4], |s, x| [s[0] + square(x[0]), s[1] + square(x[1]), s[2] + square(x[2]), s[3] + square(x[3])]);
    rest.iter().fold((a + c) + (b + d), |sum, &x| sum + square(x))
}
