//! A model to be taken apart, away from the one that learns: opened from a checkpoint with the weights that the page
//! shows, read with [`Model::forward`] alone, changed and changed back.

mod beyond;
mod changes;
mod held_out;
mod map;
mod race;
mod recall;
#[cfg(test)]
mod tests;
mod views;

pub use beyond::Beyond;
pub use changes::Changes;
pub use map::Map;
pub use race::Race;
pub use views::{Guess, Habits};

use super::checkpoint::{Label, label, shown_weights};
use crate::data::Corpus;
use crate::error::{Error, Result};
use crate::model::anatomy::{Place, Sum};
use crate::model::{Activations, Model};
use crate::tokenizer::{SPECIALS, Tokenizer};
use alloc::string::String;
use alloc::vec::Vec;

/// A model with a text that it has read, as it is and as it was changed.
pub struct Lab {
    label: Label,
    model: Model,
    tokenizer: Tokenizer,
    params: Vec<f32>,
    /// Text of the file where it is not generated.
    given: Vec<u8>,
    ids: Vec<u32>,
    first: usize,
    changes: Changes,
    /// The weights with edits; empty without any.
    edited: Vec<f32>,
    /// The pass of the model as it is, and as it was changed: there are as many only where something was.
    plain: Activations,
    changed: Option<Activations>,
}

impl Lab {
    /// The model of a checkpoint file.
    ///
    /// # Errors
    /// As [`label`], and what makes its model unusable.
    pub fn open(file: &[u8]) -> Result<Self> {
        let label = label(file)?;
        let (config, params, tokenizer) = shown_weights(file)?;
        let given = crate::formats::Checkpoint::read(file)?.corpus;
        let plain = Activations::for_reading(&config, config.context);
        let model = Model::new(config)?;
        let (ids, first, changes) = (Vec::new(), 0, Changes::default());
        Ok(Self {
            label,
            model,
            tokenizer,
            params,
            given,
            ids,
            first,
            changes,
            edited: Vec::new(),
            plain,
            changed: None,
        })
    }

    /// Other weights for the same model, such as those of an earlier step; what was changed is undone.
    ///
    /// # Errors
    /// [`Error::Setting`] for the weights of another model.
    pub fn reweigh(&mut self, params: Vec<f32>, step: u64) -> Result<()> {
        if params.len() != self.params.len() {
            let expected = alloc::format!("{}", self.params.len());
            return Err(Error::Setting { name: "weights", expected, found: alloc::format!("{}", params.len()) });
        }
        self.params = params;
        self.label.step = step;
        self.change(Changes::default())
    }

    /// What the file says about itself.
    pub fn label(&self) -> &Label {
        &self.label
    }

    /// The model, without weights.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Its vocabulary.
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }

    /// Ids that were read, and the index of the first in the text.
    pub fn read_ids(&self) -> (&[u32], usize) {
        (&self.ids, self.first)
    }

    /// Reads the last tokens of a text, at most the context.
    ///
    /// # Errors
    /// [`Error::TokenId`] for a vocabulary that is not the model's.
    pub fn read(&mut self, text: &str) -> Result<()> {
        let ids = self.tokenizer.encode(text);
        self.model.check_ids(&ids)?;
        self.first = ids.len().saturating_sub(self.model.config().context);
        self.ids = ids[self.first..].to_vec();
        if !self.ids.is_empty() {
            self.model.forward(&self.params, &mut self.plain, &self.ids, 1, self.ids.len());
        }
        self.run_changed();
        Ok(())
    }

    /// The weights in use.
    pub fn weights(&self) -> &[f32] {
        if self.edited.is_empty() { &self.params } else { &self.edited }
    }

    /// The pass in use: that of the changed model where it was changed.
    pub fn pass(&self) -> &Activations {
        self.changed.as_ref().unwrap_or(&self.plain)
    }

    /// How a number of the pass was made.
    ///
    /// # Errors
    /// [`Error::Setting`] if the pass has no such number.
    pub fn sum(&self, place: Place) -> Result<Sum> {
        self.check(place)?;
        Ok(self.model.sum(self.weights(), self.pass(), place))
    }

    /// The vector that a number belongs to.
    ///
    /// # Errors
    /// As [`Lab::sum`].
    pub fn vector(&self, place: Place) -> Result<Vec<f32>> {
        self.check(Place { column: 0, ..place })?;
        Ok(self.model.vector(self.weights(), self.pass(), place))
    }

    fn check(&self, place: Place) -> Result<()> {
        if self.model.has(place, self.ids.len()) {
            return Ok(());
        }
        let found = alloc::format!("{place:?}");
        Err(Error::Setting { name: "place", expected: "a number of the pass".into(), found })
    }

    /// Name of the tensor that a weight belongs to, and its row and column there.
    pub fn weight_name(&self, index: usize) -> Option<(&str, usize, usize)> {
        let tensor = self.model.table().tensors().iter().find(|t| t.range().contains(&index))?;
        let columns = tensor.shape.last().copied().unwrap_or(1).max(1);
        Some((&tensor.name, (index - tensor.offset) / columns, (index - tensor.offset) % columns))
    }

    /// Documents like those that the model learned from: new stories, or the end of the text that it was given.
    fn documents(&self) -> Corpus {
        use crate::data::{Lang, Stories};
        use crate::studio::CorpusName;
        /// Enough for the windows of [`Beyond`].
        const BYTES: usize = 60_000;
        let stories = |lang| {
            let mut corpus = Corpus::default();
            for story in Stories::new(lang, !self.label.settings.seed) {
                corpus.push(&story);
                if corpus.text.len() > BYTES {
                    break;
                }
            }
            corpus
        };
        let given = || String::from_utf8_lossy(&self.given[self.given.len().saturating_sub(BYTES)..]);
        match self.label.settings.corpus {
            CorpusName::StoriesEn => stories(Lang::En),
            CorpusName::StoriesZh => stories(Lang::ZhHans),
            CorpusName::Names => Corpus::from_lines(&given()),
            CorpusName::MobyDick | CorpusName::Own => Corpus::from_text(given().into_owned()),
        }
    }

    /// Their ids, with the mark between them that training puts there: what was never between them it has not learned.
    fn ids_of(&self, corpus: &Corpus) -> Vec<u32> {
        match self.tokenizer.special(SPECIALS[0]) {
            Some(start) => self.tokenizer.encode_documents(corpus.documents(), start),
            None => self.tokenizer.encode(&corpus.text),
        }
    }
}
