//! The heads of one projection inside a fused buffer, and RMSNorm over each head (QK-norm).
//! Source of QK-norm: Henry et al. 2020, arXiv:2010.04245; with RMSNorm as in Qwen3.

use super::norm::{rms_row, rms_row_backward};

/// Where the heads of one projection lie: head h of row r starts at `r * row_stride + offset + h * head_dim`.
#[derive(Debug, Clone, Copy)]
pub struct HeadRows {
    /// Rows, B·T.
    pub rows: usize,
    /// Rows per sequence, T: row r stands at position `start + r % time`.
    pub time: usize,
    /// Values from one row to the next.
    pub row_stride: usize,
    /// First value of head 0 in a row.
    pub offset: usize,
    /// Heads.
    pub heads: usize,
    /// Values per head, D.
    pub head_dim: usize,
}

impl HeadRows {
    /// Start of every head with its row, rows first.
    pub(super) fn starts(self) -> impl Iterator<Item = (usize, usize)> {
        (0..self.rows)
            .flat_map(move |r| (0..self.heads).map(move |h| (r, r * self.row_stride + self.offset + h * self.head_dim)))
    }
}

/// RMSNorm over the D values of each head, with one gain (D) shared by the heads.
///
/// * `out`, `inp` share the layout `at`; other columns of `out` stay · `rstd` (rows, heads) for the backward pass
///
/// # Panics
/// If a length disagrees.
pub fn norm_forward(out: &mut [f32], rstd: &mut [f32], inp: &[f32], at: &HeadRows, gain: Option<&[f32]>, eps: f32) {
    assert_eq!(rstd.len(), at.rows * at.heads, "one rstd a head");
    for ((_, start), rstd) in at.starts().zip(rstd) {
        let range = start..start + at.head_dim;
        *rstd = rms_row(&mut out[range.clone()], &inp[range], gain, eps);
    }
}

/// Gradients of [`norm_forward`]: sets the projection's columns of `dinp`, accumulates into `dgain`.
///
/// # Panics
/// If a length disagrees.
pub fn norm_backward(
    dinp: &mut [f32],
    mut dgain: Option<&mut [f32]>,
    dout: &[f32],
    inp: &[f32],
    at: &HeadRows,
    gain: Option<&[f32]>,
    rstd: &[f32],
) {
    assert_eq!(rstd.len(), at.rows * at.heads, "one rstd a head");
    for ((_, start), &rstd) in at.starts().zip(rstd) {
        let range = start..start + at.head_dim;
        let (dinp, dout, inp) = (&mut dinp[range.clone()], &dout[range.clone()], &inp[range]);
        rms_row_backward::<false>(dinp, dgain.as_deref_mut(), dout, inp, gain, rstd);
    }
}
