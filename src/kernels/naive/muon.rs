//! Twin of `muon`: plain loops, always X·Xᵀ, whatever the shape.

use alloc::vec::Vec;

/// Momentum and direction after one gradient.
pub fn direction(g: &[f64], m: &[f64], [rows, columns]: [usize; 2], mu: f64, iterations: usize) -> [Vec<f64>; 2] {
    let momentum: Vec<f64> = m.iter().zip(g).map(|(m, g)| mu * m + (1.0 - mu) * g).collect();
    let nesterov = momentum.iter().zip(g).map(|(m, g)| (1.0 - mu) * g + mu * m);
    let mut x: Vec<f64> = nesterov.collect();
    let norm = x.iter().map(|v| v * v).sum::<f64>().sqrt().max(1e-7);
    x.iter_mut().for_each(|v| *v /= norm);
    for _ in 0..iterations {
        let a = product(&x, &transposed(&x, rows, columns), [rows, columns, rows]);
        let a2 = product(&a, &a, [rows; 3]);
        let b: Vec<f64> = a.iter().zip(&a2).map(|(a, a2)| -4.775 * a + 2.0315 * a2).collect();
        let bx = product(&b, &x, [rows, rows, columns]);
        x.iter_mut().zip(&bx).for_each(|(x, bx)| *x = 3.4445 * *x + bx);
    }
    [momentum, x]
}

fn transposed(x: &[f64], rows: usize, columns: usize) -> Vec<f64> {
    (0..columns).flat_map(|c| (0..rows).map(move |r| x[r * columns + c])).collect()
}

/// (m, k) · (k, n).
fn product(a: &[f64], b: &[f64], [m, k, n]: [usize; 3]) -> Vec<f64> {
    let cell = |i: usize, j: usize| (0..k).map(|l| a[i * k + l] * b[l * n + j]).sum();
    (0..m).flat_map(|i| (0..n).map(move |j| cell(i, j)).collect::<Vec<f64>>()).collect()
}
