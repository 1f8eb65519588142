//! One row times a matrix, as in decoding: reads the matrix once, in the order it lies in memory.

use super::{Mat, Write};
use crate::kernels::lanes::F32x4;
use crate::kernels::loops::{padded, update2, update4};

/// `c` (N) = or += row 0 of `a` (1,K) · `b` (K,N).
pub(super) fn multiply(c: &mut [f32], write: Write, a: Mat, b: Mat) {
    if b.row_stride == 1 && a.column_stride == 1 && b.rows > 1 {
        return dots(c, write, a.row(0), b.t());
    }
    if write == Write::Set {
        c.fill(0.0);
    }
    if b.column_stride == 1 {
        return rows(c, a, b);
    }
    for k in 0..b.rows {
        let factor = a.data[k * a.column_stride];
        let column = b.data[k * b.row_stride..].iter().step_by(b.column_stride);
        c.iter_mut().zip(column).for_each(|(c, b)| *c += factor * b);
    }
}

/// Adds the rows of `b`, each times its factor, three in a pass over `c`.
fn rows(c: &mut [f32], a: Mat, b: Mat) {
    let factor = |k: usize| F32x4::splat(a.data[k * a.column_stride]);
    let whole = b.rows / 3 * 3;
    for k in (0..whole).step_by(3) {
        let (x, y, z) = (factor(k), factor(k + 1), factor(k + 2));
        update4(c, b.row(k), b.row(k + 1), b.row(k + 2), |c, p, q, r| z.mul_add(r, y.mul_add(q, x.mul_add(p, c))));
    }
    for k in whole..b.rows {
        let x = factor(k);
        update2(c, b.row(k), |c, p| x.mul_add(p, c));
    }
}

/// Dot products of `a` with the rows of `b`, four at a time.
fn dots(c: &mut [f32], write: Write, a: &[f32], b: Mat) {
    for (four, c) in c.chunks_mut(4).enumerate() {
        // Behind the last row comes the last row again: its product is dropped.
        let rows = [0, 1, 2, 3].map(|r| b.row((four * 4 + r).min(b.rows - 1)));
        let sums = four_dots(a, rows);
        for (c, sum) in c.iter_mut().zip(sums) {
            *c = if write == Write::Set { sum } else { *c + sum };
        }
    }
}

/// Each in the order of four running sums and then [`F32x4::sum`].
#[inline(always)]
fn four_dots(a: &[f32], rows: [&[f32]; 4]) -> [f32; 4] {
    let (a, a_rest) = a.as_chunks::<4>();
    let [(p, p_rest), (q, q_rest), (r, r_rest), (s, s_rest)] = rows.map(<[f32]>::as_chunks::<4>);
    let mut sums = [F32x4::splat(0.0); 4];
    for ((((a, p), q), r), s) in a.iter().zip(p).zip(q).zip(r).zip(s) {
        let a = F32x4::load(a);
        sums[0] = a.mul_add(F32x4::load(p), sums[0]);
        sums[1] = a.mul_add(F32x4::load(q), sums[1]);
        sums[2] = a.mul_add(F32x4::load(r), sums[2]);
        sums[3] = a.mul_add(F32x4::load(s), sums[3]);
    }
    if !a_rest.is_empty() {
        let a = F32x4::load(&padded(a_rest, 0.0));
        for (sum, rest) in sums.iter_mut().zip([p_rest, q_rest, r_rest, s_rest]) {
            *sum = *sum + a * F32x4::load(&padded(rest, 0.0));
        }
    }
    let [a, b, c, d] = F32x4::transpose(sums);
    ((a + c) + (b + d)).to_array()
}
