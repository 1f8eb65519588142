//! Every intermediate value of one pass, sized once and reused: what the backward pass needs is what the page shows.

use super::config::{Config, Mlp, QkNorm};
use crate::kernels::matmul::Pack;
use alloc::vec;
use alloc::vec::Vec;

/// Intermediate values of one block. N = rows, B·T.
#[derive(Default)]
pub(super) struct Layer {
    /// Norm before attention (N,C), its mean and reciprocal deviation (N).
    pub norm1: Vec<f32>,
    pub norm1_mean: Vec<f32>,
    pub norm1_rstd: Vec<f32>,
    /// Queries, keys, values as projected (N, (H+2K)·D); rotated in place where the rotation comes before the norm.
    pub raw: Vec<f32>,
    /// The same after QK-norm and rotation.
    pub qkv: Vec<f32>,
    /// Reciprocal root mean squares of QK-norm: (N,H) and (N,K).
    pub q_rstd: Vec<f32>,
    pub k_rstd: Vec<f32>,
    /// (B,H,T,T).
    pub probs: Vec<f32>,
    /// Heads side by side (N,C).
    pub mixed: Vec<f32>,
    /// Residual stream after attention (N,C).
    pub middle: Vec<f32>,
    pub norm2: Vec<f32>,
    pub norm2_mean: Vec<f32>,
    pub norm2_rstd: Vec<f32>,
    /// `fc` or `gate` (N,I) · `up` (N,I) for SwiGLU · after the activation (N,I).
    pub inner: Vec<f32>,
    pub up: Vec<f32>,
    pub active: Vec<f32>,
    /// Residual stream after the block (N,C).
    pub out: Vec<f32>,
    /// Parts that are switched off, see `anatomy`: heads (H, or none at all), the MLP.
    #[cfg(any(not(feature = "wasm"), feature = "wasm-lessons"))]
    pub off: super::anatomy::Off,
}

/// Gradients on their way down.
#[derive(Default)]
pub(super) struct Backward {
    /// Of the residual stream (N,C).
    pub stream: Vec<f32>,
    /// Of a norm's output, and of the heads' mix (N,C) each.
    pub norm: Vec<f32>,
    pub mixed: Vec<f32>,
    /// Of the norm's input at the end (N,C).
    pub last: Vec<f32>,
    /// (N, (H+2K)·D) each.
    pub qkv: Vec<f32>,
    pub raw: Vec<f32>,
    /// (N,I) each.
    pub inner: Vec<f32>,
    pub up: Vec<f32>,
    pub active: Vec<f32>,
    pub scratch: Vec<f32>,
}

/// What buffers must hold at most.
pub(super) struct Room {
    pub batch: usize,
    /// Queries per row.
    pub time: usize,
    /// Keys that a query sees.
    pub keys: usize,
    /// Blocks that have buffers of their own.
    pub layers: usize,
    /// Rows of logits.
    pub logits: usize,
}

/// Buffers for passes of at most `batch` rows of `time` tokens; nothing is allocated by a pass.
pub struct Activations {
    pub(super) batch: usize,
    pub(super) time: usize,
    pub(super) vocab_size: usize,
    pub(super) width: usize,
    pub(super) heads: usize,
    /// Largest sizes.
    capacity: (usize, usize),
    /// Embedding before its norm (N,C), only where it is normalised, and (N).
    pub(super) raw_embedding: Vec<f32>,
    pub(super) embedding_rstd: Vec<f32>,
    /// Input of block 0 (N,C).
    pub(super) embedding: Vec<f32>,
    pub(super) layers: Vec<Layer>,
    pub(super) hidden: Vec<f32>,
    pub(super) hidden_mean: Vec<f32>,
    pub(super) hidden_rstd: Vec<f32>,
    pub(super) logits: Vec<f32>,
    /// First position that each token sees (B,T).
    pub(super) visible_from: Vec<u32>,
    pub(super) backward: Backward,
    pub(super) pack: Pack,
    /// Tokens that the last pass read (B,T).
    #[cfg(any(not(feature = "wasm"), feature = "wasm-lessons"))]
    pub(super) ids: Vec<u32>,
}

impl Activations {
    /// Buffers for training and inspection: `batch` rows of `time` tokens.
    pub fn new(config: &Config, batch: usize, time: usize) -> Self {
        let room = Room { batch, time, keys: time, layers: config.layers, logits: batch * time };
        let mut new = Self::forward_only(config, room);
        let (n, c, i) = (batch * time, config.width, config.mlp_width);
        let [stream, norm, mixed, last] = [(); 4].map(|()| vec![0.0; n * c]);
        let [qkv, raw] = [(); 2].map(|()| vec![0.0; n * config.qkv_width()]);
        let [inner, active] = [(); 2].map(|()| vec![0.0; n * i]);
        let up = vec![0.0; if config.mlp == Mlp::SwiGlu { n * i } else { 0 }];
        new.backward = Backward { stream, norm, mixed, last, qkv, raw, inner, up, active, scratch: Vec::new() };
        new
    }

