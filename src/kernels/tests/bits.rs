//! Results depend neither on what lies around an element nor on the form of a product.

use crate::kernels::matmul::{Mat, MatMut, Pack, Write, matmul};
use crate::kernels::naive::{normals, rng};
use crate::kernels::{activation, heads, math, norm};
use alloc::vec;
use alloc::vec::Vec;

fn bits(x: &[f32]) -> Vec<u32> {
    x.iter().map(|x| x.to_bits()).collect()
}

fn product(m: usize, n: usize, a: Mat, b: Mat) -> Vec<u32> {
    let mut c = vec![f32::NAN; m * n];
    matmul(MatMut::new(&mut c, m, n), Write::Set, a, b, &mut Pack::default());
    bits(&c)
}

fn transposed(x: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    (0..rows * columns).map(|i| x[i % rows * columns + i / rows]).collect()
}

#[test]
fn every_transpose_form_of_a_product_has_the_same_bits() {
    let mut r = rng(60);
    for (m, n, k) in [(2, 3, 5), (7, 9, 33), (100, 21, 300)] {
        let (a, b) = (normals(&mut r, m * k), normals(&mut r, k * n));
        let (at, bt) = (transposed(&a, m, k), transposed(&b, k, n));
        let expected = product(m, n, Mat::new(&a, m, k), Mat::new(&b, k, n));
        assert_eq!(expected, product(m, n, Mat::new(&at, k, m).t(), Mat::new(&b, k, n)));
        assert_eq!(expected, product(m, n, Mat::new(&a, m, k), Mat::new(&bt, n, k).t()));
        assert_eq!(expected, product(m, n, Mat::new(&at, k, m).t(), Mat::new(&bt, n, k).t()));
    }
}

#[test]
fn a_row_of_a_product_has_the_same_bits_among_any_number_of_rows() {
    let mut r = rng(61);
    let (m, n, k) = (131, 17, 70);
    let (a, b) = (normals(&mut r, m * k), normals(&mut r, k * n));
    let all = product(m, n, Mat::new(&a, m, k), Mat::new(&b, k, n));
    for (first, count) in [(0, 2), (5, 3), (97, 34), (129, 2)] {
        let part = product(count, n, Mat::new(&a[first * k..], count, k), Mat::new(&b, k, n));
        assert_eq!(all[first * n..(first + count) * n], part, "{count} rows from {first}");
    }
}

#[test]
fn an_element_has_the_same_bits_wherever_it_stands() {
    let x = normals(&mut rng(62), 23);
    let (mut all, mut one) = (vec![0.0; x.len()], [0.0]);
    activation::gelu_forward(&mut all, &x);
    for (i, x) in x.iter().enumerate() {
        activation::gelu_forward(&mut one, &[*x]);
        assert_eq!(one[0].to_bits(), all[i].to_bits(), "element {i}");
    }
    activation::swiglu_forward(&mut all, &x, &vec![1.0; x.len()]);
    let scalar: Vec<f32> = x.iter().map(|x| x * math::sigmoid(*x) * 1.0).collect();
    assert_eq!(bits(&all), bits(&scalar));
}

#[test]
fn the_norm_of_a_head_has_the_bits_of_the_norm_of_a_row() {
    let (x, gain) = (normals(&mut rng(63), 3 * 13), normals(&mut rng(64), 13));
    let at = heads::HeadRows { rows: 1, time: 1, row_stride: 39, offset: 0, heads: 3, head_dim: 13 };
    let (mut by_head, mut by_row, mut rstd) = (vec![0.0; 39], vec![0.0; 39], vec![0.0; 3]);
    heads::norm_forward(&mut by_head, &mut rstd, &x, &at, Some(&gain), 1e-6);
    norm::rmsnorm_forward(&mut by_row, &mut rstd, &x, Some(&gain), 1e-6);
    assert_eq!(bits(&by_head), bits(&by_row));
}
