//! Answers to prompts, many of them, with weights that somebody else holds. Unlike a [`Generator`](super::Generator), it
//! stops: at a token, or when the context is full.

use alloc::vec::Vec;

use super::sampling::{Distribution, Sampling, distribution_into};
use crate::error::{Error, Result};
use crate::model::{Cache, Mark, Model};
use crate::rng::Rng;

/// A model that answers.
pub struct Speaker<'a> {
    model: &'a Model,
    params: &'a [f32],
    cache: Cache,
    /// After the last token that was read (V).
    logits: Vec<f32>,
    /// After the prompt, to answer it again.
    prompt: (Mark, Vec<f32>),
    distribution: Distribution,
}

impl<'a> Speaker<'a> {
    /// `params`: weights in the order of the model's table.
    ///
    /// # Panics
    /// If their number is another one.
    pub fn new(model: &'a Model, params: &'a [f32]) -> Self {
        assert_eq!(params.len(), model.table().total(), "the model's weights");
        let cache = Cache::new(model.config());
        let (logits, prompt, distribution) = (Vec::new(), (Mark::default(), Vec::new()), Distribution::default());
        Self { model, params, cache, logits, prompt, distribution }
    }

    /// Starts anew with a prompt, of which the last `context` - 1 tokens are read.
    ///
    /// # Errors
    /// [`Error::TokenId`], [`Error::EmptyText`].
    pub fn begin(&mut self, prompt: &[u32]) -> Result<()> {
        self.cache.clear();
        let most = self.model.config().context.saturating_sub(1).max(1);
        self.hear(&prompt[prompt.len().saturating_sub(most)..])?;
        self.prompt.0 = self.cache.mark();
        self.prompt.1.clear();
        self.prompt.1.extend_from_slice(&self.logits);
        Ok(())
    }

    /// Goes back to the end of the prompt.
    pub fn again(&mut self) {
        self.cache.rewind(self.prompt.0);
        self.logits.clear();
        self.logits.extend_from_slice(&self.prompt.1);
    }

    /// Reads tokens.
    ///
    /// # Errors
    /// [`Error::TooLong`] when they do not fit, [`Error::TokenId`], [`Error::EmptyText`]; nothing is read then.
    pub fn hear(&mut self, ids: &[u32]) -> Result<()> {
        let logits = self.model.decode(self.params, &mut self.cache, ids)?;
        self.logits.clear();
        self.logits.extend_from_slice(logits);
        Ok(())
    }

    /// Tokens that still fit.
    pub fn room(&self) -> usize {
        self.model.config().context - self.cache.len()
    }

    /// Chooses the next token, without reading it.
    ///
    /// # Errors
    /// [`Error::NothingToChoose`] if the weights give no finite logit.
    pub fn choose(&mut self, sampling: &Sampling, rng: &mut Rng) -> Result<u32> {
        distribution_into(&mut self.distribution, &self.logits, sampling, &[]);
        self.distribution.choose(rng.unit()).ok_or(Error::NothingToChoose)
    }

    /// Says up to `most` tokens, the last of them one of `stop` if it comes to that; appends them to `out`. All but a
    /// stop token are read.
    ///
    /// # Errors
    /// As [`Speaker::choose`].
    pub fn say(
        &mut self,
        most: usize,
        stop: &[u32],
        sampling: &Sampling,
        rng: &mut Rng,
        out: &mut Vec<u32>,
    ) -> Result<()> {
        for _ in 0..most {
            let id = self.choose(sampling, rng)?;
            out.push(id);
            if stop.contains(&id) || self.room() == 0 {
                break;
            }
            self.hear(&[id])?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::Generator;
    use crate::model::{Config, Init};
    use crate::rng::Purpose;

    fn model() -> (Model, Vec<f32>) {
        let model = Model::new(Config { document_start: Some(0), ..Config::modern(23, 12, 2, 2, 16) }).unwrap();
        let mut rng = Rng::new(3, Purpose::Test, 0);
        let params = model.init(1, Init::Preset).iter().map(|p| p + 0.3 * rng.normal() as f32).collect();
        (model, params)
    }

    const GREEDY: Sampling =
        Sampling { temperature: 0.0, top_k: 0, top_p: 1.0, min_p: 0.0, repetition_penalty: 1.0, seed: 0 };

    #[test]
    fn it_says_what_a_generator_writes_and_the_same_again_after_going_back() {
        let (model, params) = model();
        let prompt = [0, 4, 7, 0, 9];
        let mut generator = Generator::new(&model, &params, &prompt, GREEDY).unwrap();
        let written: Vec<u32> = (0..6).map(|_| generator.next().unwrap().id).collect();
        let mut speaker = Speaker::new(&model, &params);
        let mut rng = Rng::new(1, Purpose::Test, 0);
        speaker.begin(&prompt).unwrap();
        for _ in 0..3 {
            let mut said = Vec::new();
            speaker.say(6, &[], &GREEDY, &mut rng, &mut said).unwrap();
            assert_eq!(said, written);
            speaker.again();
        }
    }

    #[test]
    fn it_stops_at_a_stop_token_and_when_the_context_is_full() {
        let (model, params) = model();
        let mut speaker = Speaker::new(&model, &params);
        let mut rng = Rng::new(1, Purpose::Test, 0);
        speaker.begin(&[0, 4, 7]).unwrap();
        let mut said = Vec::new();
        speaker.say(100, &[], &GREEDY, &mut rng, &mut said).unwrap();
        assert_eq!(said.len(), 12 - 3 + 1);
        assert_eq!(speaker.room(), 0);
        speaker.again();
        let mut short = Vec::new();
        speaker.say(100, &[said[1]], &GREEDY, &mut rng, &mut short).unwrap();
        assert_eq!(short.last(), Some(&said[1]));
        assert!(short.len() <= 2 && said.starts_with(&short));
    }

    #[test]
    fn a_long_prompt_leaves_room_for_a_word_and_a_wrong_one_is_refused() {
        let (model, params) = model();
        let mut speaker = Speaker::new(&model, &params);
        speaker.begin(&[5; 40]).unwrap();
        assert_eq!(speaker.room(), 1);
        assert_eq!(speaker.begin(&[1, 23]), Err(Error::TokenId { found: 23, vocab_size: 23 }));
        assert_eq!(speaker.begin(&[]), Err(Error::EmptyText));
        assert_eq!(speaker.hear(&[1; 13]), Err(Error::TooLong { limit_tokens: 12, found_tokens: 13 }));
    }
}
