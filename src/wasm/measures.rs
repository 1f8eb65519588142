//! More work on random numbers, for measuring this machine: part of the build of `cargo xtask bench`, not of the page's.

use super::bench::BenchStep;
use super::convert::js_error;
use crate::error::{Error, Result};
use crate::generate::{Generator, Sampling};
use crate::kernels::activation::{gelu_backward, gelu_forward};
use crate::kernels::elementwise::softmax_rows;
use crate::kernels::loss::{cross_entropy, cross_entropy_backward};
use crate::kernels::matmul::{Mat, MatMut, Pack, Write, matmul};
use crate::kernels::norm::{layernorm_forward, rmsnorm_forward};
use crate::rng::{Purpose, Rng};
use alloc::vec;
use alloc::vec::Vec;
use wasm_bindgen::prelude::*;

/// Writes `count` tokens behind eight others through the cache, with the weights of a bench; the window slides when the
/// context is full.
#[wasm_bindgen(js_name = benchGenerate)]
pub fn bench_generate(bench: &BenchStep, count: usize) -> core::result::Result<(), JsValue> {
    let write = || -> Result<()> {
        let session = &bench.session;
        let prompt = &session.split().train[..8];
        let mut text = Generator::new(session.model(), session.shown_params(), prompt, Sampling::default())?;
        (0..count).try_for_each(|_| text.next().map(drop))
    };
    write().map_err(js_error)
}

const ROWS: usize = 768;
const WIDTH: usize = 128;
const VOCABULARY: usize = 65;

/// A kernel's work on the rows of the reference step (768 rows, 128 wide, 65 ids), `rounds` times. Returns the
/// floating-point operations of a round for `matmul`, the values of a round for the others.
///
/// # Errors
/// For a name that is none.
#[wasm_bindgen(js_name = benchKernel)]
pub fn bench_kernel(name: &str, rounds: usize) -> core::result::Result<f64, JsValue> {
    let mut data = Data::new();
    (0..rounds.max(1)).try_fold(0.0, |_, _| data.round(name)).map_err(js_error)
}

/// What kernels read and write.
struct Data {
    /// (rows, 4 width)
    inp: Vec<f32>,
    dout: Vec<f32>,
    out: Vec<f32>,
    /// (width, 4 width)
    weights: Vec<f32>,
    gain: Vec<f32>,
    mean: Vec<f32>,
    rstd: Vec<f32>,
    pack: Pack,
    logits: Vec<f32>,
    losses: Vec<f32>,
    targets: Vec<u32>,
    shares: Vec<f32>,
}

impl Data {
    fn new() -> Self {
        let mut rng = Rng::new(1, Purpose::Test, 0);
        let mut numbers = |n: usize| -> Vec<f32> { (0..n).map(|_| rng.unit() as f32 - 0.5).collect() };
        Self {
            inp: numbers(ROWS * 4 * WIDTH),
            dout: numbers(ROWS * 4 * WIDTH),
            out: vec![0.0; ROWS * 4 * WIDTH],
            weights: numbers(4 * WIDTH * WIDTH),
            gain: numbers(WIDTH),
            mean: vec![0.0; ROWS],
            rstd: vec![0.0; ROWS],
            pack: Pack::default(),
            logits: numbers(ROWS * VOCABULARY),
            losses: vec![0.0; ROWS],
            targets: (0..ROWS).map(|row| (row % VOCABULARY) as u32).collect(),
            shares: vec![1.0 / ROWS as f32; ROWS],
        }
    }

    fn round(&mut self, name: &str) -> Result<f64> {
        let (narrow, wide) = (ROWS * WIDTH, ROWS * 4 * WIDTH);
        let Self { inp, dout, out, weights, gain, mean, rstd, pack, logits, losses, targets, shares } = self;
        Ok(match name {
            // The first half of the MLP: (rows, width) · (width, 4 width).
            "matmul" => {
                let (a, b) = (Mat::new(&inp[..narrow], ROWS, WIDTH), Mat::new(weights, WIDTH, 4 * WIDTH));
                matmul(MatMut::new(out, ROWS, 4 * WIDTH), Write::Set, a, b, pack);
                2 * WIDTH * wide
            }
            "gelu" => {
                gelu_forward(out, inp);
                wide
            }
            "gelu backward" => {
                gelu_backward(out, dout, inp);
                wide
            }
            "softmax" => {
                out[..narrow].copy_from_slice(&inp[..narrow]);
                softmax_rows(&mut out[..narrow], WIDTH);
                narrow
            }
            "layer norm" => {
                layernorm_forward(&mut out[..narrow], mean, rstd, &inp[..narrow], gain, gain, 1e-5);
                narrow
            }
            "RMS norm" => {
                rmsnorm_forward(&mut out[..narrow], rstd, &inp[..narrow], Some(gain), 1e-5);
                narrow
            }
            "cross-entropy" => {
                cross_entropy(losses, logits, targets);
                cross_entropy_backward(logits, losses, targets, shares);
                ROWS * VOCABULARY
            }
            found => {
                let expected = "the name of a kernel that is measured".into();
                return Err(Error::Setting { name: "kernel", expected, found: found.into() });
            }
        } as f64)
    }
}
