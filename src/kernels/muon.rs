//! Muon: momentum whose matrices are made nearly orthogonal before they change the weights.
//! Source: Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks"; the scale that lets it share
//! AdamW's learning rate is that of Liu et al. 2025, arXiv:2502.16982, eq. 4.

use super::elementwise;
use super::loops::update2;
use super::matmul::{Mat, MatMut, Pack, Write, matmul};
use super::{lanes::F32x4, optimizer::norm_squared};
use alloc::vec;
use alloc::vec::Vec;

/// The polynomial of one Newton-Schulz iteration, a x + b x³ + c x⁵: it lifts small singular values fastest.
const COEFFICIENTS: [f32; 3] = [3.4445, -4.775, 2.0315];
const LEAST_NORM: f64 = 1e-7;

/// Muon for matrices; everything else wants another rule.
#[derive(Debug, Clone, Copy)]
pub struct Muon {
    /// Learning rate.
    pub lr: f32,
    /// Decay of the momentum.
    pub momentum: f32,
    /// Decoupled weight decay.
    pub weight_decay: f32,
    /// Newton-Schulz iterations: 5 bring singular values to 0.7..1.2.
    pub iterations: usize,
    /// Factor of the update.
    pub scale: f32,
}

impl Muon {
    /// The factor with which updates have AdamW's usual size: 0.2·√max(rows, columns).
    pub fn adamw_scale(rows: usize, columns: usize) -> f32 {
        0.2 * libm::sqrtf(rows.max(columns) as f32)
    }

    /// One update of a (`rows`, `columns`) matrix; every gradient is multiplied by `grad_scale` first (clipping).
    ///
    /// # Panics
    /// If a length disagrees, or `work` was made for smaller matrices.
    pub fn step(&self, p: &mut [f32], g: &[f32], m: &mut [f32], shape: [usize; 2], grad_scale: f32, work: &mut Work) {
        let direction = self.direction(g, m, shape, grad_scale, work);
        let keep = F32x4::splat((1.0 - f64::from(self.lr) * f64::from(self.weight_decay)) as f32);
        let rate = F32x4::splat(self.lr * self.scale);
        update2(p, direction, |p, x| p * keep - rate * x);
    }

    /// Moves the momentum and gives the orthogonalised Nesterov direction, (`rows`, `columns`); all zero where
    /// gradient and momentum are.
    ///
    /// # Panics
    /// As [`Muon::step`].
    pub fn direction<'a>(
        &self,
        g: &[f32],
        m: &mut [f32],
        [rows, columns]: [usize; 2],
        grad_scale: f32,
        work: &'a mut Work,
    ) -> &'a [f32] {
        assert!(g.len() == rows * columns && m.len() == g.len(), "Muon lengths");
        let (keep, new) = (self.momentum, (1.0 - f64::from(self.momentum)) as f32);
        let [b, n, clip] = [keep, new, grad_scale].map(F32x4::splat);
        update2(m, g, |m, g| b * m + n * (g * clip));
        let x = &mut work.x[..g.len()];
        x.copy_from_slice(g);
        update2(x, m, |g, m| n * (g * clip) + b * m);
        let norm = libm::sqrt(norm_squared(x)).max(LEAST_NORM);
        elementwise::scale(x, (1.0 / norm) as f32);
        for _ in 0..self.iterations {
            work.iterate(rows, columns);
        }
        &work.x[..g.len()]
    }
}

/// Room for the products; made once for the largest matrix.
#[derive(Default)]
pub struct Work {
    x: Vec<f32>,
    next: Vec<f32>,
    /// X·Xᵀ, or Xᵀ·X when X is tall.
    gram: Vec<f32>,
    polynomial: Vec<f32>,
    pack: Pack,
}

impl Work {
    /// For matrices of these shapes and smaller ones.
    pub fn new(shapes: impl Iterator<Item = [usize; 2]>) -> Self {
        let (whole, square) =
            shapes.fold((0, 0), |(whole, square), [r, c]| (whole.max(r * c), square.max(r.min(c) * r.min(c))));
        let [x, next] = [whole; 2].map(|n| vec![0.0; n]);
        let [gram, polynomial] = [square; 2].map(|n| vec![0.0; n]);
        Self { x, next, gram, polynomial, pack: Pack::default() }
    }

    /// X = a X + (b A + c A²) X with A = X Xᵀ; for a tall X the same from the other side, which is cheaper.
    fn iterate(&mut self, rows: usize, columns: usize) {
        let [a, b, c] = COEFFICIENTS;
        let (len, side) = (rows * columns, rows.min(columns));
        let (x, next) = (&mut self.x[..len], &mut self.next[..len]);
        let (gram, polynomial) = (&mut self.gram[..side * side], &mut self.polynomial[..side * side]);
        let mat = Mat::new(x, rows, columns);
        let (left, right) = if rows > columns { (mat.t(), mat) } else { (mat, mat.t()) };
        matmul(MatMut::new(gram, side, side), Write::Set, left, right, &mut self.pack);
        let square = Mat::new(gram, side, side);
        matmul(MatMut::new(polynomial, side, side), Write::Set, square, square, &mut self.pack);
        let [b, c] = [b, c].map(F32x4::splat);
        update2(polynomial, gram, |squared, once| b * once + c * squared);
        next.copy_from_slice(x);
        elementwise::scale(next, a);
        let (factor, mat) = (Mat::new(polynomial, side, side), Mat::new(x, rows, columns));
        let (left, right) = if rows > columns { (mat, factor) } else { (factor, mat) };
        matmul(MatMut::new(next, rows, columns), Write::Add, left, right, &mut self.pack);
        core::mem::swap(&mut self.x, &mut self.next);
    }
}
