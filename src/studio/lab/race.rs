//! The two ways to use a model, to be measured: one pass over every position, and one token after the other.

use super::Lab;
use crate::error::Result;
use crate::model::{Activations, Cache};
use alloc::vec::Vec;

/// Buffers of both.
pub struct Race {
    ids: Vec<u32>,
    acts: Activations,
    cache: Cache,
}

impl Lab {
    /// Prepares both for a full context: the text at hand, again and again.
    pub fn race(&self) -> Race {
        let config = self.model.config();
        let text = if self.ids.is_empty() { &[0][..] } else { &self.ids[..] };
        Race {
            ids: text.iter().copied().cycle().take(config.context).collect(),
            acts: Activations::for_reading(config, config.context),
            cache: Cache::new(config),
        }
    }

    /// One pass: every position gets its prediction. Tells how many.
    pub fn pass_once(&self, race: &mut Race) -> usize {
        self.model.forward(self.weights(), &mut race.acts, &race.ids, 1, race.ids.len());
        race.ids.len()
    }

    /// One token more, with the keys and values of those before it kept. Tells how many: 1.
    ///
    /// # Errors
    /// None that [`Lab::race`] leaves possible.
    pub fn step_once(&self, race: &mut Race) -> Result<usize> {
        if race.cache.len() == race.ids.len() {
            race.cache.clear();
        }
        let id = race.ids[race.cache.len()];
        self.model.decode(self.weights(), &mut race.cache, &[id])?;
        Ok(1)
    }
}
