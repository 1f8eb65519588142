use crate::kernels::naive::{assert_close, assert_gradient, normals, rng, rows, wide};
use crate::kernels::norm;
use alloc::vec;
use alloc::vec::Vec;

const EPS: f32 = 1e-5;

#[test]
fn naive_layernorm_backward_is_the_derivative() {
    let mut r = rng(1);
    let (c, n) = (5, 3);
    let [x, dy] = [n * c, n * c].map(|n| wide(&normals(&mut r, n)));
    let [w, b] = [c, c].map(|n| wide(&normals(&mut r, n)));
    let eps = f64::from(EPS);
    let (dx, dw, db) = rows::layernorm_backward(&dy, &x, &w, eps);
    assert_gradient("dx", &x, &dy, &dx, |x| rows::layernorm(x, &w, &b, eps).0);
    assert_gradient("dw", &w, &dy, &dw, |w| rows::layernorm(&x, w, &b, eps).0);
    assert_gradient("db", &b, &dy, &db, |b| rows::layernorm(&x, &w, b, eps).0);
}

#[test]
fn naive_rmsnorm_backward_is_the_derivative() {
    let mut r = rng(2);
    let (c, n) = (6, 3);
    let [x, dy, gain] = [n * c, n * c, c].map(|n| wide(&normals(&mut r, n)));
    let eps = f64::from(EPS);
    let (dx, dgain) = rows::rmsnorm_backward(&dy, &x, &gain, eps);
    assert_gradient("dx", &x, &dy, &dx, |x| rows::rmsnorm(x, &gain, eps).0);
    assert_gradient("dgain", &gain, &dy, &dgain, |gain| rows::rmsnorm(&x, gain, eps).0);
}

#[test]
fn layernorm_agrees_with_its_twin_on_ragged_rows_and_adds_its_gradients() {
    let mut r = rng(3);
    for case in 0..80 {
        let (c, n) = (r.between(2, 41), r.between(1, 9));
        let [x, dy, old] = [n * c, n * c, n * c].map(|n| normals(&mut r, n));
        let [w, b, old_w, old_b] = [c; 4].map(|n| normals(&mut r, n));
        let (mut y, mut mean, mut rstd) = (vec![f32::NAN; n * c], vec![f32::NAN; n], vec![f32::NAN; n]);
        norm::layernorm_forward(&mut y, &mut mean, &mut rstd, &x, &w, &b, EPS);
        let (ty, tmean, trstd) = rows::layernorm(&wide(&x), &wide(&w), &wide(&b), EPS.into());
        // Two values that nearly agree lose digits in their difference, hence not 1e-6.
        let tolerance = 2e-5;
        assert_close("y", &y, &ty, tolerance);
        assert_close("mean", &mean, &tmean, 1e-6);
        assert_close("rstd", &rstd, &trstd, tolerance);
        let (mut dx, mut dw, mut db) = (old.clone(), old_w.clone(), old_b.clone());
        norm::layernorm_backward(&mut dx, &mut dw, &mut db, &dy, &x, &w, &mean, &rstd);
        let (tdx, tdw, tdb) = rows::layernorm_backward(&wide(&dy), &wide(&x), &wide(&w), EPS.into());
        let plus = |t: &[f64], old: &[f32]| t.iter().zip(old).map(|(t, o)| t + f64::from(*o)).collect::<Vec<_>>();
        // With two channels x̂ is ±1 and the gradient nothing but what rounding leaves.
        let tolerance = if c == 2 { 2e-3 } else { 1e-4 };
        assert_close(&alloc::format!("dx of case {case}, {n}×{c}"), &dx, &plus(&tdx, &old), tolerance);
        assert_close("dw", &dw, &plus(&tdw, &old_w), tolerance);
        assert_close("db", &db, &plus(&tdb, &old_b), 1e-6);
    }
}

