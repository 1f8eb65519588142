use crate::kernels::naive::{assert_close, assert_gradient, normals, pointwise as twin, rng, wide};
use crate::kernels::{activation, elementwise, loss};
use alloc::vec;
use alloc::vec::Vec;

/// Normals of several sizes, the zeros, and arguments far outside of any polynomial.
fn arguments(n: usize) -> Vec<f32> {
    let mut x: Vec<f32> = normals(&mut rng(10), n).iter().enumerate().map(|(i, x)| x * (1 + i % 5) as f32).collect();
    x.extend([0.0, -0.0, 1e-30, -1e-30, 20.0, -20.0, 90.0, -90.0, 1e4, -1e4, 3e9, -3e9]);
    x
}

/// Asserts each value by its own size: the row holds numbers of every scale.
fn assert_each(name: &str, x: &[f32], t: impl Iterator<Item = f64>) {
    for (i, (x, t)) in x.iter().zip(t).enumerate() {
        assert!((f64::from(*x) - t).abs() <= 1e-6 * t.abs().max(1.0), "{name}[{i}]: {x}, expected {t}");
    }
}

#[test]
fn naive_slopes_are_the_derivatives() {
    let x: Vec<f64> = (0..60).map(|i| f64::from(i) * 0.173 - 5.0).collect();
    let ones = vec![1.0; x.len()];
    let all = |f: fn(f64) -> f64| move |x: &[f64]| x.iter().map(|&x| f(x)).collect::<Vec<_>>();
    let slopes = |f: fn(f64) -> f64| all(f)(&x);
    assert_gradient("gelu", &x, &ones, &slopes(twin::gelu_slope), all(twin::gelu));
    assert_gradient("relu2", &x, &ones, &slopes(twin::relu2_slope), all(twin::relu2));
    assert_gradient("softcap", &x, &ones, &slopes(|x| twin::softcap_slope(x, 2.5)), all(|x| twin::softcap(x, 2.5)));
    assert_gradient("gate", &x, &ones, &slopes(|x| twin::swiglu_slopes(x, 0.7).0), all(|x| twin::swiglu(x, 0.7)));
    assert_gradient("up", &x, &ones, &slopes(|x| twin::swiglu_slopes(0.7, x).1), all(|x| twin::swiglu(0.7, x)));
}

#[test]
fn activations_agree_with_their_twins_at_every_length_and_far_outside() {
    for n in [0, 1, 2, 3, 4, 5, 61] {
        let x = arguments(n);
        let (dy, up) = (normals(&mut rng(11), x.len()), normals(&mut rng(12), x.len()));
        let w = |f: fn(f64) -> f64| wide(&x).into_iter().map(f);
        let times_dy = |f: fn(f64) -> f64| wide(&x).into_iter().zip(wide(&dy)).map(move |(x, d)| f(x) * d);
        let (mut y, mut dx) = (vec![f32::NAN; x.len()], vec![f32::NAN; x.len()]);
        activation::gelu_forward(&mut y, &x);
        assert_each("gelu", &y, w(twin::gelu));
        activation::gelu_backward(&mut dx, &dy, &x);
        assert_each("gelu slope", &dx, times_dy(twin::gelu_slope));
        activation::relu2_forward(&mut y, &x);
        assert_each("relu2", &y, w(twin::relu2));
        activation::relu2_backward(&mut dx, &dy, &x);
        assert_each("relu2 slope", &dx, times_dy(twin::relu2_slope));
        activation::swiglu_forward(&mut y, &x, &up);
        assert_each("swiglu", &y, wide(&x).into_iter().zip(wide(&up)).map(|(g, u)| twin::swiglu(g, u)));
        let mut dup = vec![f32::NAN; x.len()];
        activation::swiglu_backward(&mut dx, &mut dup, &dy, &x, &up);
        let slopes = || wide(&x).into_iter().zip(wide(&up)).zip(wide(&dy));
        assert_each("dgate", &dx, slopes().map(|((g, u), d)| twin::swiglu_slopes(g, u).0 * d));
        assert_each("dup", &dup, slopes().map(|((g, u), d)| twin::swiglu_slopes(g, u).1 * d));
    }
}

#[test]
fn the_soft_cap_agrees_with_its_twin_and_never_exceeds_the_cap() {
    let x = arguments(33);
    let mut y = x.clone();
    loss::softcap_forward(&mut y, 15.0);
    assert_close("y", &y, &wide(&x).iter().map(|x| twin::softcap(*x, 15.0)).collect::<Vec<_>>(), 2e-7);
    assert!(y.iter().all(|y| y.abs() <= 15.0));
    let mut dx = vec![1.0; x.len()];
    loss::softcap_backward(&mut dx, &y, 15.0);
    assert_close("dx", &dx, &wide(&x).iter().map(|x| twin::softcap_slope(*x, 15.0)).collect::<Vec<_>>(), 1e-6);
}

#[test]
fn biases_go_to_every_row_and_come_back_as_column_sums() {
    for (n, c) in [(1, 1), (5, 3), (4, 8), (7, 13)] {
        let (x, bias) = (normals(&mut rng(13), n * c), normals(&mut rng(14), c));
        let mut y = x.clone();
        elementwise::add_bias(&mut y, &bias);
        assert!(y.iter().enumerate().all(|(i, y)| *y == x[i] + bias[i % c]));
        let mut dbias = bias.clone();
        elementwise::bias_backward(&mut dbias, &x);
        let column = |j: usize| (0..n).map(|r| f64::from(x[r * c + j])).sum::<f64>() + f64::from(bias[j]);
        assert_close("dbias", &dbias, &(0..c).map(column).collect::<Vec<_>>(), 1e-6);
    }
}
