//! What a model and the tables of its text say to any text: the surprise of every token, and what may come next.

use super::run::Run;
use crate::error::Result;
use crate::generate::{Sampling, distribution};
use crate::model::Cache;
use crate::train::{Scores, ScoringRun};
use alloc::vec;
use alloc::vec::Vec;

impl Run {
    /// Begins to score a text: see [`ScoringRun`].
    ///
    /// # Errors
    /// [`crate::Error::Setting`] for a step that is not kept.
    pub fn scoring(&self, text: &str, at_step: Option<u64>) -> Result<ScoringRun> {
        Ok(ScoringRun::new(self.params(at_step)?, at_step.unwrap_or(self.step()), &self.tokenizer.encode(text)))
    }

    /// One slice of a scoring that this run began; `Some` at the end.
    pub fn score(&mut self, scoring: &mut ScoringRun) -> Option<Scores> {
        scoring.advance(&mut self.session, &mut self.grams)
    }

    /// Probability of every id (V) after `ids`: by the model (`n` = 0), or by counts of `n` = 1, 2 or 3 tokens.
    ///
    /// # Errors
    /// [`crate::Error::TokenId`]; [`crate::Error::EmptyText`] if the model has nothing to read.
    pub fn next(&mut self, ids: &[u32], n: usize) -> Result<Vec<f32>> {
        let model = self.session.model();
        let (vocab_size, context) = (model.config().vocab_size, model.config().context);
        let last = |count: usize| &ids[ids.len() - count.min(ids.len())..];
        if n > 0 {
            model.check_ids(ids)?;
            while self.grams.count_next(&self.session.split().train) {}
            return Ok(self.grams.after(last(n.min(3) - 1), vocab_size));
        }
        let mut cache = Cache::new(model.config());
        let logits = model.decode(self.session.shown_params(), &mut cache, last(context))?;
        let found = distribution(logits, &Sampling::default(), &[]);
        let mut probs = vec![0.0; vocab_size];
        found.ids.iter().zip(found.probs).for_each(|(&id, p)| probs[id as usize] = p);
        Ok(probs)
    }
}
