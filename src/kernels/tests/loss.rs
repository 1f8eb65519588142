use crate::kernels::elementwise::softmax_rows;
use crate::kernels::loss::{IGNORE, cross_entropy, cross_entropy_backward};
use crate::kernels::naive::{assert_close, assert_gradient, normals, rng, rows, wide};
use alloc::vec;
use alloc::vec::Vec;

/// Losses and gradient, after checking that both kernels give the same losses.
fn run(logits: &[f32], targets: &[u32], weights: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let (mut losses, mut fused) = (vec![f32::NAN; targets.len()], vec![f32::NAN; targets.len()]);
    let mut d = logits.to_vec();
    cross_entropy(&mut losses, logits, targets);
    cross_entropy_backward(&mut d, &mut fused, targets, weights);
    assert_eq!(
        losses.iter().map(|x| x.to_bits()).collect::<Vec<_>>(),
        fused.iter().map(|x| x.to_bits()).collect::<Vec<_>>()
    );
    (losses, d)
}

#[test]
fn naive_gradient_is_the_derivative() {
    let mut r = rng(30);
    let (logits, weights) = (wide(&normals(&mut r, 4 * 7)), wide(&normals(&mut r, 4)));
    let targets = [6, IGNORE, 0, 3];
    let gradient = rows::cross_entropy_backward(&logits, &targets, &weights);
    assert_gradient("dlogits", &logits, &weights, &gradient, |x| rows::cross_entropy(x, &targets));
}

#[test]
fn losses_and_gradients_agree_with_their_twins_on_ragged_rows() {
    let mut r = rng(31);
    for _ in 0..100 {
        let (n, v) = (r.between(1, 6), r.between(1, 70));
        let logits: Vec<f32> = normals(&mut r, n * v).iter().map(|x| x * 4.0).collect();
        let weights = normals(&mut r, n);
        let targets: Vec<u32> = (0..n).map(|_| if r.below(4) == 0 { IGNORE } else { r.below(v) as u32 }).collect();
        let (losses, d) = run(&logits, &targets, &weights);
        assert_close("losses", &losses, &rows::cross_entropy(&wide(&logits), &targets), 1e-6);
        let expected = rows::cross_entropy_backward(&wide(&logits), &targets, &wide(&weights));
        assert_close("dlogits", &d, &expected, 1e-6);
        for (row, target) in d.chunks(v).zip(&targets) {
            assert!(*target != IGNORE || row.iter().all(|d| d.to_bits() == 0), "an ignored row must be exactly 0");
        }
    }
}

#[test]
fn one_token_costs_nothing_and_extreme_logits_stay_finite() {
    assert_eq!(run(&[5.0, -3e38], &[0, 0], &[1.0, 1.0]), (vec![0.0, 0.0], vec![0.0, 0.0]));
    assert_eq!(run(&[1.0, 2.0], &[IGNORE], &[1.0]), (vec![0.0], vec![0.0, 0.0]));
    let (losses, d) = run(&[1e4, -1e4, 0.0, 0.0, 1e4, 1e4], &[1, 2], &[1.0, 1.0]);
    assert_eq!(losses[0], 2e4);
    assert_eq!(d[..3], [1.0, -1.0, 0.0]);
    assert_close("an even pair", &losses[1..], &[core::f64::consts::LN_2], 1e-7);
    // A token that is forbidden by minus infinity.
    let (losses, d) = run(&[0.0, f32::NEG_INFINITY, 0.0], &[0], &[2.0]);
    assert_close("forbidden", &losses, &[core::f64::consts::LN_2], 1e-7);
    assert_eq!(d, [-1.0, 0.0, 1.0]);
}

#[test]
fn softmax_rows_sum_to_one_and_agree_with_the_twin() {
    let mut r = rng(32);
    for _ in 0..50 {
        let (n, c) = (r.between(1, 5), r.between(1, 40));
        let x: Vec<f32> = normals(&mut r, n * c).iter().map(|x| x * 10.0).collect();
        let mut y = x.clone();
        softmax_rows(&mut y, c);
        for (y, x) in y.chunks(c).zip(x.chunks(c)) {
            assert_close("softmax", y, &rows::softmax(&wide(x)), 5e-7);
            assert!((wide(y).iter().sum::<f64>() - 1.0).abs() < 1e-6);
        }
    }
}
