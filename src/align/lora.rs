//! Low-rank adapters: a few numbers beside each matrix are trained, the matrices themselves stay.
//! Source: Hu et al. 2021, arXiv:2106.09685, section 4.1.

use alloc::format;
use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::kernels::elementwise;
use crate::kernels::matmul::{Mat, MatMut, Pack, Write, matmul};
use crate::model::{Model, Start, Table, Tensor};
use crate::rng::{Purpose, Rng};
use crate::train::View;

/// Which matrices get adapters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Targets {
    /// Those of attention.
    Attention,
    /// Those of the MLP.
    Mlp,
    /// All matrices of the blocks.
    Blocks,
}

impl Targets {
    fn include(self, tensor: &Tensor) -> bool {
        let attention = tensor.name.contains("attn.");
        tensor.is_block_matrix()
            && match self {
                Self::Attention => attention,
                Self::Mlp => !attention,
                Self::Blocks => true,
            }
    }
}

/// One matrix and its adapter.
#[derive(Debug, Clone)]
struct Adapter {
    /// In the model's weights; (in, out) or (out, in).
    weight: Range<usize>,
    n_in: usize,
    n_out: usize,
    /// A (rank, in) and B (out, rank) in the adapters.
    a: Range<usize>,
    b: Range<usize>,
}

/// Adapters of a model whose own weights stay: W + scale · B·A for each target W.
pub struct Lora {
    table: Table,
    adapters: Vec<Adapter>,
    rank: usize,
    scale: f32,
    in_first: bool,
    base: Vec<f32>,
    /// Weights with the adapters in them.
    merged: Vec<f32>,
    gradient: Vec<f32>,
    /// Room for one product B·A, or its transpose.
    product: Vec<f32>,
    pack: Pack,
}

impl Lora {
    /// Adapters of rank `rank` for `targets`; `scale` = alpha / rank.
    ///
    /// # Errors
    /// [`Error::Setting`] for a rank that is 0 or larger than the smallest side of a target, or other than the model's
    /// number of weights.
    pub fn new(model: &Model, base: Vec<f32>, targets: Targets, rank: usize, scale: f32) -> Result<Self> {
        let setting = |name, expected, found| Err(Error::Setting { name, expected, found });
        if base.len() != model.table().total() {
            return setting("weights", format!("{} numbers", model.table().total()), base.len().to_string());
        }
        let chosen: Vec<&Tensor> = model.table().tensors().iter().filter(|t| targets.include(t)).collect();
        let most = chosen.iter().flat_map(|t| &t.shape).copied().min().unwrap_or(0);
        if !(1..=most).contains(&rank) {
            return setting("rank", format!("1..={most}"), rank.to_string());
        }
        let in_first = model.config().stores_inputs_first();
        let sides = |t: &Tensor| if in_first { (t.shape[0], t.shape[1]) } else { (t.shape[1], t.shape[0]) };
        let table = Table::of(chosen.iter().flat_map(|tensor| {
            let (n_in, n_out) = sides(tensor);
            let name = tensor.name.trim_end_matches(".weight");
            let spread = Start::Normal(1.0 / libm::sqrtf(n_in as f32));
            [
                (format!("{name}.lora_A.weight"), vec![rank, n_in], spread),
                // Zero: the first step starts from the model as it is.
                (format!("{name}.lora_B.weight"), vec![n_out, rank], Start::Constant(0.0)),
            ]
        }));
        let adapter = |(tensor, ab): (&&Tensor, &[Tensor])| {
            let (n_in, n_out) = sides(tensor);
            Adapter { weight: tensor.range(), n_in, n_out, a: ab[0].range(), b: ab[1].range() }
        };
        let adapters: Vec<Adapter> = chosen.iter().zip(table.tensors().chunks_exact(2)).map(adapter).collect();
        let largest = adapters.iter().map(|a| a.weight.len()).max().unwrap_or(0);
        let (merged, gradient, product) = (base.clone(), vec![0.0; table.total()], vec![0.0; largest]);
        let pack = Pack::default();
        Ok(Self { table, adapters, rank, scale, in_first, base, merged, gradient, product, pack })
    }

