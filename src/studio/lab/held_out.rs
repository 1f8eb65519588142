//! The loss on text that the model never learned from, as it is and as it was changed.

use super::Lab;
use super::changes::{losses, mean};
use crate::studio::CorpusName;
use alloc::vec::Vec;

/// Windows to read, at most.
const WINDOWS: usize = 4;
/// Of a text that is given, this part of its end belongs to validation whatever its documents are: they keep a 20th.
const ONE_IN: usize = 25;

impl Lab {
    /// Ids of text that the model never learned from: new stories, or the end of the text that it was given. At most
    /// four contexts; at least one, where the text has so many ids.
    pub fn held_out_ids(&self) -> Vec<u32> {
        let context = self.model.config().context;
        let corpus = self.documents();
        let mut ids = self.ids_of(&corpus);
        if !matches!(self.label.settings.corpus, CorpusName::StoriesEn | CorpusName::StoriesZh) {
            // As many ids a byte as in the piece that was read.
            let all = ids.len() as u64 * self.given.len() as u64 / corpus.text.len().max(1) as u64;
            let kept = (all as usize / ONE_IN).max(context).min(ids.len());
            ids.drain(..ids.len() - kept);
        }
        ids.truncate(WINDOWS * context);
        ids
    }

    /// Mean loss in nats of the tokens after the first of one window: of the model as it is, and as it was changed.
    pub fn held_out(&self, ids: &[u32]) -> [f32; 2] {
        let config = self.model.config();
        let mut acts = self.room();
        self.model.forward(&self.params, &mut acts, ids, 1, ids.len());
        let plain = mean(&losses(acts.logits(), ids, config.vocab_size));
        if self.changes.is_empty() {
            return [plain; 2];
        }
        self.forward_with(&self.changes, &mut acts, ids);
        [plain, mean(&losses(acts.logits(), ids, config.vocab_size))]
    }
}
