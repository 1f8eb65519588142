//! Work whose speed is compared within one run: fast kernels, loops that do the same in the plainest way, and whole steps.
//! Nothing here looks at a clock; who calls it does.

use glassgpt::kernels::activation::gelu_forward;
use glassgpt::kernels::elementwise::softmax_rows;
use glassgpt::kernels::matmul::{Mat, MatMut, Pack, Write, matmul};
use glassgpt::kernels::norm::layernorm_forward;
use glassgpt::kernels::optimizer::AdamW;
use glassgpt::model::Config;
use glassgpt::rng::{Purpose, Rng};
use glassgpt::train::{Session, Settings, Split};

/// Sizes of the reference step: rows of a batch, width, ids.
const ROWS: usize = 768;
const WIDTH: usize = 128;
const VOCABULARY: usize = 65;

/// Names of the kernels that have a plain twin here, in order.
pub const KERNELS: [&str; 7] =
    ["product", "product with a transpose", "transpose with a product", "gelu", "softmax", "layer norm", "AdamW"];

/// What the kernels read and write.
pub struct Kernels {
    /// (ROWS, 4 WIDTH)
    inp: Vec<f32>,
    out: Vec<f32>,
    /// (WIDTH, 4 WIDTH); also parameters.
    weights: Vec<f32>,
    /// Sums of AdamW.
    moments: [Vec<f32>; 2],
    rows: [Vec<f32>; 2],
    pack: Pack,
}

impl Default for Kernels {
    fn default() -> Self {
        let mut rng = Rng::new(1, Purpose::Test, 0);
        let mut numbers = |n: usize| -> Vec<f32> { (0..n).map(|_| rng.unit() as f32 - 0.5).collect() };
        let (inp, weights) = (numbers(ROWS * 4 * WIDTH), numbers(4 * WIDTH * WIDTH));
        let moments = [vec![0.0; weights.len()], vec![0.0; weights.len()]];
        let rows = [vec![0.0; ROWS], vec![0.0; ROWS]];
        Self { out: vec![0.0; inp.len()], inp, weights, moments, rows, pack: Pack::default() }
    }
}

/// Floating-point operations of the product of [`Kernels::run`].
pub const PRODUCT_FLOPS: f64 = (2 * ROWS * WIDTH * 4 * WIDTH) as f64;

const ADAMW: AdamW = AdamW { lr: 1e-3, beta1: 0.9, beta2: 0.99, eps: 1e-8, weight_decay: 0.1 };

impl Kernels {
    /// Runs a kernel of [`KERNELS`] once, the fast way or the plain one; false for a name that is none.
    pub fn run(&mut self, name: &str, plain: bool) -> bool {
        let Self { inp, out, weights, moments: [m, v], rows: [mean, rstd], pack } = self;
        let (narrow, wide) = (ROWS * WIDTH, ROWS * 4 * WIDTH);
        let (x, w) = (&inp[..narrow], &weights[..]);
        match (name, plain) {
            ("product", false) => {
                let (a, b) = (Mat::new(x, ROWS, WIDTH), Mat::new(w, WIDTH, 4 * WIDTH));
                matmul(MatMut::new(out, ROWS, 4 * WIDTH), Write::Set, a, b, pack);
            }
            ("product", true) => {
                product(out, [ROWS, 4 * WIDTH, WIDTH], |i, k| x[i * WIDTH + k], |k, j| w[k * 4 * WIDTH + j])
            }
            ("product with a transpose", false) => {
                let (a, b) = (Mat::new(inp, ROWS, 4 * WIDTH), Mat::new(w, WIDTH, 4 * WIDTH).t());
                matmul(MatMut::new(&mut out[..narrow], ROWS, WIDTH), Write::Set, a, b, pack);
            }
            ("product with a transpose", true) => product(
                &mut out[..narrow],
                [ROWS, WIDTH, 4 * WIDTH],
                |i, k| inp[i * 4 * WIDTH + k],
                |k, j| w[j * 4 * WIDTH + k],
            ),
            ("transpose with a product", false) => {
                let (a, b) = (Mat::new(x, ROWS, WIDTH).t(), Mat::new(&inp[..wide], ROWS, 4 * WIDTH));
                matmul(MatMut::new(&mut out[..w.len()], WIDTH, 4 * WIDTH), Write::Set, a, b, pack);
            }
            ("transpose with a product", true) => product(
                &mut out[..4 * WIDTH * WIDTH],
                [WIDTH, 4 * WIDTH, ROWS],
                |i, k| x[k * WIDTH + i],
                |k, j| inp[k * 4 * WIDTH + j],
            ),
            ("gelu", false) => gelu_forward(out, inp),
            ("gelu", true) => out.iter_mut().zip(inp).for_each(|(y, x)| *y = gelu(*x)),
            ("softmax", _) => {
                out[..narrow].copy_from_slice(x);
                if plain {
                    out[..narrow].chunks_mut(WIDTH).for_each(softmax);
                } else {
                    softmax_rows(&mut out[..narrow], WIDTH);
                }
            }
            ("layer norm", false) => {
                layernorm_forward(&mut out[..narrow], mean, rstd, x, &w[..WIDTH], &w[WIDTH..2 * WIDTH], 1e-5);
            }
            ("layer norm", true) => {
                for (y, x) in out.chunks_mut(WIDTH).zip(x.chunks(WIDTH)) {
                    layer_norm(y, x, &w[..WIDTH], &w[WIDTH..2 * WIDTH]);
                }
            }
            ("AdamW", false) => ADAMW.step(weights, &inp[..m.len()], m, v, 10, 1.0),
            ("AdamW", true) => adamw(weights, inp, m, v),
            _ => return false,
        }
        true
    }