    /// Adapters as they start, in the order of [`Lora::table`].
    pub fn init(&self, seed: u64) -> Vec<f32> {
        let mut out = vec![0.0; self.table.total()];
        for (index, tensor) in self.table.tensors().iter().enumerate() {
            if let Start::Normal(deviation) = tensor.start {
                let mut rng = Rng::new(seed, Purpose::Adapters, index as u64);
                out[tensor.range()].iter_mut().for_each(|v| *v = (rng.normal() * f64::from(deviation)) as f32);
            }
        }
        out
    }

    /// Name, shape and place of every adapter: A (rank, in) and B (out, rank) of each target in turn.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The model's weights without adapters.
    pub fn base(&self) -> &[f32] {
        &self.base
    }

    /// The model's weights with the adapters in them: a model like any other.
    pub fn merged(&self) -> &[f32] {
        &self.merged
    }

    /// Takes `adapters` out of `merged` weights; what is left differs from the base by rounding alone.
    ///
    /// # Panics
    /// If a length disagrees.
    pub fn unmerge(&self, merged: &mut [f32], adapters: &[f32]) {
        assert_eq!(merged.len(), self.base.len(), "the model's weights");
        let (mut product, mut pack) = (vec![0.0; self.product.len()], Pack::default());
        self.add_products(merged, adapters, -self.scale, (&mut product, &mut pack));
    }

    /// Adds `factor` · B·A to every target in `params`.
    fn add_products(&self, params: &mut [f32], adapters: &[f32], factor: f32, (room, pack): (&mut [f32], &mut Pack)) {
        for Adapter { weight, n_in, n_out, a, b } in &self.adapters {
            let (n_in, n_out, rank) = (*n_in, *n_out, self.rank);
            let a = Mat::new(&adapters[a.clone()], rank, n_in);
            let b = Mat::new(&adapters[b.clone()], n_out, rank);
            let product = &mut room[..weight.len()];
            if self.in_first {
                matmul(MatMut::new(product, n_in, n_out), Write::Set, a.t(), b.t(), pack);
            } else {
                matmul(MatMut::new(product, n_out, n_in), Write::Set, b, a, pack);
            }
            elementwise::scale(product, factor);
            elementwise::add_assign(&mut params[weight.clone()], product);
        }
    }
}

impl View for Lora {
    fn table<'a>(&'a self, _model: &'a Model) -> &'a Table {
        &self.table
    }

    fn params<'a>(&'a self, _trained: &'a [f32]) -> &'a [f32] {
        &self.merged
    }

    fn gradient<'a>(&'a mut self, trained: &[f32], gradient: &'a [f32]) -> &'a [f32] {
        let (rank, pack) = (self.rank, &mut self.pack);
        for Adapter { weight, n_in, n_out, a, b } in &self.adapters {
            let (n_in, n_out) = (*n_in, *n_out);
            // dW (out, in), however it is stored.
            let dw = if self.in_first {
                Mat::new(&gradient[weight.clone()], n_in, n_out).t()
            } else {
                Mat::new(&gradient[weight.clone()], n_out, n_in)
            };
            let (a_now, b_now) =
                (Mat::new(&trained[a.clone()], rank, n_in), Mat::new(&trained[b.clone()], n_out, rank));
            matmul(MatMut::new(&mut self.gradient[a.clone()], rank, n_in), Write::Set, b_now.t(), dw, pack);
            matmul(MatMut::new(&mut self.gradient[b.clone()], n_out, rank), Write::Set, dw, a_now.t(), pack);
        }
        elementwise::scale(&mut self.gradient, self.scale);
        &self.gradient
    }

    fn changed(&mut self, trained: &[f32]) {
        let (mut merged, mut product) = (core::mem::take(&mut self.merged), core::mem::take(&mut self.product));
        let mut pack = core::mem::take(&mut self.pack);
        merged.copy_from_slice(&self.base);
        self.add_products(&mut merged, trained, self.scale, (&mut product, &mut pack));
        (self.merged, self.product, self.pack) = (merged, product, pack);
    }
}
