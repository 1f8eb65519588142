//! Decoding with cached keys and values: each token is computed once.

use super::activations::{Activations, Room};
use super::forward::Shape;
use super::{Config, Model};
use crate::error::{Error, Result};
use crate::kernels::attention::Rows;
use alloc::vec::Vec;

/// Most tokens of a prompt that one pass reads: bounds the buffers, whatever the context.
pub(super) const PIECE: usize = 32;

/// Keys and values of one block, one row of K·D values each per token.
pub(super) struct Past {
    keys: Vec<f32>,
    values: Vec<f32>,
    row: usize,
}

impl Past {
    /// Appends the keys and values of fused rows and gives all of them.
    pub fn extend(&mut self, qkv: &[f32], stride: usize, k_first: usize, v_first: usize) -> (Rows<'_>, Rows<'_>) {
        for row in qkv.chunks_exact(stride) {
            self.keys.extend_from_slice(&row[k_first..k_first + self.row]);
            self.values.extend_from_slice(&row[v_first..v_first + self.row]);
        }
        let rows = |data| Rows { data, row_stride: self.row, offset: 0 };
        (rows(&self.keys), rows(&self.values))
    }
}

/// A place in a text that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    tokens: usize,
    document_from: u32,
}

/// What a model has read so far: at most `context` tokens.
pub struct Cache {
    past: Vec<Past>,
    tokens: usize,
    document_from: u32,
    /// For one piece of a prompt, with one block's buffers.
    acts: Activations,
}

impl Cache {
    /// An empty cache; everything is allocated here.
    pub fn new(config: &Config) -> Self {
        let row = config.kv_heads * config.head_dim();
        let room = || Vec::with_capacity(row * config.context);
        let past = (0..config.layers).map(|_| Past { keys: room(), values: room(), row }).collect();
        let room = Room { batch: 1, time: PIECE.min(config.context), keys: config.context, layers: 1, logits: 1 };
        let acts = Activations::forward_only(config, room);
        Self { past, tokens: 0, document_from: 0, acts }
    }

    /// Tokens read.
    pub fn len(&self) -> usize {
        self.tokens
    }

    /// Whether nothing has been read.
    pub fn is_empty(&self) -> bool {
        self.tokens == 0
    }

    /// Values in all buffers, as when full.
    pub fn values(&self) -> usize {
        self.acts.len() + self.past.iter().map(|p| p.keys.capacity() + p.values.capacity()).sum::<usize>()
    }

    /// Where the reading is, to come back to.
    pub fn mark(&self) -> Mark {
        Mark { tokens: self.tokens, document_from: self.document_from }
    }

    /// Forgets what was read after `mark`, which must be one of this text.
    pub fn rewind(&mut self, mark: Mark) {
        self.tokens = mark.tokens.min(self.tokens);
        self.document_from = mark.document_from;
        for past in &mut self.past {
            past.keys.truncate(self.tokens * past.row);
            past.values.truncate(self.tokens * past.row);
        }
    }

    /// Forgets everything read.
    pub fn clear(&mut self) {
        self.tokens = 0;
        self.document_from = 0;
        for past in &mut self.past {
            past.keys.clear();
            past.values.clear();
        }
    }
}

impl Model {
    /// Reads `tokens` after those in the cache; returns the logits (V) after the last one.
    ///
    /// # Errors
    /// [`Error::TooLong`] when they do not fit into the context, [`Error::TokenId`] for an unknown id, and
    /// [`Error::EmptyText`] for no token at all; the cache stays as it was.
    pub fn decode<'a>(&self, params: &[f32], cache: &'a mut Cache, tokens: &[u32]) -> Result<&'a [f32]> {
        let (limit_tokens, found_tokens) = (self.config.context, cache.tokens + tokens.len());
        if tokens.is_empty() {
            return Err(Error::EmptyText);
        }
        if found_tokens > limit_tokens {
            return Err(Error::TooLong { limit_tokens, found_tokens });
        }
        self.check_ids(tokens)?;
        tokens.chunks(PIECE).for_each(|piece| self.read(params, cache, piece));
        let last = (tokens.len() - 1) % PIECE;
        self.head(params, &mut cache.acts, last, 1);
        Ok(&cache.acts.logits)
    }

    /// Hidden states of at most [`PIECE`] further tokens.
    fn read(&self, params: &[f32], cache: &mut Cache, tokens: &[u32]) {
        let shape = Shape { batch: 1, time: tokens.len(), past: cache.tokens };
        cache.acts.resize(1, shape.time, shape.past + shape.time);
        for (t, (&id, from)) in tokens.iter().zip(&mut cache.acts.visible_from).enumerate() {
            if self.config.document_start == Some(id) {
                cache.document_from = (shape.past + t) as u32;
            }
            *from = cache.document_from;
        }
        self.blocks_after(params, &mut cache.acts, tokens, shape, &mut cache.past);
        cache.tokens += tokens.len();
    }

    /// The ids, if each is below V.
    ///
    /// # Errors
    /// [`Error::TokenId`] with the first that is not.
    pub fn check_ids(&self, ids: &[u32]) -> Result<()> {
        let vocab_size = self.config.vocab_size;
        match ids.iter().find(|&&id| id as usize >= vocab_size) {
            Some(&found) => Err(Error::TokenId { found, vocab_size }),
            None => Ok(()),
        }
    }
}

/// Logits after each token of `ids`, token by token through a cache: the twin of one full pass.
#[cfg(test)]
pub(super) fn logits_one_by_one(model: &Model, params: &[f32], ids: &[u32]) -> Vec<f32> {
    let mut cache = Cache::new(model.config());
    let mut out = Vec::new();
    for &id in ids {
        out.extend_from_slice(model.decode(params, &mut cache, &[id]).expect("within the context"));
    }
    out
}
