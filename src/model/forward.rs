//! The forward pass as a list of kernel calls. Training, inspection and cached decoding run this one code.

use super::activations::{Activations, Layer};
use super::cache::Past;
use super::config::{Config, Mlp, Norm, Position, QkNorm};
use super::table::{LayerSlots, Linear, NormSlots};
use super::{Model, slope_of};
use crate::kernels::attention::{self, Dims, Mask, Rows};
use crate::kernels::heads::{self, HeadRows};
use crate::kernels::matmul::{Mat, MatMut, Pack, Write, matmul};
use crate::kernels::{activation, elementwise, embedding, loss, norm, rope};
use alloc::vec::Vec;

/// Shape of a pass: B rows of T new tokens that follow `past` cached ones.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub batch: usize,
    pub time: usize,
    pub past: usize,
}

impl Shape {
    pub fn rows(self) -> usize {
        self.batch * self.time
    }
}

/// Layout of one projection's heads in a fused row.
pub(super) fn head_rows(config: &Config, shape: Shape, heads: usize, first_head: usize) -> HeadRows {
    let head_dim = config.head_dim();
    let (rows, time, row_stride) = (shape.rows(), shape.time, config.qkv_width());
    HeadRows { rows, time, row_stride, offset: first_head * head_dim, heads, head_dim }
}

/// A weight (in, out) as its matrix, whatever its storage.
pub(super) fn weight<'a>(params: &'a [f32], linear: &Linear) -> Mat<'a> {
    let values = &params[linear.weight.clone()];
    if linear.in_first {
        Mat::new(values, linear.n_in, linear.n_out)
    } else {
        Mat::new(values, linear.n_out, linear.n_in).t()
    }
}

impl Model {
    /// Runs `tokens` (B,T) and leaves every intermediate value and the logits in `acts`.
    ///
    /// # Panics
    /// If an id is not below V, `time` is beyond the context, or the buffers are too small: callers have validated.
    pub fn forward(&self, params: &[f32], acts: &mut Activations, tokens: &[u32], batch: usize, time: usize) {
        assert_eq!(tokens.len(), batch * time, "B·T tokens");
        assert!(time <= self.config.context, "{time} tokens in a context of {}", self.config.context);
        acts.resize(batch, time, time);
        #[cfg(any(not(feature = "wasm"), feature = "wasm-lessons"))]
        {
            acts.ids.clear();
            acts.ids.extend_from_slice(tokens);
        }
        let shape = Shape { batch, time, past: 0 };
        if let Some(start) = self.config.document_start {
            for (row, from) in tokens.chunks_exact(time).zip(acts.visible_from.chunks_exact_mut(time)) {
                let mut first = 0;
                for (t, (&id, from)) in row.iter().zip(from).enumerate() {
                    if id == start {
                        first = t as u32;
                    }
                    *from = first;
                }
            }
        }
        self.blocks(params, acts, tokens, shape);
        self.head(params, acts, 0, shape.rows());
    }

    /// Embedding, blocks and last norm.
    fn blocks(&self, params: &[f32], acts: &mut Activations, tokens: &[u32], shape: Shape) {
        self.embed(params, acts, tokens, shape);
        let Activations { embedding, layers, hidden, hidden_mean, hidden_rstd, visible_from, pack, .. } = acts;
        let n = shape.rows() * self.config.width;
        let mut stream: &[f32] = &embedding[..n];
        let seen = self.config.document_start.map(|_| &visible_from[..shape.rows()]);
        for (layer, slots) in layers.iter_mut().zip(&self.slots.layers) {
            Block { model: self, params, slots, shape }.run(layer, stream, seen, None, pack);
            stream = &layer.out[..n];
        }
        let rows = shape.rows();
        let saved = (&mut hidden_mean[..rows], &mut hidden_rstd[..rows]);
        normalise(&self.config, params, &self.slots.norm, &mut hidden[..n], saved, stream);
    }

    /// The same for tokens that follow those in `past`. Every block writes into the buffers of the first: nothing but keys
    /// and values is needed again.
    pub(super) fn blocks_after(
        &self,
        params: &[f32],
        acts: &mut Activations,
        tokens: &[u32],
        shape: Shape,
        past: &mut [Past],
    ) {
        self.embed(params, acts, tokens, shape);
        let Activations { embedding: stream, layers, hidden, hidden_mean, hidden_rstd, visible_from, pack, .. } = acts;
        let (rows, n, layer) = (shape.rows(), shape.rows() * self.config.width, &mut layers[0]);
        let seen = self.config.document_start.map(|_| &visible_from[..rows]);
        for (slots, past) in self.slots.layers.iter().zip(past) {
            Block { model: self, params, slots, shape }.run(layer, &stream[..n], seen, Some(past), pack);
            core::mem::swap(stream, &mut layer.out);
        }
        let saved = (&mut hidden_mean[..rows], &mut hidden_rstd[..rows]);
        normalise(&self.config, params, &self.slots.norm, &mut hidden[..n], saved, &stream[..n]);
    }

