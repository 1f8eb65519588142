//! One number for the bits of every kernel: the same natively, in every browser, with and without SIMD.
//!
//! It says nothing about correctness and changes whenever the order of a sum does; then take the new number from the
//! failure, after seeing that native and wasm builds agree on it.

use crate::Check;
use glassgpt::kernels::attention::{self, Dims, Mask, Rows};
use glassgpt::kernels::heads::{self, HeadRows};
use glassgpt::kernels::matmul::{Mat, MatMut, Pack, Write, matmul};
use glassgpt::kernels::{activation, elementwise, embedding, loss, norm, optimizer, rope};

const EXPECTED: u64 = 0x1105_b2a2_b333_3b61;

/// Passes if [`bits`] is the number that every build gives.
pub fn check() -> Check {
    let found = bits();
    if found == EXPECTED {
        Ok(format!("{found:#018x}"))
    } else {
        Err(format!("{found:#018x}, expected {EXPECTED:#018x}"))
    }
}

/// FNV-1a over the bits of the results.
struct Hash(u64);

impl Hash {
    fn add(&mut self, values: &[f32]) {
        for byte in values.iter().flat_map(|x| x.to_bits().to_le_bytes()) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

/// `n` numbers in [-4, 4), other ones for every `seed`.
fn numbers(seed: u32, n: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(2_654_435_761);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 2_097_152.0 - 4.0
    };
    (0..n).map(|_| next()).collect()
}

/// The hash of every kernel's results on ragged shapes.
pub fn bits() -> u64 {
    let mut hash = Hash(0xcbf2_9ce4_8422_2325);
    products(&mut hash);
    rows(&mut hash);
    pointwise(&mut hash);
    attentions(&mut hash);
    updates(&mut hash);
    hash.0
}

fn products(hash: &mut Hash) {
    let mut pack = Pack::default();
    for (seed, (m, n, k)) in (1..).zip([(101, 19, 300), (5, 8, 33), (1, 13, 70)]) {
        let (a, b, mut c) = (numbers(seed, m * k), numbers(seed + 10, k * n), numbers(seed + 20, m * n));
        for a in [Mat::new(&a, m, k), Mat::new(&a, k, m).t()] {
            for b in [Mat::new(&b, k, n), Mat::new(&b, n, k).t()] {
                matmul(MatMut::new(&mut c, m, n), Write::Add, a, b, &mut pack);
            }
        }
        hash.add(&c);
    }
}

fn rows(hash: &mut Hash) {
    let (n, c) = (7, 29);
    let (x, dy, w, b) = (numbers(31, n * c), numbers(32, n * c), numbers(33, c), numbers(34, c));
    let (mut y, mut mean, mut rstd) = (vec![0.0; n * c], vec![0.0; n], vec![0.0; n]);
    let (mut dx, mut dw, mut db) = (vec![0.0; n * c], vec![0.0; c], vec![0.0; c]);
    norm::layernorm_forward(&mut y, &mut mean, &mut rstd, &x, &w, &b, 1e-5);
    norm::layernorm_backward(&mut dx, &mut dw, &mut db, &dy, &x, &w, &mean, &rstd);
    [&y, &dx, &dw, &db].iter().for_each(|x| hash.add(x));
    norm::rmsnorm_forward(&mut y, &mut rstd, &x, Some(&w), 1e-6);
    norm::rmsnorm_backward(&mut dx, Some(&mut dw), &dy, &x, Some(&w), &rstd);
    [&y, &dx, &dw].iter().for_each(|x| hash.add(x));

    let at = HeadRows { rows: n, time: n, row_stride: c, offset: 1, heads: 2, head_dim: 14 };
    let mut rstd = vec![0.0; n * 2];
    heads::norm_forward(&mut y, &mut rstd, &x, &at, None, 1e-6);
    rope::rotate(&mut y, &at, &rope::Table::new(500 + n, 14, 10_000.0), 500, rope::Turn::Forward);
    heads::norm_backward(&mut dx, None, &dy, &x, &at, None, &rstd);
    hash.add(&y);
    hash.add(&dx);

    let (ids, targets) = ([3, 0, 3, 1, 6, 2, 2], [28, 0, loss::IGNORE, 7, 7, 3, 11]);
    embedding::backward(&mut dx, &dy, &ids);
    elementwise::bias_backward(&mut db, &dx);
    hash.add(&db);
    let (mut logits, mut losses) = (x, vec![0.0; n]);
    loss::softcap_forward(&mut logits, 2.5);
    loss::cross_entropy_backward(&mut logits, &mut losses, &targets, &dy[..n]);
    hash.add(&losses);
    hash.add(&logits);
}

fn pointwise(hash: &mut Hash) {
    let n = 403;
    let (x, up, dy) = (numbers(41, n), numbers(42, n), numbers(43, n));
    let (mut y, mut other) = (vec![0.0; n], vec![0.0; n]);
    activation::gelu_forward(&mut y, &x);
    hash.add(&y);
    activation::gelu_backward(&mut y, &dy, &x);
    hash.add(&y);
    activation::swiglu_forward(&mut y, &x, &up);
    hash.add(&y);
    activation::swiglu_backward(&mut y, &mut other, &dy, &x, &up);
    hash.add(&y);
    hash.add(&other);
    activation::relu2_backward(&mut y, &dy, &x);
    hash.add(&y);
    // Far outside of the polynomial, where a difference between builds would hide.
    let mut wide: Vec<f32> = x.iter().map(|x| x * x * x * 40.0).collect();
    elementwise::softmax_rows(&mut wide, 31);
    hash.add(&wide);
}

fn attentions(hash: &mut Hash) {
    let d = Dims { batch: 2, q_time: 37, k_time: 37, heads: 4, kv_heads: 2, head_dim: 6 };
    let row = 8 * 6;
    let qkv = numbers(51, 2 * 37 * row);
    let dout = numbers(52, 2 * 37 * 24);
    let part = |offset| Rows { data: &qkv, row_stride: row, offset };
    let first: Vec<u32> = (0..2 * 37).map(|i| if i % 37 < 20 { 0 } else { 20 }).collect();
    let mask = Mask { visible_from: Some(&first), slopes: Some(&[0.5, 0.25, 0.125, 0.0625]) };
    let (mut out, mut probs, mut dqkv) = (vec![0.0; dout.len()], vec![0.0; 2 * 4 * 37 * 37], vec![0.0; qkv.len()]);
    let mut pack = Pack::default();
    attention::forward(&mut out, &mut probs, part(0), part(24), part(36), &mask, &d, &mut pack);
    attention::backward(&mut dqkv, &mut Vec::new(), &dout, &probs, part(0), part(24), part(36), &d, &mut pack);
    [&out, &probs, &dqkv].iter().for_each(|x| hash.add(x));
}

fn updates(hash: &mut Hash) {
    let n = 101;
    let (mut p, mut m, mut v) = (numbers(61, n), vec![0.0; n], vec![0.0; n]);
    let mut average = p.clone();
    for step in 1..6 {
        let g = numbers(61 + step as u32, n);
        let scale = (1.0 / optimizer::norm_squared(&g)) as f32;
        optimizer::AdamW { lr: 1e-2, beta1: 0.9, beta2: 0.95, eps: 1e-8, weight_decay: 0.1 }
            .step(&mut p, &g, &mut m, &mut v, step, scale);
        optimizer::Lion { lr: 1e-3, beta1: 0.9, beta2: 0.98, weight_decay: 0.1 }.step(&mut p, &g, &mut m, scale);
        optimizer::average(&mut average, &p, step);
    }
    [&p, &m, &v, &average].iter().for_each(|x| hash.add(x));
}
