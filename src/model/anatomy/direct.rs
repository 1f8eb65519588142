//! What each part of the model says about the next token: the stream read off after any block, and the share that every
//! part has in one logit. Source of reading off: nostalgebraist, "interpreting GPT: the logit lens" (2020).

use super::sums::weight_at;
use crate::model::Model;
use crate::model::activations::Activations;
use crate::model::forward::normalise;
use alloc::vec;
use alloc::vec::Vec;

/// A part that adds to the residual stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The token's own row, and its position.
    Embedding,
    /// A head of a block.
    Head(usize, usize),
    /// Bias of a block's attention.
    Bias(usize),
    /// The MLP of a block.
    Mlp(usize),
    /// Bias of the last norm.
    Norm,
}

/// What a part adds to a logit above the mean of all logits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// The part.
    pub source: Source,
    /// In nats.
    pub value: f32,
}

impl Model {
    /// Logits (T, V) if the model had to answer from the stream in front of block `layer`: last norm and head as always.
    pub fn read_off(&self, params: &[f32], acts: &mut Activations, layer: usize) -> Vec<f32> {
        let (rows, v) = (acts.time, self.config.vocab_size);
        let stream = acts.residual(layer).to_vec();
        let mut hidden = vec![0.0; stream.len()];
        let (mut mean, mut rstd) = (vec![0.0; rows], vec![0.0; rows]);
        normalise(&self.config, params, &self.slots.norm, &mut hidden, (&mut mean, &mut rstd), &stream);
        let mut logits = vec![0.0; rows * v];
        self.logits_of(params, &hidden, &mut logits, &mut acts.pack);
        logits
    }

    /// Shares of every part in the logit of `id` after row `row`, above the mean logit and before a cap: they add up to
    /// it exactly, because everything behind the last block is linear once the norm's deviation is known.
    pub fn shares(&self, params: &[f32], acts: &Activations, row: usize, id: usize) -> Vec<Share> {
        let c = self.config.width;
        let head = &params[self.slots.head.clone()];
        let mut mean = vec![0.0f64; c];
        for row in head.chunks_exact(c) {
            mean.iter_mut().zip(row).for_each(|(m, &x)| *m += f64::from(x));
        }
        let rows = self.config.vocab_size as f64;
        let above: Vec<f64> = (0..c).map(|i| f64::from(head[id * c + i]) - mean[i] / rows).collect();
        let part = |range: &Option<core::ops::Range<usize>>| range.as_ref().map(|r| &params[r.clone()]);
        let gain = part(&self.slots.norm.gain);
        let mut along: Vec<f64> = (0..c).map(|i| above[i] * gain.map_or(1.0, |g| f64::from(g[i]))).collect();
        let layer_norm = self.config.norm == crate::model::Norm::Layer;
        if layer_norm {
            let middle = along.iter().sum::<f64>() / c as f64;
            along.iter_mut().for_each(|x| *x -= middle);
        }
        let rstd = f64::from(acts.hidden_rstd[row]);
        let share = |source, vector: &[f64]| {
            let value = rstd * vector.iter().zip(&along).map(|(x, y)| x * y).sum::<f64>();
            Share { source, value: value as f32 }
        };
        let stream = |values: &[f32]| values[row * c..(row + 1) * c].iter().map(|&x| f64::from(x)).collect::<Vec<_>>();
        let mut out = vec![share(Source::Embedding, &stream(acts.residual(0)))];
        for (l, (a, slots)) in acts.layers.iter().zip(&self.slots.layers).enumerate() {
            let d = self.config.head_dim();
            for h in 0..self.config.heads {
                let mut vector = vec![0.0f64; c];
                for j in h * d..(h + 1) * d {
                    let x = f64::from(a.mixed[row * c + j]);
                    vector
                        .iter_mut()
                        .enumerate()
                        .for_each(|(i, sum)| *sum += x * f64::from(params[weight_at(&slots.out, j, i)]));
                }
                out.push(share(Source::Head(l, h), &vector));
            }
            if let Some(bias) = &slots.out.bias {
                let bias: Vec<f64> = params[bias.clone()].iter().map(|&x| f64::from(x)).collect();
                out.push(share(Source::Bias(l), &bias));
            }
            let (before, after) = (stream(&a.middle), stream(&a.out));
            let added: Vec<f64> = after.iter().zip(before).map(|(a, b)| a - b).collect();
            out.push(share(Source::Mlp(l), &added));
        }
        if let Some(bias) = part(&self.slots.norm.bias).filter(|_| layer_norm) {
            let value = above.iter().zip(bias).map(|(x, &b)| x * f64::from(b)).sum::<f64>();
            out.push(Share { source: Source::Norm, value: value as f32 });
        }
        out
    }
}
