//! The embedding table in two dimensions, and who is near whom.
//! Principal components by orthogonal iteration on the covariance (Golub and Van Loan, "Matrix Computations", 8.2.4).

use super::Lab;
use crate::error::Result;
use alloc::vec;
use alloc::vec::Vec;

/// Rows of the embedding table on its two principal axes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Map {
    /// (V, 2).
    pub points: Vec<f32>,
    /// (2, C), of length 1.
    pub axes: Vec<f32>,
    /// Share of the variance on each axis.
    pub explained: [f32; 2],
}

const ROUNDS: usize = 200;

impl Lab {
    /// The map. Axes have no sign of their own: they take that of `before`, or one under which the farthest token is on
    /// the positive side.
    pub fn map(&self, before: &[f32]) -> Map {
        let c = self.model.config().width;
        project(self.embedding(), c, if before.len() == 2 * c { before } else { &[] })
    }

    fn embedding(&self) -> &[f32] {
        let table = &self.model.table().tensors()[0];
        &self.weights()[table.range()]
    }

    /// The `count` tokens nearest to `id` by the cosine of their embeddings, nearest first.
    ///
    /// # Errors
    /// [`crate::Error::TokenId`].
    pub fn neighbours(&self, id: u32, count: usize) -> Result<Vec<(u32, f32)>> {
        self.model.check_ids(&[id])?;
        let c = self.model.config().width;
        let rows: Vec<&[f32]> = self.embedding().chunks_exact(c).collect();
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum::<f64>();
        let own = rows[id as usize];
        let cosine = |row: &[f32]| (dot(row, own) / libm::sqrt(dot(row, row) * dot(own, own)).max(1e-30)) as f32;
        let mut all: Vec<(u32, f32)> = rows.iter().enumerate().map(|(i, row)| (i as u32, cosine(row))).collect();
        all.retain(|&(other, _)| other != id);
        all.sort_by(|a, b| b.1.total_cmp(&a.1));
        all.truncate(count);
        Ok(all)
    }
}

/// Rows (V, C) on the two axes along which they differ most.
pub(super) fn project(rows: &[f32], c: usize, before: &[f32]) -> Map {
    let count = (rows.len() / c).max(1) as f64;
    let mut mean = vec![0.0f64; c];
    for row in rows.chunks_exact(c) {
        mean.iter_mut().zip(row).for_each(|(m, &x)| *m += f64::from(x) / count);
    }
    let mut covariance = vec![0.0f64; c * c];
    let mut centred = vec![0.0f64; c];
    for row in rows.chunks_exact(c) {
        centred.iter_mut().zip(row).zip(&mean).for_each(|((d, &x), m)| *d = f64::from(x) - m);
        for (i, line) in covariance.chunks_exact_mut(c).enumerate() {
            let x = centred[i] / count;
            line.iter_mut().zip(&centred).for_each(|(sum, y)| *sum += x * y);
        }
    }
    let total: f64 = (0..c).map(|i| covariance[i * c + i]).sum();
    let mut axes: [Vec<f64>; 2] = [0, 1].map(|k| start(c, k, before));
    let mut spread = [0.0; 2];
    for _ in 0..ROUNDS {
        for k in 0..2 {
            let moved: Vec<f64> = covariance.chunks_exact(c).map(|line| dot(line, &axes[k])).collect();
            axes[k] = moved;
            let (first, rest) = axes.split_at_mut(k);
            if let Some(other) = first.first() {
                let shared = dot(other, &rest[0]);
                rest[0].iter_mut().zip(other).for_each(|(x, o)| *x -= shared * o);
            }
            spread[k] = libm::sqrt(dot(&axes[k], &axes[k]));
            let length = spread[k].max(1e-30);
            axes[k].iter_mut().for_each(|x| *x /= length);
        }
    }
    let mut out = Map::default();
    let place = |row: &[f32], axis: &[f64]| -> f64 {
        row.iter().zip(&mean).zip(axis).map(|((&x, m), a)| (f64::from(x) - m) * a).sum()
    };
    for (k, axis) in axes.iter_mut().enumerate() {
        let sign = if before.is_empty() {
            rows.chunks_exact(c).map(|row| place(row, axis)).fold(0.0f64, |a, b| if b.abs() > a.abs() { b } else { a })
        } else {
            axis.iter().zip(&before[k * c..]).map(|(a, &b)| a * f64::from(b)).sum()
        };
        if sign < 0.0 {
            axis.iter_mut().for_each(|x| *x = -*x);
        }
        out.axes.extend(axis.iter().map(|&x| x as f32));
        out.explained[k] = (spread[k] / total.max(1e-30)) as f32;
    }
    out.points = rows.chunks_exact(c).flat_map(|row| [0, 1].map(|k| place(row, &axes[k]) as f32)).collect();
    out
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Where the iteration begins: at the axes of before, or in a direction that no table is likely to be square to.
fn start(c: usize, k: usize, before: &[f32]) -> Vec<f64> {
    if before.is_empty() {
        return (0..c)
            .map(|i| 1.0 + ((i * (k + 3) * 37) % 101) as f64 / 101.0 * if k == 0 { 1.0 } else { -3.0 })
            .collect();
    }
    before[k * c..(k + 1) * c].iter().map(|&x| f64::from(x)).collect()
}
