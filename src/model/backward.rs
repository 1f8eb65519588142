//! The backward pass: the forward pass's list of kernels, read from its end.

use super::Model;
use super::activations::{Activations, Backward, Layer};
use super::config::{Config, Mlp, Norm, QkNorm};
use super::forward::{Shape, head_rows, weight};
use super::table::{LayerSlots, Linear, NormSlots};
use crate::kernels::attention::{self, Dims, Rows};
use crate::kernels::matmul::{Mat, MatMut, Pack, Write, matmul};
use crate::kernels::{activation, elementwise, embedding, heads, loss, norm, rope};

impl Model {
    /// Adds to `grads` the gradient of the objective whose derivative by the logits lies in
    /// [`Activations::logits_mut`]; `tokens` are those of the forward pass before.
    ///
    /// With a soft cap, `logits_mut` must hold the derivative by the capped logits and `capped` their values.
    ///
    /// # Panics
    /// If a length disagrees.
    pub fn backward(
        &self,
        params: &[f32],
        grads: &mut [f32],
        acts: &mut Activations,
        tokens: &[u32],
        capped: Option<&[f32]>,
    ) {
        assert_eq!(grads.len(), self.table.total(), "one gradient a parameter");
        self.head_backward(params, grads, acts, capped);
        self.blocks_backward(params, grads, acts, tokens);
    }

    /// The same for an objective of the hidden states after the last norm: `dhidden` (B,T,C) is its derivative by them.
    /// The language head has no part in it.
    ///
    /// # Panics
    /// If a length disagrees.
    pub fn backward_hidden(
        &self,
        params: &[f32],
        grads: &mut [f32],
        acts: &mut Activations,
        tokens: &[u32],
        dhidden: &[f32],
    ) {
        assert_eq!(grads.len(), self.table.total(), "one gradient a parameter");
        acts.backward.last[..dhidden.len()].copy_from_slice(dhidden);
        self.blocks_backward(params, grads, acts, tokens);
    }

    /// From the gradient of the hidden states, in `backward.last`, down to the embedding.
    fn blocks_backward(&self, params: &[f32], grads: &mut [f32], acts: &mut Activations, tokens: &[u32]) {
        let shape = Shape { batch: acts.batch, time: acts.time, past: 0 };
        let n = shape.rows() * self.config.width;
        let Activations { embedding, layers, hidden_mean, hidden_rstd, backward, pack, .. } = acts;
        let rows = shape.rows();
        backward.stream[..n].fill(0.0);
        let stream = layers.last().map_or(&embedding[..n], |l| &l.out[..n]);
        let saved = (&hidden_mean[..rows], &hidden_rstd[..rows]);
        let into = &mut backward.stream[..n];
        normalise_backward(&self.config, params, grads, &self.slots.norm, into, &backward.last[..n], stream, saved);
        for l in (0..layers.len()).rev() {
            let (before, from) = layers.split_at(l);
            let stream = before.last().map_or(&embedding[..n], |layer| &layer.out[..n]);
            let block = BlockBackward { model: self, params, slots: &self.slots.layers[l], shape };
            block.run(grads, &from[0], stream, backward, pack);
        }
        self.embed_backward(grads, acts, tokens, shape);
    }

    fn head_backward(&self, params: &[f32], grads: &mut [f32], acts: &mut Activations, capped: Option<&[f32]>) {
        let (v, c, rows) = (self.config.vocab_size, self.config.width, acts.batch * acts.time);
        if let (Some(cap), Some(capped)) = (self.config.softcap, capped) {
            loss::softcap_backward(&mut acts.logits[..rows * v], capped, cap);
        }
        let dlogits = Mat::new(&acts.logits[..rows * v], rows, v);
        let head = Mat::new(&params[self.slots.head.clone()], v, c);
        let last = &mut acts.backward.last[..rows * c];
        matmul(MatMut::new(last, rows, c), Write::Set, dlogits, head, &mut acts.pack);
        let dhead = MatMut::new(&mut grads[self.slots.head.clone()], v, c);
        matmul(dhead, Write::Add, dlogits.t(), Mat::new(&acts.hidden[..rows * c], rows, c), &mut acts.pack);
    }

    fn embed_backward(&self, grads: &mut [f32], acts: &mut Activations, tokens: &[u32], shape: Shape) {
        let (c, rows) = (self.config.width, shape.rows());
        let n = rows * c;
        let b = &mut acts.backward;
        if self.config.embedding_norm {
            b.norm[..n].fill(0.0);
            let (inp, rstd) = (&acts.raw_embedding[..n], &acts.embedding_rstd[..rows]);
            norm::rmsnorm_backward(&mut b.norm[..n], None, &b.stream[..n], inp, None, rstd);
            b.stream[..n].copy_from_slice(&b.norm[..n]);
        }
        let dstream = &b.stream[..n];
        if let Some(range) = &self.slots.positions {
            let dpositions = &mut grads[range.clone()][..shape.time * c];
            dstream.chunks_exact(shape.time * c).for_each(|row| elementwise::add_assign(dpositions, row));
        }
        embedding::backward(&mut grads[self.slots.embedding.clone()], dstream, tokens);
    }
}

