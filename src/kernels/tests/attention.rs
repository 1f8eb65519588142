use crate::kernels::attention::{Dims, Mask, Rows, backward, forward};
use crate::kernels::matmul::Pack;
use crate::kernels::naive::attention::{self as twin, Sight};
use crate::kernels::naive::{assert_close, assert_gradient, normals, rng, wide};
use crate::rng::Rng;
use alloc::vec;
use alloc::vec::Vec;

fn sizes(r: &mut Rng, longest: usize) -> Dims {
    let (kv_heads, shared, q_time) = (r.between(1, 3), r.between(1, 3), r.between(1, longest));
    let k_time = q_time + if r.below(2) == 0 { 0 } else { r.below(9) };
    Dims { batch: r.between(1, 2), q_time, k_time, heads: kv_heads * shared, kv_heads, head_dim: r.between(1, 13) }
}

/// First keys as documents give them: they never fall, and no query lies before its first key.
fn sight(r: &mut Rng, d: &Dims) -> Sight {
    let mut first = Vec::new();
    for _ in 0..d.batch {
        let mut start = 0;
        for i in 0..d.q_time {
            let position = d.k_time - d.q_time + i;
            start = if r.below(5) == 0 { position } else { start };
            first.push(start);
        }
    }
    Sight { first, slopes: (0..d.heads).map(|h| f64::from(0.5f32.powi(h as i32 + 1))).collect() }
}

/// Dense rows inside wider ones: (buffer, row stride, offset); what lies between is NaN.
fn spread(r: &mut Rng, dense: &[f32], width: usize) -> (Vec<f32>, usize, usize) {
    let offset = r.below(5);
    let stride = offset + width + r.below(5);
    let mut out = vec![f32::NAN; dense.len() / width * stride];
    for (to, from) in out.chunks_mut(stride).zip(dense.chunks(width)) {
        to[offset..offset + width].copy_from_slice(from);
    }
    (out, stride, offset)
}

#[test]
fn naive_backward_is_the_derivative() {
    let mut r = rng(50);
    let d = Dims { batch: 2, q_time: 5, k_time: 5, heads: 4, kv_heads: 2, head_dim: 3 };
    let sight = sight(&mut r, &d);
    let [q, dout] = [0; 2].map(|_| wide(&normals(&mut r, 2 * 5 * 4 * 3)));
    let [k, v] = [0; 2].map(|_| wide(&normals(&mut r, 2 * 5 * 2 * 3)));
    let [dq, dk, dv] = twin::backward(&dout, &q, &k, &v, &sight, &d);
    assert_gradient("dq", &q, &dout, &dq, |q| twin::forward(q, &k, &v, &sight, &d).0);
    assert_gradient("dk", &k, &dout, &dk, |k| twin::forward(&q, k, &v, &sight, &d).0);
    assert_gradient("dv", &v, &dout, &dv, |v| twin::forward(&q, &k, v, &sight, &d).0);
}

#[test]
fn forward_agrees_with_its_twin_for_every_mask_and_layout_and_hides_exactly() {
    let mut r = rng(51);
    let mut pack = Pack::default();
    for case in 0..120 {
        let d = sizes(&mut r, 45);
        let (q_width, k_width) = (d.heads * d.head_dim, d.kv_heads * d.head_dim);
        let q = normals(&mut r, d.batch * d.q_time * q_width);
        let [k, v] = [0; 2].map(|_| normals(&mut r, d.batch * d.k_time * k_width));
        let (masked, causal) = (sight(&mut r, &d), Sight::causal(&d));
        let (documents, alibi) = (case % 2 == 1, case % 3 == 1);
        let sight = Sight {
            first: if documents { masked.first } else { causal.first },
            slopes: if alibi { masked.slopes } else { causal.slopes },
        };
        let first: Vec<u32> = sight.first.iter().map(|&f| f as u32).collect();
        let slopes: Vec<f32> = sight.slopes.iter().map(|&s| s as f32).collect();
        let mask = Mask { visible_from: documents.then_some(&first), slopes: alibi.then_some(&slopes) };
        let spread = [spread(&mut r, &q, q_width), spread(&mut r, &k, k_width), spread(&mut r, &v, k_width)];
        let [qr, kr, vr] = [0, 1, 2].map(|i: usize| {
            let (data, row_stride, offset) = &spread[i];
            Rows { data, row_stride: *row_stride, offset: *offset }
        });
        // Old contents must not matter.
        let mut out = vec![f32::NAN; q.len()];
        let mut probs = vec![f32::NAN; d.batch * d.heads * d.q_time * d.k_time];
        forward(&mut out, &mut probs, qr, kr, vr, &mask, &d, &mut pack);
        let (t_out, t_probs) = twin::forward(&wide(&q), &wide(&k), &wide(&v), &sight, &d);
        assert_close("out", &out, &t_out, 2e-6);
        assert_close("probs", &probs, &t_probs, 2e-6);
        for (i, row) in probs.chunks(d.k_time).enumerate() {
            let (b, query) = (i / (d.heads * d.q_time), i % d.q_time);
            let seen = sight.first[b * d.q_time + query]..=d.k_time - d.q_time + query;
            let hidden = row.iter().enumerate().filter(|(j, _)| !seen.contains(j));
            assert!(hidden.into_iter().all(|(_, p)| p.to_bits() == 0), "{d:?}: row {i} {row:?}");
        }
    }
}

