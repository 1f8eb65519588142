//! Packed, tiled matrix product for every transpose form: C = or += A · B.
//! After Goto and van de Geijn 2008 (DOI 10.1145/1356052.1356053): panels of A and B are packed so that the inner
//! loop reads both in order; one tile of 4 rows × 8 columns serves every build.
//! Order of every sum: blocks of 256 along K, in each block one product after the other.

use super::lanes::F32x4;
use alloc::vec::Vec;

mod pack;
mod vector;

const TILE_ROWS: usize = 4;
const TILE_COLUMNS: usize = 8;
/// Products per packed block: a panel of A and of B stay in the first-level cache.
const BLOCK_K: usize = 256;
/// Rows of A packed at once.
const BLOCK_ROWS: usize = 96;

/// A matrix inside a slice: element (r, c) at `r * row_stride + c * column_stride`.
#[derive(Clone, Copy)]
pub struct Mat<'a> {
    data: &'a [f32],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a> Mat<'a> {
    /// Row-major, without gaps.
    ///
    /// # Panics
    /// If the slice is too short.
    pub fn new(data: &'a [f32], rows: usize, columns: usize) -> Self {
        Self::strided(data, rows, columns, columns)
    }

    /// Row-major, rows `row_stride` apart.
    ///
    /// # Panics
    /// If the slice is too short.
    pub fn strided(data: &'a [f32], rows: usize, columns: usize, row_stride: usize) -> Self {
        assert!(fits(data.len(), rows, columns, row_stride), "matrix {rows}×{columns} in {} values", data.len());
        Self { data, rows, columns, row_stride, column_stride: 1 }
    }

    /// The transpose, without moving anything.
    #[must_use]
    pub fn t(self) -> Self {
        Self {
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
            ..self
        }
    }

    fn row(&self, r: usize) -> &'a [f32] {
        &self.data[r * self.row_stride..][..self.columns]
    }
}

/// A matrix to be written, rows without gaps inside.
pub struct MatMut<'a> {
    data: &'a mut [f32],
    rows: usize,
    columns: usize,
    row_stride: usize,
}

impl<'a> MatMut<'a> {
    /// Row-major, without gaps.
    ///
    /// # Panics
    /// If the slice is too short.
    pub fn new(data: &'a mut [f32], rows: usize, columns: usize) -> Self {
        Self::strided(data, rows, columns, columns)
    }

    /// Row-major, rows `row_stride` apart.
    ///
    /// # Panics
    /// If the slice is too short.
    pub fn strided(data: &'a mut [f32], rows: usize, columns: usize, row_stride: usize) -> Self {
        assert!(fits(data.len(), rows, columns, row_stride), "matrix {rows}×{columns} in {} values", data.len());
        Self { data, rows, columns, row_stride }
    }

    fn row(&mut self, r: usize) -> &mut [f32] {
        &mut self.data[r * self.row_stride..][..self.columns]
    }
}

fn fits(len: usize, rows: usize, columns: usize, row_stride: usize) -> bool {
    rows == 0 || columns == 0 || (row_stride >= columns && (rows - 1) * row_stride + columns <= len)
}

/// What happens to the old values of C.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Write {
    /// They are replaced.
    Set,
    /// The product is added to them.
    Add,
}

/// Packing buffers; they grow to the largest product seen and stay.
#[derive(Default)]
pub struct Pack {
    a: Vec<f32>,
    b: Vec<f32>,
}

/// Which part of a product a causal triangle needs; row i of queries sees the keys up to i + `past`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Band {
    /// Everything.
    Full,
    /// C is (queries, keys): tiles without a visible key stay as they are.
    Result {
        /// Keys before query 0.
        past: usize,
    },
    /// A is (queries, keys) and 0 beyond the last visible key, up to the next multiple of four rows.
    Rows {
        /// Keys before query 0.
        past: usize,
    },
    /// A is (keys, queries) and 0 before the first query that sees the key.
    Columns {
        /// Keys before query 0.
        past: usize,
    },
}

impl Band {
    /// The products that the tile at (`row`, `column`) of C needs; `None` if the tile is not needed at all.
    #[inline(always)]
    fn products(self, row: usize, column: usize, k: usize) -> Option<(usize, usize)> {
        match self {
            Self::Full => Some((0, k)),
            Self::Result { past } => (column < row + TILE_ROWS + past).then_some((0, k)),
            Self::Rows { past } => Some((0, k.min(row + TILE_ROWS + past))),
            Self::Columns { past } => Some((k.min(row.saturating_sub(past)), k)),
        }
    }
}