    fn embed(&self, params: &[f32], acts: &mut Activations, tokens: &[u32], shape: Shape) {
        let (c, n) = (self.config.width, shape.rows() * self.config.width);
        let table = &params[self.slots.embedding.clone()];
        let into = if self.config.embedding_norm { &mut acts.raw_embedding } else { &mut acts.embedding };
        embedding::forward(&mut into[..n], table, tokens);
        if let Some(range) = &self.slots.positions {
            let positions = &params[range.clone()][shape.past * c..(shape.past + shape.time) * c];
            into[..n].chunks_exact_mut(shape.time * c).for_each(|row| elementwise::add_assign(row, positions));
        }
        if self.config.embedding_norm {
            let (out, rstd) = (&mut acts.embedding[..n], &mut acts.embedding_rstd[..shape.rows()]);
            norm::rmsnorm_forward(out, rstd, &acts.raw_embedding[..n], None, self.config.norm_eps);
        }
    }

    /// Logits of the hidden rows `first .. first + rows`, from the first row of the buffer on.
    pub(super) fn head(&self, params: &[f32], acts: &mut Activations, first: usize, rows: usize) {
        let (v, c) = (self.config.vocab_size, self.config.width);
        self.logits_of(params, &acts.hidden[first * c..], &mut acts.logits[..rows * v], &mut acts.pack);
    }

    /// `logits` (N,V) of `hidden` (N,C).
    pub(super) fn logits_of(&self, params: &[f32], hidden: &[f32], logits: &mut [f32], pack: &mut Pack) {
        let (v, c) = (self.config.vocab_size, self.config.width);
        let rows = logits.len() / v;
        let head = Mat::new(&params[self.slots.head.clone()], v, c).t();
        matmul(MatMut::new(logits, rows, v), Write::Set, Mat::new(hidden, rows, c), head, pack);
        if let Some(cap) = self.config.softcap {
            loss::softcap_forward(logits, cap);
        }
    }
}

/// One block of one pass.
struct Block<'a> {
    model: &'a Model,
    params: &'a [f32],
    slots: &'a LayerSlots,
    shape: Shape,
}

