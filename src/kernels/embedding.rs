//! Rows of a table by id.

use super::elementwise::add_assign;

/// `out` (N,C) = rows `ids` (N) of `table` (V,C).
///
/// # Panics
/// If an id is not below V or a length disagrees.
pub fn forward(out: &mut [f32], table: &[f32], ids: &[u32]) {
    if ids.is_empty() {
        return;
    }
    let c = out.len() / ids.len();
    assert_eq!(out.len(), ids.len() * c, "one row an id");
    for (row, &id) in out.chunks_exact_mut(c).zip(ids) {
        row.copy_from_slice(&table[id as usize * c..][..c]);
    }
}

/// Adds each row of `dout` (N,C) to row `ids[n]` of `dtable` (V,C), in order.
///
/// # Panics
/// If an id is not below V or a length disagrees.
pub fn backward(dtable: &mut [f32], dout: &[f32], ids: &[u32]) {
    if ids.is_empty() {
        return;
    }
    let c = dout.len() / ids.len();
    for (row, &id) in dout.chunks_exact(c).zip(ids) {
        add_assign(&mut dtable[id as usize * c..][..c], row);
    }
}