    /// What the last kernel left, summed up, so that a test can see that both ways do the same.
    pub fn sum(&self) -> f64 {
        self.out.iter().chain(&self.weights).map(|&x| f64::from(x)).sum()
    }
}

/// C (m, n), a sum over k at a time.
fn product(c: &mut [f32], [m, n, k]: [usize; 3], a: impl Fn(usize, usize) -> f32, b: impl Fn(usize, usize) -> f32) {
    for i in 0..m {
        for j in 0..n {
            c[i * n + j] = (0..k).map(|k| a(i, k) * b(k, j)).sum();
        }
    }
}

fn gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + (0.797_884_6 * (x + 0.044715 * x * x * x)).tanh())
}

fn softmax(row: &mut [f32]) {
    let most = row.iter().copied().fold(f32::MIN, f32::max);
    row.iter_mut().for_each(|x| *x = (*x - most).exp());
    let sum: f32 = row.iter().sum();
    row.iter_mut().for_each(|x| *x /= sum);
}

fn layer_norm(y: &mut [f32], x: &[f32], weight: &[f32], bias: &[f32]) {
    let n = x.len() as f32;
    let mean = x.iter().sum::<f32>() / n;
    let variance = x.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>() / n;
    for i in 0..x.len() {
        y[i] = (x[i] - mean) / (variance + 1e-5).sqrt() * weight[i] + bias[i];
    }
}

fn adamw(p: &mut [f32], g: &[f32], m: &mut [f32], v: &mut [f32]) {
    let AdamW { lr, beta1, beta2, eps, weight_decay } = ADAMW;
    let (c1, c2) = (1.0 - beta1.powi(10), 1.0 - beta2.powi(10));
    for i in 0..p.len() {
        m[i] = beta1 * m[i] + (1.0 - beta1) * g[i];
        v[i] = beta2 * v[i] + (1.0 - beta2) * g[i] * g[i];
        p[i] -= lr * (m[i] / c1 / ((v[i] / c2).sqrt() + eps) + weight_decay * p[i]);
    }
}

/// The reference model (4 layers, 4 heads, 128 wide, context 64, batch 12), in GPT-2 style or modern, on random ids.
///
/// # Errors
/// As [`Session::new`].
pub fn reference(modern: bool) -> glassgpt::Result<(Session, f64)> {
    let (context, batch) = (64, 12);
    let make = if modern { Config::modern } else { Config::gpt2 };
    let config = make(VOCABULARY, context, 4, 4, WIDTH);
    let flops = config.flops_per_token(context) as f64 * (batch * context) as f64;
    let mut rng = Rng::new(1, Purpose::Test, 0);
    let mut ids = |n: usize| -> Vec<u32> { (0..n).map(|_| rng.below(VOCABULARY) as u32).collect() };
    let split = Split { train: ids(4 * context + 4), validation: ids(context + 1), validation_bytes: context + 1 };
    Ok((Session::new(config, Settings { batch, ..Settings::default() }, split)?, flops))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plain_way_does_what_the_fast_one_does() {
        for name in KERNELS {
            let (mut fast, mut plain) = (Kernels::default(), Kernels::default());
            assert!(fast.run(name, false) && plain.run(name, true), "{name}");
            for (x, y) in [(&fast.out, &plain.out), (&fast.weights, &plain.weights)] {
                // Sums of up to 768 products below 1/4, in another order.
                let far = x.iter().zip(y).map(|(x, y)| (x - y).abs()).fold(0.0, f32::max);
                assert!(far < 1e-3, "{name}: {far}");
            }
            assert!(fast.sum() != Kernels::default().sum(), "{name} does nothing");
        }
        assert!(!Kernels::default().run("none", false));
    }
}