struct BlockBackward<'a> {
    model: &'a Model,
    params: &'a [f32],
    slots: &'a LayerSlots,
    shape: Shape,
}

impl BlockBackward<'_> {
    /// `b.stream` holds the gradient of the block's output and is turned into that of its input `stream`.
    fn run(&self, grads: &mut [f32], a: &Layer, stream: &[f32], b: &mut Backward, pack: &mut Pack) {
        let (config, rows) = (&self.model.config, self.shape.rows());
        let n = rows * config.width;
        self.mlp(grads, a, b, pack);
        let saved = (&a.norm2_mean[..rows], &a.norm2_rstd[..rows]);
        let (slots, dnorm) = (&self.slots.norm2, &b.norm[..n]);
        normalise_backward(config, self.params, grads, slots, &mut b.stream[..n], dnorm, &a.middle[..n], saved);

        self.linear(&self.slots.out, grads, Some(&mut b.mixed[..n]), &b.stream[..n], &a.mixed[..n], pack);
        self.attend(a, b, pack);
        self.project(grads, a, b, pack);
        let saved = (&a.norm1_mean[..rows], &a.norm1_rstd[..rows]);
        let (slots, dnorm) = (&self.slots.norm1, &b.norm[..n]);
        normalise_backward(config, self.params, grads, slots, &mut b.stream[..n], dnorm, stream, saved);
    }

    /// Leaves the gradient of the second norm's output in `b.norm`.
    fn mlp(&self, grads: &mut [f32], a: &Layer, b: &mut Backward, pack: &mut Pack) {
        let (config, rows) = (&self.model.config, self.shape.rows());
        let (n, i) = (rows * config.width, rows * config.mlp_width);
        let (dactive, dinner) = (&mut b.active[..i], &mut b.inner[..i]);
        self.linear(&self.slots.mlp_out, grads, Some(dactive), &b.stream[..n], &a.active[..i], pack);
        match config.mlp {
            Mlp::Gelu => activation::gelu_backward(dinner, dactive, &a.inner[..i]),
            Mlp::Relu2 => activation::relu2_backward(dinner, dactive, &a.inner[..i]),
            Mlp::SwiGlu => {
                activation::swiglu_backward(dinner, &mut b.up[..i], dactive, &a.inner[..i], &a.up[..i]);
            }
        }
        self.linear(&self.slots.mlp_in, grads, Some(&mut b.norm[..n]), dinner, &a.norm2[..n], pack);
        if let Some(up) = &self.slots.mlp_up {
            self.linear_add(up, grads, &mut b.norm[..n], &b.up[..i], &a.norm2[..n], pack);
        }
    }

    fn attend(&self, a: &Layer, b: &mut Backward, pack: &mut Pack) {
        let config = &self.model.config;
        let Shape { batch, time, .. } = self.shape;
        let (row_stride, d) = (config.qkv_width(), config.head_dim());
        let n = batch * time * row_stride;
        let row = |first: usize| Rows { data: &a.qkv[..n], row_stride, offset: first * d };
        let (heads, kv_heads) = (config.heads, config.kv_heads);
        let dims = Dims { batch, q_time: time, k_time: time, heads, kv_heads, head_dim: d };
        let probs = &a.probs[..batch * heads * time * time];
        let (q, k, v) = (row(0), row(heads), row(heads + kv_heads));
        let dmixed = &b.mixed[..batch * time * config.width];
        attention::backward(&mut b.qkv[..n], &mut b.scratch, dmixed, probs, q, k, v, &dims, pack);
    }

    /// From the gradient of the normalised, rotated heads to that of the first norm's output, in `b.norm`.
    fn project(&self, grads: &mut [f32], a: &Layer, b: &mut Backward, pack: &mut Pack) {
        let (config, rows) = (&self.model.config, self.shape.rows());
        let (stride, c) = (config.qkv_width(), config.width);
        let n = rows * stride;
        let q = head_rows(config, self.shape, config.heads, 0);
        let k = head_rows(config, self.shape, config.kv_heads, config.heads);
        let back = match self.model.turn() {
            rope::Turn::Forward => rope::Turn::Back,
            rope::Turn::Back => rope::Turn::Forward,
        };
        let rotate = |x: &mut [f32]| {
            if let Some(table) = &self.model.rope {
                [q, k].iter().for_each(|at| rope::rotate(x, at, table, 0, back));
            }
        };
        if config.qk_norm != QkNorm::Plain {
            rotate(&mut b.qkv[..n]);
        }
        b.raw[..n].copy_from_slice(&b.qkv[..n]);
        if config.qk_norm != QkNorm::None {
            let rstds = [&a.q_rstd[..rows * config.heads], &a.k_rstd[..rows * config.kv_heads]];
            let gains = [&self.slots.q_gain, &self.slots.k_gain];
            for ((at, rstd), gain) in [q, k].iter().zip(rstds).zip(gains) {
                let values = gain.clone().map(|r| &self.params[r]);
                let dgain = gain.clone().map(|r| &mut grads[r]);
                heads::norm_backward(&mut b.raw[..n], dgain, &b.qkv[..n], &a.raw[..n], at, values, rstd);
            }
        }
        if config.qk_norm == QkNorm::Plain {
            rotate(&mut b.raw[..n]);
        }
        b.norm[..rows * c].fill(0.0);
        for (linear, first) in &self.slots.qkv {
            let dout = Mat::strided(&b.raw[*first..n], rows, linear.n_out, stride);
            self.products(linear, grads, Some((&mut b.norm[..rows * c], Write::Add)), dout, &a.norm1[..rows * c], pack);
            if let Some(bias) = &linear.bias {
                let dbias = &mut grads[bias.clone()];
                for row in b.raw[..n].chunks_exact(stride) {
                    elementwise::add_assign(dbias, &row[*first..first + linear.n_out]);
                }
            }
        }
    }

    /// Gradients of a linear layer: sets `dinp`, adds to weight and bias.
    fn linear(
        &self,
        linear: &Linear,
        grads: &mut [f32],
        dinp: Option<&mut [f32]>,
        dout: &[f32],
        inp: &[f32],
        pack: &mut Pack,
    ) {
        let matrix = Mat::new(dout, self.shape.rows(), linear.n_out);
        self.products(linear, grads, dinp.map(|d| (d, Write::Set)), matrix, inp, pack);
        if let Some(bias) = &linear.bias {
            elementwise::bias_backward(&mut grads[bias.clone()], dout);
        }
    }

    /// The same, adding to `dinp`.
    fn linear_add(
        &self,
        linear: &Linear,
        grads: &mut [f32],
        dinp: &mut [f32],
        dout: &[f32],
        inp: &[f32],
        pack: &mut Pack,
    ) {
        let matrix = Mat::new(dout, self.shape.rows(), linear.n_out);
        self.products(linear, grads, Some((dinp, Write::Add)), matrix, inp, pack);
        if let Some(bias) = &linear.bias {
            elementwise::bias_backward(&mut grads[bias.clone()], dout);
        }
    }

    fn products(
        &self,
        linear: &Linear,
        grads: &mut [f32],
        dinp: Option<(&mut [f32], Write)>,
        dout: Mat,
        inp: &[f32],
        pack: &mut Pack,
    ) {
        let rows = self.shape.rows();
        if let Some((dinp, write)) = dinp {
            matmul(MatMut::new(dinp, rows, linear.n_in), write, dout, weight(self.params, linear).t(), pack);
        }
        let (inp, dweight) = (Mat::new(inp, rows, linear.n_in), &mut grads[linear.weight.clone()]);
        if linear.in_first {
            matmul(MatMut::new(dweight, linear.n_in, linear.n_out), Write::Add, inp.t(), dout, pack);
        } else {
            matmul(MatMut::new(dweight, linear.n_out, linear.n_in), Write::Add, dout.t(), inp, pack);
        }
    }
}

/// Adds to `dinp`, and to the norm's own gradients.
#[allow(clippy::too_many_arguments)] // outputs, inputs, saved rows: a struct would only rename them
fn normalise_backward(
    config: &Config,
    params: &[f32],
    grads: &mut [f32],
    slots: &NormSlots,
    dinp: &mut [f32],
    dout: &[f32],
    inp: &[f32],
    saved: (&[f32], &[f32]),
) {
    match (config.norm, &slots.gain, &slots.bias) {
        (Norm::Layer, Some(gain), Some(bias)) => {
            // Gain and bias lie side by side in the table.
            let (dgain, dbias) = grads[gain.start..bias.end].split_at_mut(gain.len());
            norm::layernorm_backward(dinp, dgain, dbias, dout, inp, &params[gain.clone()], saved.0, saved.1);
        }
        (_, Some(gain), _) => {
            let dgain = Some(&mut grads[gain.clone()]);
            norm::rmsnorm_backward(dinp, dgain, dout, inp, Some(&params[gain.clone()]), saved.1);
        }
        _ => norm::rmsnorm_backward(dinp, None, dout, inp, None, saved.1),
    }
}
