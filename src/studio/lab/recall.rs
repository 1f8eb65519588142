//! How probable a continuation is, however long the text before it.

use super::Lab;
use super::changes::log_probability;
use crate::error::{Error, Result};
use crate::model::Cache;
use alloc::vec::Vec;

impl Lab {
    /// Natural logarithm of the probability of every token of `name` after `text`, as the last tokens that fit into the
    /// context tell; how many tokens the text has and how many of them were read; the ids of the name.
    ///
    /// # Errors
    /// [`Error::EmptyText`] if either has no token; [`Error::TooLong`] for a name longer than half a context.
    pub fn recall(&self, text: &str, name: &str) -> Result<(Vec<f32>, usize, usize, Vec<u32>)> {
        let (before, name) = (self.tokenizer.encode(text), self.tokenizer.encode(name));
        let limit_tokens = self.model.config().context / 2;
        if before.is_empty() || name.is_empty() {
            return Err(Error::EmptyText);
        }
        if name.len() > limit_tokens {
            return Err(Error::TooLong { limit_tokens, found_tokens: name.len() });
        }
        let read = before.len().min(self.model.config().context - (name.len() - 1));
        let mut cache = Cache::new(self.model.config());
        let mut next = &before[before.len() - read..];
        let mut out = Vec::new();
        for (i, &id) in name.iter().enumerate() {
            let logits = self.model.decode(self.weights(), &mut cache, next)?;
            out.push(log_probability(logits, id));
            next = &name[i..=i];
        }
        Ok((out, before.len(), read, name))
    }
}