    /// Buffers for passes without a backward pass.
    pub(super) fn forward_only(config: &Config, room: Room) -> Self {
        let Room { batch, time, keys, .. } = room;
        let (n, c, i, r) = (batch * time, config.width, config.mlp_width, config.qkv_width());
        let zeros = |len: usize| vec![0.0f32; len];
        let norms = if config.qk_norm == QkNorm::None { 0 } else { n };
        let layer = |_| Layer {
            norm1: zeros(n * c),
            norm1_mean: zeros(n),
            norm1_rstd: zeros(n),
            raw: zeros(n * r),
            qkv: zeros(n * r),
            q_rstd: zeros(norms * config.heads),
            k_rstd: zeros(norms * config.kv_heads),
            probs: zeros(batch * config.heads * time * keys),
            mixed: zeros(n * c),
            middle: zeros(n * c),
            norm2: zeros(n * c),
            norm2_mean: zeros(n),
            norm2_rstd: zeros(n),
            inner: zeros(n * i),
            up: zeros(if config.mlp == Mlp::SwiGlu { n * i } else { 0 }),
            active: zeros(n * i),
            out: zeros(n * c),
            #[cfg(any(not(feature = "wasm"), feature = "wasm-lessons"))]
            off: super::anatomy::Off::default(),
        };
        let raw = if config.embedding_norm { n } else { 0 };
        Self {
            batch,
            time,
            vocab_size: config.vocab_size,
            width: c,
            heads: config.heads,
            capacity: (n, batch * time * keys),
            raw_embedding: zeros(raw * c),
            embedding_rstd: zeros(raw),
            embedding: zeros(n * c),
            layers: (0..room.layers).map(layer).collect(),
            hidden: zeros(n * c),
            hidden_mean: zeros(n),
            hidden_rstd: zeros(n),
            logits: zeros(room.logits * config.vocab_size),
            visible_from: vec![0; n],
            backward: Backward::default(),
            pack: Pack::default(),
            #[cfg(any(not(feature = "wasm"), feature = "wasm-lessons"))]
            ids: Vec::new(),
        }
    }

    /// Sets the size of the coming pass.
    pub(super) fn resize(&mut self, batch: usize, time: usize, keys: usize) {
        let (rows, squares) = self.capacity;
        assert!(
            batch * time <= rows && batch * time * keys <= squares,
            "a pass of {batch}×{time} tokens in buffers for {rows} rows"
        );
        (self.batch, self.time) = (batch, time);
    }

    fn rows(&self) -> usize {
        self.batch * self.time
    }

    /// Logits of the last pass, (B,T,V).
    pub fn logits(&self) -> &[f32] {
        &self.logits[..self.rows() * self.vocab_size]
    }

    /// The same to be turned into their gradient before the backward pass.
    pub fn logits_mut(&mut self) -> &mut [f32] {
        let len = self.rows() * self.vocab_size;
        &mut self.logits[..len]
    }

    /// Attention of a block, (B,H,T,T): row looks, column is looked at.
    pub fn attention(&self, layer: usize) -> &[f32] {
        &self.layers[layer].probs[..self.batch * self.heads * self.time * self.time]
    }

    /// Residual stream, (B,T,C): 0 = input of the first block, l = after block l.
    pub fn residual(&self, after: usize) -> &[f32] {
        let stream = if after == 0 { &self.embedding } else { &self.layers[after - 1].out };
        &stream[..self.rows() * self.width]
    }

    /// After the last norm, (B,T,C).
    pub fn hidden(&self) -> &[f32] {
        &self.hidden[..self.rows() * self.width]
    }

    /// Values in all buffers.
    pub fn len(&self) -> usize {
        let vectors = |l: &Layer| {
            [&l.norm1, &l.raw, &l.qkv, &l.probs, &l.mixed, &l.middle, &l.norm2, &l.inner, &l.up, &l.active, &l.out]
                .map(Vec::len)
                .iter()
                .sum::<usize>()
                + [&l.norm1_mean, &l.norm1_rstd, &l.norm2_mean, &l.norm2_rstd, &l.q_rstd, &l.k_rstd]
                    .map(|v| v.len())
                    .iter()
                    .sum::<usize>()
        };
        let b = &self.backward;
        let down = [&b.stream, &b.norm, &b.mixed, &b.last, &b.qkv, &b.raw, &b.inner, &b.up, &b.active];
        let ends = [&self.raw_embedding, &self.embedding, &self.hidden, &self.logits];
        self.layers.iter().map(vectors).sum::<usize>()
            + down.iter().map(|v| v.len()).sum::<usize>()
            + ends.iter().map(|v| v.len()).sum::<usize>()
    }

    /// Whether there is room for no token.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
