//! Positions beyond those that a model was trained on: one pass over twice the context, where the way in which it knows
//! positions allows that, beside the window that slides by half a context, as in generation.

use super::Lab;
use super::changes::losses;
use crate::error::Result;
use crate::model::{Activations, Config, Model, Position};
use alloc::vec;
use alloc::vec::Vec;

/// Text of twice the context per window, and the model with room for it.
pub struct Beyond {
    ids: Vec<u32>,
    /// None where positions are learned: there is no row for them.
    wide: Option<(Model, Activations)>,
    narrow: Activations,
}

/// Windows to average over, at most.
const WINDOWS: usize = 24;

impl Lab {
    /// Prepares the measurement.
    ///
    /// # Errors
    /// As [`Model::new`].
    pub fn beyond(&self) -> Result<Beyond> {
        let config = self.model.config();
        let context = 2 * config.context;
        let mut ids = self.ids_of(&self.documents());
        ids.truncate(WINDOWS * context);
        let wide = match config.position {
            Position::Learned => None,
            _ => {
                let config = Config { context, ..config.clone() };
                let acts = Activations::for_reading(&config, context);
                Some((Model::new(config)?, acts))
            }
        };
        Ok(Beyond { ids, wide, narrow: Activations::for_reading(config, config.context) })
    }
}

impl Beyond {
    /// Whole windows that there are.
    pub fn windows(&self, lab: &Lab) -> usize {
        self.ids.len() / (2 * lab.model.config().context)
    }

    /// Losses of a window's tokens after the first (2T - 1): in one pass, and with the window sliding. NaN: not possible.
    pub fn window(&mut self, lab: &Lab, index: usize) -> [Vec<f32>; 2] {
        let (time, v) = (lab.model.config().context, lab.model.config().vocab_size);
        let Some(ids) = self.ids.chunks_exact(2 * time).nth(index) else { return [Vec::new(), Vec::new()] };
        let whole = match &mut self.wide {
            None => vec![f32::NAN; 2 * time - 1],
            Some((model, acts)) => {
                model.forward(lab.weights(), acts, ids, 1, ids.len());
                losses(acts.logits(), ids, v)
            }
        };
        let half = (time / 2).max(1);
        let mut sliding = Vec::new();
        let mut from = 0;
        while sliding.len() < 2 * time - 1 {
            let read = &ids[from..(from + time).min(ids.len())];
            lab.model.forward(lab.weights(), &mut self.narrow, read, 1, read.len());
            let found = losses(self.narrow.logits(), read, v);
            // The tokens of the window that were not told yet; behind its last one the next window begins.
            sliding.extend_from_slice(&found[(sliding.len() - from)..]);
            from += half;
        }
        sliding.truncate(2 * time - 1);
        [whole, sliding]
    }
}