/// `c` (M,N) = or += `a` (M,K) · `b` (K,N).
///
/// # Panics
/// If the shapes disagree.
pub fn matmul(c: MatMut, write: Write, a: Mat, b: Mat, pack: &mut Pack) {
    matmul_band(c, write, a, b, Band::Full, pack);
}

/// [`matmul`] of the part that `band` names.
///
/// # Panics
/// If the shapes disagree.
pub(super) fn matmul_band(mut c: MatMut, write: Write, a: Mat, b: Mat, band: Band, pack: &mut Pack) {
    let (m, n, k) = (c.rows, c.columns, a.columns);
    assert!(a.rows == m && b.rows == k && b.columns == n, "({m},{n}) from ({},{k})·({},{})", a.rows, b.rows, b.columns);
    if m == 0 || n == 0 {
        return;
    }
    if k == 0 {
        if write == Write::Set {
            (0..m).for_each(|r| c.row(r).fill(0.0));
        }
        return;
    }
    if m == 1 {
        return vector::multiply(c.row(0), write, a, b);
    }
    for k_start in (0..k).step_by(BLOCK_K) {
        let depth = BLOCK_K.min(k - k_start);
        let write = if k_start == 0 { write } else { Write::Add };
        pack::panels::<TILE_COLUMNS>(&mut pack.b, b.t(), 0, n, k_start, depth);
        for row_start in (0..m).step_by(BLOCK_ROWS) {
            let rows = BLOCK_ROWS.min(m - row_start);
            pack::panels::<TILE_ROWS>(&mut pack.a, a, row_start, rows, k_start, depth);
            Block { row_start, rows, k_start, depth, k, band, write }.multiply(&mut c, pack);
        }
    }
}

/// One packed block of A times the packed B.
struct Block {
    row_start: usize,
    rows: usize,
    k_start: usize,
    depth: usize,
    k: usize,
    band: Band,
    write: Write,
}

impl Block {
    fn multiply(&self, c: &mut MatMut, pack: &Pack) {
        let b_len = c.columns.div_ceil(TILE_COLUMNS) * TILE_COLUMNS * self.depth;
        let a_len = self.rows.div_ceil(TILE_ROWS) * TILE_ROWS * self.depth;
        let inside = |k: usize| k.clamp(self.k_start, self.k_start + self.depth) - self.k_start;
        for (pb, b) in pack.b[..b_len].chunks_exact(TILE_COLUMNS * self.depth).enumerate() {
            let column = pb * TILE_COLUMNS;
            for (pa, a) in pack.a[..a_len].chunks_exact(TILE_ROWS * self.depth).enumerate() {
                let row = self.row_start + pa * TILE_ROWS;
                let Some((from, to)) = self.band.products(row, column, self.k) else { continue };
                let (from, to) = (inside(from), inside(to));
                let (a, b) = (&a[from * TILE_ROWS..to * TILE_ROWS], &b[from * TILE_COLUMNS..to * TILE_COLUMNS]);
                let height = TILE_ROWS.min(self.row_start + self.rows - row);
                store(c, row, height, column, self.write, &multiply_tile(a, b));
            }
        }
    }
}

type Tile = [[F32x4; 2]; TILE_ROWS];

/// The inner loop: one branch, two loads of B, four broadcasts of A a turn. Not unrolled on purpose: engines
/// then keep the eight sums in registers.
#[inline(always)]
fn multiply_tile(a: &[f32], b: &[f32]) -> Tile {
    let mut sums = [[F32x4::splat(0.0); 2]; TILE_ROWS];
    for (a, b) in a.as_chunks::<TILE_ROWS>().0.iter().zip(b.as_chunks::<4>().0.as_chunks::<2>().0) {
        let b = [F32x4::load(&b[0]), F32x4::load(&b[1])];
        for r in 0..TILE_ROWS {
            let a = F32x4::splat(a[r]);
            sums[r][0] = a.mul_add(b[0], sums[r][0]);
            sums[r][1] = a.mul_add(b[1], sums[r][1]);
        }
    }
    sums
}

