//! Packing of a matrix into panels that the tile loop reads in order.

use super::Mat;
use crate::kernels::lanes::F32x4;
use alloc::vec::Vec;

/// Packs rows `start .. start + count` of `x`, products `k_start .. k_start + depth`, into panels of `W` rows stored
/// product after product; missing rows are zero.
pub(super) fn panels<const W: usize>(
    out: &mut Vec<f32>,
    x: Mat,
    start: usize,
    count: usize,
    k_start: usize,
    depth: usize,
) {
    let needed = count.div_ceil(W) * W * depth;
    if out.len() < needed {
        out.resize(needed, 0.0);
    }
    for (p, panel) in out[..needed].chunks_exact_mut(W * depth).enumerate() {
        let first = start + p * W;
        let width = W.min(start + count - first);
        let panel = panel.as_chunks_mut::<W>().0;
        if width < W {
            panel.fill([0.0; W]);
            ragged(panel, x, first, width, k_start);
        } else if x.row_stride == 1 {
            side_by_side(panel, x, first, k_start);
        } else if x.column_stride == 1 {
            for group in (0..W).step_by(4) {
                let rows = [0, 1, 2, 3].map(|r| &x.data[(first + group + r) * x.row_stride + k_start..][..depth]);
                transposed(panel, group, rows);
            }
        } else {
            ragged(panel, x, first, W, k_start);
        }
    }
}

/// Rows that lie beside each other: each product is a copy.
fn side_by_side<const W: usize>(panel: &mut [[f32; W]], x: Mat, first: usize, k_start: usize) {
    for (k, slot) in panel.iter_mut().enumerate() {
        let from = (k_start + k) * x.column_stride + first;
        if let Some(values) = x.data[from..].first_chunk::<W>() {
            *slot = *values;
        }
    }
}

/// Four rows that lie one after the other, into lanes `group .. group + 4`: transposed four products at a time.
#[inline(always)]
fn transposed<const W: usize>(panel: &mut [[f32; W]], group: usize, rows: [&[f32]; 4]) {
    let [(a, a_rest), (b, b_rest), (c, c_rest), (d, d_rest)] = rows.map(<[f32]>::as_chunks::<4>);
    let (fours, rest) = panel.as_chunks_mut::<4>();
    for ((((slots, a), b), c), d) in fours.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        let columns = F32x4::transpose([F32x4::load(a), F32x4::load(b), F32x4::load(c), F32x4::load(d)]);
        for (slot, column) in slots.iter_mut().zip(columns) {
            slot.as_chunks_mut::<4>().0[group / 4] = column.to_array();
        }
    }
    for ((((slot, a), b), c), d) in rest.iter_mut().zip(a_rest).zip(b_rest).zip(c_rest).zip(d_rest) {
        slot.as_chunks_mut::<4>().0[group / 4] = [*a, *b, *c, *d];
    }
}

/// Any strides, any width.
fn ragged<const W: usize>(panel: &mut [[f32; W]], x: Mat, first: usize, width: usize, k_start: usize) {
    for lane in 0..width {
        let from = (first + lane) * x.row_stride + k_start * x.column_stride;
        for (slot, value) in panel.iter_mut().zip(x.data[from..].iter().step_by(x.column_stride)) {
            slot[lane] = *value;
        }
    }
}