impl Block<'_> {
    fn run(&self, a: &mut Layer, stream: &[f32], seen: Option<&[u32]>, past: Option<&mut Past>, pack: &mut Pack) {
        let (config, rows) = (&self.model.config, self.shape.rows());
        let (n, inner) = (rows * config.width, rows * config.mlp_width);
        let saved = (&mut a.norm1_mean[..rows], &mut a.norm1_rstd[..rows]);
        normalise(config, self.params, &self.slots.norm1, &mut a.norm1[..n], saved, stream);
        self.project(a, pack);
        self.attend(a, seen, past, pack);
        #[cfg(any(not(feature = "wasm"), feature = "wasm-lessons"))]
        a.off.silence_heads(&mut a.mixed[..n], config);
        self.linear(&self.slots.out, &mut a.middle[..n], &a.mixed[..n], pack);
        elementwise::add_assign(&mut a.middle[..n], stream);

        let saved = (&mut a.norm2_mean[..rows], &mut a.norm2_rstd[..rows]);
        normalise(config, self.params, &self.slots.norm2, &mut a.norm2[..n], saved, &a.middle[..n]);
        self.linear(&self.slots.mlp_in, &mut a.inner[..inner], &a.norm2[..n], pack);
        if let Some(up) = &self.slots.mlp_up {
            self.linear(up, &mut a.up[..inner], &a.norm2[..n], pack);
        }
        match config.mlp {
            Mlp::Gelu => activation::gelu_forward(&mut a.active[..inner], &a.inner[..inner]),
            Mlp::SwiGlu => activation::swiglu_forward(&mut a.active[..inner], &a.inner[..inner], &a.up[..inner]),
            Mlp::Relu2 => activation::relu2_forward(&mut a.active[..inner], &a.inner[..inner]),
        }
        self.linear(&self.slots.mlp_out, &mut a.out[..n], &a.active[..inner], pack);
        #[cfg(any(not(feature = "wasm"), feature = "wasm-lessons"))]
        a.off.silence_mlp(&mut a.out[..n]);
        elementwise::add_assign(&mut a.out[..n], &a.middle[..n]);
    }

    /// `out` (N,out) = `inp` (N,in) · W + b.
    fn linear(&self, linear: &Linear, out: &mut [f32], inp: &[f32], pack: &mut Pack) {
        self.linear_into(linear, out, 0, linear.n_out, inp, pack);
    }

    /// The same into columns `first ..` of rows of `stride` values.
    fn linear_into(&self, linear: &Linear, out: &mut [f32], first: usize, stride: usize, inp: &[f32], pack: &mut Pack) {
        let rows = self.shape.rows();
        let target = MatMut::strided(&mut out[first..], rows, linear.n_out, stride);
        matmul(target, Write::Set, Mat::new(inp, rows, linear.n_in), weight(self.params, linear), pack);
        if let Some(bias) = &linear.bias {
            for row in out.chunks_exact_mut(stride) {
                elementwise::add_assign(&mut row[first..first + linear.n_out], &self.params[bias.clone()]);
            }
        }
    }

    /// Queries, keys and values, normalised and rotated.
    fn project(&self, a: &mut Layer, pack: &mut Pack) {
        let (config, rows) = (&self.model.config, self.shape.rows());
        let stride = config.qkv_width();
        let n = rows * stride;
        for (linear, first) in &self.slots.qkv {
            self.linear_into(linear, &mut a.raw[..n], *first, stride, &a.norm1[..rows * config.width], pack);
        }
        let q = head_rows(config, self.shape, config.heads, 0);
        let k = head_rows(config, self.shape, config.kv_heads, config.heads);
        let turn = self.model.turn();
        if config.qk_norm == QkNorm::Plain {
            self.rotate(&mut a.raw[..n], &[q, k], turn);
        }
        a.qkv[..n].copy_from_slice(&a.raw[..n]);
        if config.qk_norm != QkNorm::None {
            let gain = |range: &Option<core::ops::Range<usize>>| range.clone().map(|r| &self.params[r]);
            let (raw, eps) = (&a.raw[..n], config.norm_eps);
            let q_rstd = &mut a.q_rstd[..rows * config.heads];
            heads::norm_forward(&mut a.qkv[..n], q_rstd, raw, &q, gain(&self.slots.q_gain), eps);
            let k_rstd = &mut a.k_rstd[..rows * config.kv_heads];
            heads::norm_forward(&mut a.qkv[..n], k_rstd, raw, &k, gain(&self.slots.k_gain), eps);
        }
        if config.qk_norm != QkNorm::Plain {
            self.rotate(&mut a.qkv[..n], &[q, k], turn);
        }
    }

    fn rotate(&self, x: &mut [f32], parts: &[HeadRows], turn: rope::Turn) {
        if let Some(table) = &self.model.rope {
            parts.iter().for_each(|at| rope::rotate(x, at, table, self.shape.past, turn));
        }
    }

    fn attend(&self, a: &mut Layer, seen: Option<&[u32]>, past: Option<&mut Past>, pack: &mut Pack) {
        let config = &self.model.config;
        let Shape { batch, time, past: past_time } = self.shape;
        let (stride, d) = (config.qkv_width(), config.head_dim());
        let qkv = &a.qkv[..batch * time * stride];
        let (k_first, v_first) = (config.heads * d, (config.heads + config.kv_heads) * d);
        let row = |offset| Rows { data: qkv, row_stride: stride, offset };
        let (keys, values) = match past {
            None => (row(k_first), row(v_first)),
            Some(past) => past.extend(qkv, stride, k_first, v_first),
        };
        let (heads, kv_heads) = (config.heads, config.kv_heads);
        let dims = Dims { batch, q_time: time, k_time: past_time + time, heads, kv_heads, head_dim: d };
        let mask = Mask { visible_from: seen, slopes: self.model.slopes.as_deref() };
        let probs = &mut a.probs[..batch * heads * time * dims.k_time];
        let mixed = &mut a.mixed[..batch * time * config.width];
        attention::forward(mixed, probs, row(0), keys, values, &mask, &dims, pack);
    }
}

/// Norm of every row; `saved` = (mean, reciprocal deviation).
pub(super) fn normalise(
    config: &Config,
    params: &[f32],
    slots: &NormSlots,
    out: &mut [f32],
    saved: (&mut [f32], &mut [f32]),
    inp: &[f32],
) {
    let part = |range: &Option<core::ops::Range<usize>>| range.clone().map(|r| &params[r]);
    match (config.norm, part(&slots.gain), part(&slots.bias)) {
        (Norm::Layer, Some(gain), Some(bias)) => {
            norm::layernorm_forward(out, saved.0, saved.1, inp, gain, bias, config.norm_eps);
        }
        (_, gain, _) => norm::rmsnorm_forward(out, saved.1, inp, gain, config.norm_eps),
    }
}

/// Slopes of ALiBi for H heads (Press et al. 2021): 2^(-8(h+1)/n) for n the largest power of two up to H, then every
/// other slope of 2n.
pub(super) fn slopes(config: &Config) -> Option<Vec<f32>> {
    (config.position == Position::Alibi).then(|| (0..config.heads).map(|h| slope_of(h, config.heads)).collect())
}