#[inline(always)]
fn store(c: &mut MatMut, row: usize, height: usize, column: usize, write: Write, tile: &Tile) {
    let width = TILE_COLUMNS.min(c.columns - column);
    for (r, sums) in tile.iter().enumerate().take(height) {
        let out = &mut c.data[(row + r) * c.row_stride + column..][..width];
        if let Some(out) = out.first_chunk_mut::<TILE_COLUMNS>() {
            for (half, sum) in out.as_chunks_mut::<4>().0.iter_mut().zip(sums) {
                *half = match write {
                    Write::Set => sum.to_array(),
                    Write::Add => (F32x4::load(half) + *sum).to_array(),
                };
            }
        } else {
            let sums = sums.map(F32x4::to_array);
            for (c, sum) in out.iter_mut().zip(sums.as_flattened()) {
                *c = if write == Write::Set { *sum } else { *c + *sum };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Rng};
    use alloc::vec;

    fn random(r: &mut Rng, n: usize) -> Vec<f32> {
        (0..n).map(|_| r.normal() as f32).collect()
    }

    /// The naive twin, in f64: element (i, j) with both operands possibly transposed, added to `c`.
    fn naive(c: &[f32], a: &Mat, b: &Mat) -> Vec<f64> {
        let at = |m: &Mat, r: usize, c: usize| f64::from(m.data[r * m.row_stride + c * m.column_stride]);
        (0..a.rows * b.columns)
            .map(|x| {
                let (i, j) = (x / b.columns, x % b.columns);
                f64::from(c[x]) + (0..a.columns).map(|k| at(a, i, k) * at(b, k, j)).sum::<f64>()
            })
            .collect()
    }

    #[test]
    fn every_transpose_form_and_ragged_shape_agrees_with_the_naive_product() {
        let mut r = Rng::new(1, Purpose::Test, 0);
        let mut pack = Pack::default();
        for case in 0..300 {
            let [m, n, k] = [0; 3].map(|_| r.between(1, 40));
            let (m, k) = (if case % 5 == 0 { 1 } else { m }, if case % 7 == 0 { k + 250 } else { k });
            let (a, b, old) = (random(&mut r, m * k), random(&mut r, k * n), random(&mut r, m * n));
            let a = if case % 2 == 0 { Mat::new(&a, m, k) } else { Mat::new(&a, k, m).t() };
            let b = if case % 3 == 0 { Mat::new(&b, k, n) } else { Mat::new(&b, n, k).t() };
            for write in [Write::Set, Write::Add] {
                let mut c = old.clone();
                matmul(MatMut::new(&mut c, m, n), write, a, b, &mut pack);
                let start = if write == Write::Set { vec![0.0; m * n] } else { old.clone() };
                // f32 sums of k products of unit normals: error grows as sqrt(k), bounded generously by k.
                let tolerance = 1e-6 * (k as f64 + 4.0);
                for (x, t) in c.iter().zip(naive(&start, &a, &b)) {
                    assert!((f64::from(*x) - t).abs() < tolerance, "case {case} {m}×{n}×{k}: {x} for {t}");
                }
            }
        }
    }

    #[test]
    fn strided_views_read_and_write_only_their_own_columns() {
        let mut r = Rng::new(2, Purpose::Test, 0);
        let (a, b) = (random(&mut r, 6 * 10), random(&mut r, 5 * 9));
        let mut c = vec![7.0; 6 * 12];
        let (a, b) = (Mat::strided(&a[2..], 6, 5, 10), Mat::new(&b, 5, 9));
        matmul(MatMut::strided(&mut c[1..], 6, 9, 12), Write::Set, a, b, &mut Pack::default());
        let expected = naive(&[0.0; 54], &a, &b);
        for (i, x) in c.iter().enumerate() {
            let (row, column) = (i / 12, i % 12);
            if (1..10).contains(&column) {
                assert!((f64::from(*x) - expected[row * 9 + column - 1]).abs() < 1e-5);
            } else {
                assert_eq!(*x, 7.0);
            }
        }
    }

    #[test]
    fn packing_buffers_do_not_grow_again_for_the_same_shape() {
        let (a, b) = (vec![1.0; 64 * 64], vec![1.0; 64 * 64]);
        let mut pack = Pack::default();
        let mut product = || {
            let mut c = vec![0.0; 64 * 64];
            matmul(MatMut::new(&mut c, 64, 64), Write::Set, Mat::new(&a, 64, 64), Mat::new(&b, 64, 64), &mut pack);
            (pack.a.as_ptr(), pack.b.as_ptr(), pack.a.capacity())
        };
        assert_eq!(product(), product());
    }
}
