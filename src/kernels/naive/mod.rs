//! The kernels' naive twins: plain loops in f64, written from the formulas alone, one backward pass a forward pass.
//! They are the oracles of the fast kernels, and are themselves checked by finite differences.

pub mod attention;
pub mod heads;
pub mod muon;
pub mod pointwise;
pub mod policy;
pub mod rows;

use crate::rng::{Purpose, Rng};
use alloc::vec::Vec;

/// `n` standard normal numbers.
pub fn normals(rng: &mut Rng, n: usize) -> Vec<f32> {
    (0..n).map(|_| rng.normal() as f32).collect()
}

/// The generator of test `index`.
pub fn rng(index: u64) -> Rng {
    Rng::new(20_261, Purpose::Test, index)
}

/// The same values as f64.
pub fn wide(x: &[f32]) -> Vec<f64> {
    x.iter().map(|&x| f64::from(x)).collect()
}

/// Asserts `|x - t| <= tolerance · max(1, max|t|)` for every value; NaN fails.
pub fn assert_close(name: &str, x: &[f32], t: &[f64], tolerance: f64) {
    assert_eq!(x.len(), t.len(), "{name}");
    let scale = t.iter().fold(1.0, |m: f64, t| m.max(t.abs()));
    for (i, (&x, &t)) in x.iter().zip(t).enumerate() {
        let share = (f64::from(x) - t).abs() / (tolerance * scale);
        assert!(share <= 1.0, "{name}[{i}]: {x}, expected {t}; {share} of the tolerance {tolerance:e}·{scale}");
    }
}

/// Asserts that `gradient` is that of Σ `dy`·`f`(x) at `x`, by central differences.
///
/// The step 1e-5 leaves a truncation error near 1e-10 and a rounding error near 1e-11; the tolerance is 1e-7 of the
/// largest gradient.
pub fn assert_gradient(name: &str, x: &[f64], dy: &[f64], gradient: &[f64], f: impl Fn(&[f64]) -> Vec<f64>) {
    assert_eq!(x.len(), gradient.len(), "{name}");
    let objective = |x: &[f64]| f(x).iter().zip(dy).map(|(y, d)| y * d).sum::<f64>();
    let scale = gradient.iter().fold(1.0, |m: f64, g| m.max(g.abs()));
    let mut moved = x.to_vec();
    for i in 0..x.len() {
        let step = 1e-5;
        moved[i] = x[i] + step;
        let above = objective(&moved);
        moved[i] = x[i] - step;
        let slope = (above - objective(&moved)) / (2.0 * step);
        moved[i] = x[i];
        assert!((slope - gradient[i]).abs() <= 1e-7 * scale, "{name}[{i}]: {}, by differences {slope}", gradient[i]);
    }
}
