//! Updates of parameters from gradients, one pass over memory each, and the average of weights.
//! Sources: Loshchilov and Hutter 2017, arXiv:1711.05101 (AdamW); Chen et al. 2023, arXiv:2302.06675 (Lion).

use super::lanes::{self, F32x4};

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
        let rate = s((f64::from(self.lr) / correction(self.beta1)) as f32);
        let root = s(libm::sqrt(correction(self.beta2)) as f32);
        let keep = s((1.0 - f64::from(self.lr) * f64::from(self.weight_decay)) as f32);
        let (b1, b2) = (s(self.beta1), s(self.beta2));
        let (n1, n2) = (s((1.0 - f64::from(self.beta1)) as f32), s((1.0 - f64::from(self.beta2)) as f32));
        let (eps, clip) = (s(self.eps), s(grad_scale));
        let update = |p: F32x4, g: F32x4, m: F32x4, v: F32x4| {
            let g = g * clip;
            let m = b1 * m + n1 * g;
            let v = b2 * v + n2 * (g * g);
            (p * keep - rate * m / (v.sqrt() / root + eps), m, v)
        };
        let (p4, p_rest) = p.as_chunks_mut::<4>();
        let (g4, g_rest) = g.as_chunks::<4>();
        let (m4, m_rest) = m.as_chunks_mut::<4>();
        let (v4, v_rest) = v.as_chunks_mut::<4>();
        for (((p, g), m), v) in p4.iter_mut().zip(g4).zip(m4).zip(v4) {
            let (a, b, c) = update(F32x4::load(p), F32x4::load(g), F32x4::load(m), F32x4::load(v));
            (*p, *m, *v) = (a.to_array(), b.to_array(), c.to_array());
        }
        let load = |x: &[f32]| F32x4::load(&lanes::padded(x));
        let (a, b, c) = update(load(p_rest), load(g_rest), load(m_rest), load(v_rest));
        let n = g_rest.len();
        p_rest.copy_from_slice(&a.to_array()[..n]);
        m_rest.copy_from_slice(&b.to_array()[..n]);
        v_rest.copy_from_slice(&c.to_array()[..n]);
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
        let keep = (1.0 - f64::from(self.lr) * f64::from(self.weight_decay)) as f32;
        let (n1, n2) = ((1.0 - f64::from(self.beta1)) as f32, (1.0 - f64::from(self.beta2)) as f32);
        for ((p, &g), m) in p.iter_mut().zip(g).zip(m) {
            let g = g * grad_scale;
            let direction = self.beta1 * *m + n1 * g;
            let sign = f32::from(u8::from(direction > 0.0)) - f32::from(u8::from(direction < 0.0));
            *p = *p * keep - self.lr * sign;
            *m = self.beta2 * *m + n2 * g;
        }
    }
}

/// Average of the weights after step `n` = 1, 2, …: `avg += (p - avg) · 8 / (n + 8)`.
///
/// # Panics
/// If a length disagrees.
pub fn average(avg: &mut [f32], p: &[f32], n: u64) {
    let share = F32x4::splat((8.0 / (n as f64 + 8.0)) as f32);
    lanes::update2(avg, p, |a, p| a + (p - a) * share);
}

/// Σ g² in f64, element after element.
pub fn norm_squared(g: &[f32]) -> f64 {
    g.iter().fold(0.0, |sum, &x| sum + f64::from(x) * f64::from(x))
}