#[test]
fn backward_agrees_with_its_twin_and_sets_all_of_its_output() {
    let mut r = rng(52);
    let (mut pack, mut scratch) = (Pack::default(), vec![f32::NAN; 2_000]);
    for case in 0..80 {
        let d = sizes(&mut r, 40);
        // One case is longer than every block of the products.
        let q_time = if case == 0 { 301 } else { d.q_time };
        let d = Dims { q_time, k_time: q_time, ..d };
        let row = (d.heads + 2 * d.kv_heads) * d.head_dim;
        let (k_first, v_first) = (d.heads * d.head_dim, (d.heads + d.kv_heads) * d.head_dim);
        let qkv = normals(&mut r, d.batch * d.q_time * row);
        let dout = normals(&mut r, d.batch * d.q_time * d.heads * d.head_dim);
        let sight = if case % 2 == 0 { Sight::causal(&d) } else { sight(&mut r, &d) };
        let first: Vec<u32> = sight.first.iter().map(|&f| f as u32).collect();
        let slopes: Vec<f32> = sight.slopes.iter().map(|&s| s as f32).collect();
        let mask = Mask { visible_from: Some(&first), slopes: Some(&slopes) };
        let part = |offset| Rows { data: &qkv, row_stride: row, offset };
        let (q, k, v) = (part(0), part(k_first), part(v_first));
        let (mut out, mut probs) = (vec![0.0; dout.len()], vec![0.0; d.batch * d.heads * d.q_time * d.q_time]);
        forward(&mut out, &mut probs, q, k, v, &mask, &d, &mut pack);
        let mut dqkv = vec![f32::NAN; qkv.len()];
        backward(&mut dqkv, &mut scratch, &dout, &probs, q, k, v, &d, &mut pack);
        let dense =
            |from: usize, to: usize| wide(&qkv.chunks(row).flat_map(|x| x[from..to].to_vec()).collect::<Vec<_>>());
        let (tq, tk, tv) = (dense(0, k_first), dense(k_first, v_first), dense(v_first, row));
        let expected = twin::backward(&wide(&dout), &tq, &tk, &tv, &sight, &d);
        let ends = [(0, k_first), (k_first, v_first), (v_first, row)];
        for ((name, t), (from, to)) in ["dq", "dk", "dv"].into_iter().zip(expected).zip(ends) {
            let x: Vec<f32> = dqkv.chunks(row).flat_map(|x| x[from..to].to_vec()).collect();
            assert_close(name, &x, &t, 5e-6);
        }
    }
}

#[test]
fn scores_far_apart_give_exact_ones_and_zeros() {
    let d = Dims { batch: 1, q_time: 3, k_time: 3, heads: 1, kv_heads: 1, head_dim: 1 };
    let (q, k, v) = ([0.0, 1e4, -1e4], [1.0, -1.0, 1.0], [3.0, 5.0, 7.0]);
    fn rows(data: &[f32]) -> Rows<'_> {
        Rows { data, row_stride: 1, offset: 0 }
    }
    let (mut out, mut probs) = ([0.0; 3], [0.0; 9]);
    forward(&mut out, &mut probs, rows(&q), rows(&k), rows(&v), &Mask::default(), &d, &mut Pack::default());
    assert_eq!(probs, [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
    assert_eq!(out, [3.0, 3.0, 5.0]);
}
