use crate::kernels::embedding;
use crate::kernels::heads::{HeadRows, norm_backward, norm_forward};
use crate::kernels::naive::{assert_close, assert_gradient, heads as twin, normals, rng, rows, wide};
use crate::kernels::rope::{Table, Turn, rotate};
use crate::rng::Rng;
use alloc::vec;
use alloc::vec::Vec;

const THETA: f64 = 10_000.0;

/// A projection somewhere inside rows that are wider than it.
fn place(r: &mut Rng) -> HeadRows {
    let (time, heads, head_dim) = (r.between(1, 6), r.between(1, 4), 2 * r.between(1, 9));
    let offset = r.below(7);
    let row_stride = offset + heads * head_dim + r.below(7);
    HeadRows { rows: time * r.between(1, 3), time, row_stride, offset, heads, head_dim }
}

#[test]
fn naive_rotation_back_is_the_derivative() {
    let mut r = rng(40);
    let at = place(&mut r);
    let n = at.rows * at.row_stride;
    let [x, dy] = [n, n].map(|n| wide(&normals(&mut r, n)));
    let gradient = twin::rotate(&dy, &at, THETA, 3, -1.0);
    assert_gradient("dx", &x, &dy, &gradient, |x| twin::rotate(x, &at, THETA, 3, 1.0));
}

#[test]
fn rotation_agrees_with_its_twin_in_both_turns_and_leaves_other_columns_alone() {
    let mut r = rng(41);
    for _ in 0..60 {
        let at = place(&mut r);
        let start = r.below(20);
        let x = normals(&mut r, at.rows * at.row_stride);
        let table = Table::new(start + at.time, at.head_dim, THETA);
        for (turn, back, sign) in [(Turn::Forward, Turn::Back, 1.0), (Turn::Back, Turn::Forward, -1.0)] {
            let mut y = x.clone();
            rotate(&mut y, &at, &table, start, turn);
            // The angle is f32: up to 26 radians with 24 bits.
            assert_close("turned", &y, &twin::rotate(&wide(&x), &at, THETA, start, sign), 2e-6);
            let others = twin::scatter(&wide(&y), &twin::gather(&wide(&x), &at), &at);
            assert_eq!(others, wide(&x), "columns outside of the projection");
            rotate(&mut y, &at, &table, start, back);
            assert_close("turned back", &y, &wide(&x), 1e-6);
        }
    }
}

#[test]
fn head_norms_agree_with_their_twins_inside_a_fused_buffer() {
    let mut r = rng(42);
    let eps = 1e-6f32;
    for case in 0..80 {
        let at = place(&mut r);
        let n = at.rows * at.row_stride;
        let [x, dy, before] = [n, n, n].map(|n| normals(&mut r, n));
        let gain = (case % 2 == 0).then(|| normals(&mut r, at.head_dim));
        let twin_gain = gain.as_deref().map_or(vec![1.0; at.head_dim], wide);
        let (mut y, mut rstd) = (before.clone(), vec![f32::NAN; at.rows * at.heads]);
        norm_forward(&mut y, &mut rstd, &x, &at, gain.as_deref(), eps);
        let (ty, trstd) = twin::norm(&wide(&before), &wide(&x), &at, &twin_gain, eps.into());
        assert_close("y", &y, &ty, 1e-6);
        assert_close("rstd", &rstd, &trstd, 1e-6);

        let (mut dx, mut dgain) = (before.clone(), vec![1.0; at.head_dim]);
        norm_backward(&mut dx, gain.is_some().then_some(&mut dgain[..]), &dy, &x, &at, gain.as_deref(), &rstd);
        let (heads, dheads) = (twin::gather(&wide(&x), &at), twin::gather(&wide(&dy), &at));
        let (tdx, mut tdgain) = rows::rmsnorm_backward(&dheads, &heads, &twin_gain, eps.into());
        tdgain.iter_mut().for_each(|g| *g += 1.0);
        assert_close("dx", &dx, &twin::scatter(&wide(&before), &tdx, &at), 2e-5);
        if gain.is_some() {
            assert_close("dgain", &dgain, &tdgain, 2e-6);
        }
    }
}

#[test]
fn embedding_copies_rows_and_adds_the_gradients_of_repeated_ids() {
    let (v, c) = (6, 5);
    let mut r = rng(43);
    let (table, dout) = (normals(&mut r, v * c), normals(&mut r, 4 * c));
    let ids = [5, 0, 5, 2];
    let mut out = vec![f32::NAN; 4 * c];
    embedding::forward(&mut out, &table, &ids);
    let expected: Vec<f32> = ids.iter().flat_map(|&id| table[id as usize * c..][..c].to_vec()).collect();
    assert_eq!(out, expected);
    let mut dtable = vec![0.5; v * c];
    embedding::backward(&mut dtable, &dout, &ids);
    for i in 0..v * c {
        let uses = ids.iter().zip(dout.chunks(c)).filter(|(id, _)| **id as usize == i / c);
        let expected = uses.fold(0.5, |sum, (_, d)| sum + d[i % c]);
        assert_eq!(dtable[i], expected, "row {}", i / c);
    }
}