#[test]
fn rmsnorm_agrees_with_its_twin_with_and_without_gain() {
    let mut r = rng(4);
    for case in 0..80 {
        let (c, n) = (r.between(1, 41), r.between(1, 9));
        let [x, dy, old] = [n * c, n * c, n * c].map(|n| normals(&mut r, n));
        let (gain, old_gain) = (normals(&mut r, c), normals(&mut r, c));
        let gain = (case % 2 == 0).then_some(gain);
        let twin_gain = gain.as_deref().map_or(vec![1.0; c], wide);
        let (mut y, mut rstd) = (vec![f32::NAN; n * c], vec![f32::NAN; n]);
        norm::rmsnorm_forward(&mut y, &mut rstd, &x, gain.as_deref(), EPS);
        let (ty, trstd) = rows::rmsnorm(&wide(&x), &twin_gain, EPS.into());
        assert_close("y", &y, &ty, 1e-6);
        assert_close("rstd", &rstd, &trstd, 1e-6);
        let (mut dx, mut dgain) = (old.clone(), old_gain.clone());
        norm::rmsnorm_backward(&mut dx, gain.is_some().then_some(&mut dgain[..]), &dy, &x, gain.as_deref(), &rstd);
        let (tdx, tdgain) = rows::rmsnorm_backward(&wide(&dy), &wide(&x), &twin_gain, EPS.into());
        let plus = |t: &[f64], old: &[f32]| t.iter().zip(old).map(|(t, o)| t + f64::from(*o)).collect::<Vec<_>>();
        assert_close(&alloc::format!("dx of case {case}, {n}×{c}"), &dx, &plus(&tdx, &old), 5e-6);
        if gain.is_some() {
            assert_close("dgain", &dgain, &plus(&tdgain, &old_gain), 2e-6);
        } else {
            assert_eq!(dgain, old_gain);
        }
    }
}

#[test]
fn rows_of_one_value_zeros_and_huge_numbers_stay_finite_and_right() {
    let layernorm = |x: &[f32]| {
        let c = x.len();
        let (mut y, mut mean, mut rstd) = (vec![0.0; c], [0.0], [0.0]);
        norm::layernorm_forward(&mut y, &mut mean, &mut rstd, x, &vec![1.0; c], &vec![0.5; c], EPS);
        let (mut dx, mut dw, mut db) = (vec![0.0; c], vec![0.0; c], vec![0.0; c]);
        norm::layernorm_backward(&mut dx, &mut dw, &mut db, &vec![1.0; c], x, &vec![1.0; c], &mean, &rstd);
        assert!(dx.iter().chain(&dw).chain(&db).all(|g| g.is_finite()), "{x:?}: {dx:?}");
        y
    };
    // No variance: only the bias is left, whatever the size of the rows.
    for constant in [0.0, 1.0, -7.25, 1e-6, 1e15] {
        for c in [1, 3, 4, 9] {
            assert_eq!(layernorm(&vec![constant; c]), vec![0.5; c], "{c} times {constant}");
        }
    }
    // Far from 0 the variance is that of the differences.
    let y = layernorm(&[1e6, 1e6 + 1.0, 1e6 + 2.0, 1e6 + 3.0, 1e6 + 4.0]);
    let expected = rows::layernorm(&[0.0, 1.0, 2.0, 3.0, 4.0], &[1.0; 5], &[0.5; 5], EPS.into()).0;
    assert_close("offset row", &y, &expected, 1e-6);

    for x in [vec![0.0; 7], vec![1e15, -1e15, 1e15]] {
        let (n, mut rstd) = (x.len(), [0.0]);
        let (mut y, mut dx) = (vec![f32::NAN; n], vec![0.0; n]);
        norm::rmsnorm_forward(&mut y, &mut rstd, &x, None, EPS);
        norm::rmsnorm_backward(&mut dx, None, &vec![1.0; n], &x, None, &rstd);
        assert_close("y", &y, &rows::rmsnorm(&wide(&x), &vec![1.0; n], EPS.into()).0, 1e-6);
        assert!(dx.iter().all(|g| g.is_finite()), "{dx:?}");
    }
}
