//! Text out of a model, token by token.
//!
//! The model reads through a cache of keys and values, so a token costs one position. When the context is full the window
//! slides: the last half of it is read anew and generation goes on. What came before is then out of the model's sight.

use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::sampling::{Distribution, Sampling, distribution_into};
use crate::error::{Error, Result};
use crate::model::{Cache, Model};
use crate::rng::{Purpose, Rng};

/// One generated token.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The token.
    pub id: u32,
    /// What it was drawn from.
    pub distribution: Distribution,
    /// Whether the window slid before this token.
    pub slid: bool,
}

/// A text that grows. Holds weights of its own: training may go on meanwhile.
pub struct Generator {
    model: Model,
    params: Arc<Vec<f32>>,
    sampling: Sampling,
    rng: Rng,
    cache: Cache,
    ids: Vec<u32>,
    /// The last `unread` of `ids` are not in the cache yet.
    unread: usize,
    /// After the last id that was read (V).
    logits: Vec<f32>,
}

impl Generator {
    /// Continues `prompt`, of which the model reads the last `context` ids.
    ///
    /// `params`: weights in the order of the model's table.
    ///
    /// # Errors
    /// [`Error::TokenId`] for an id outside the vocabulary; [`Error::Setting`] for an empty prompt or a sampling setting.
    pub fn new(model: &Model, params: &[f32], prompt: &[u32], sampling: Sampling) -> Result<Self> {
        Self::shared(model, Arc::new(params.to_vec()), prompt, sampling)
    }

    /// As [`Generator::new`], with weights that are shared instead of copied.
    pub(crate) fn shared(model: &Model, params: Arc<Vec<f32>>, prompt: &[u32], sampling: Sampling) -> Result<Self> {
        sampling.validate()?;
        model.check_ids(prompt)?;
        if prompt.is_empty() {
            return Err(Error::Setting { name: "prompt", expected: "at least one token".into(), found: "none".into() });
        }
        if params.len() != model.table().total() {
            let (expected, found) = (format!("{} numbers", model.table().total()), format!("{}", params.len()));
            return Err(Error::Setting { name: "weights", expected, found });
        }
        Ok(Self {
            cache: Cache::new(model.config()),
            model: Model::new(model.config().clone())?,
            params,
            sampling,
            rng: Rng::new(sampling.seed, Purpose::Sample, 0),
            unread: prompt.len().min(model.config().context),
            ids: prompt.to_vec(),
            logits: Vec::new(),
        })
    }

    /// The next token, with the distribution it was drawn from.
    ///
    /// # Errors
    /// [`Error::NothingToChoose`] if the weights give no finite logit.
    #[expect(clippy::should_implement_trait, reason = "an iterator would end; this text never does by itself")]
    pub fn next(&mut self) -> Result<Step> {
        let slid = self.read()?;
        let mut distribution = Distribution::default();
        distribution_into(&mut distribution, &self.logits, &self.sampling, &self.ids);
        let id = distribution.choose(self.rng.unit()).ok_or(Error::NothingToChoose)?;
        self.ids.push(id);
        self.unread = 1;
        Ok(Step { id, distribution, slid })
    }

    /// Lets the model read what it has not read yet; true if the window had to slide for it.
    fn read(&mut self) -> Result<bool> {
        if self.unread == 0 {
            return Ok(false); // The last choice failed: its logits are still here.
        }
        let context = self.model.config().context;
        let slides = self.cache.len() + self.unread > context;
        if slides {
            self.cache.clear();
            self.unread = context.div_ceil(2);
        }
        let unread = &self.ids[self.ids.len() - self.unread..];
        let logits = self.model.decode(&self.params, &mut self.cache, unread)?;
        self.logits.clear();
        self.logits.extend_from_slice(logits);
        self.unread = 0;
        Ok(slides)
    }

    /// The prompt and everything generated so far.
    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// How many of the last ids the model sees when it chooses the next token.
    pub fn visible(&self) -> usize {
        self.cache.len() + self.unread
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Activations, Config, Init};
    use alloc::vec;

    const CONTEXT: usize = 8;

    /// A model whose weights are large enough to prefer some tokens clearly.
    fn model(config: Config) -> (Model, Vec<f32>) {
        let model = Model::new(config).unwrap();
        let mut rng = Rng::new(3, Purpose::Test, 0);
        let mut params = model.init(1, Init::Preset);
        params.iter_mut().for_each(|p| *p += 0.3 * rng.normal() as f32);
        (model, params)
    }

    fn styles() -> [(Model, Vec<f32>); 2] {
        [model(Config::modern(23, CONTEXT, 2, 2, 16)), model(Config::gpt2(23, CONTEXT, 2, 2, 16))]
    }

    fn ids(generator: &mut Generator, count: usize) -> Vec<u32> {
        (0..count).map(|_| generator.next().unwrap().id).collect()
    }

    /// Logits after the last of `ids`, by one full pass without a cache.
    fn full_pass(model: &Model, params: &[f32], ids: &[u32]) -> Vec<f32> {
        let mut acts = Activations::new(model.config(), 1, ids.len());
        model.forward(params, &mut acts, ids, 1, ids.len());
        let v = model.config().vocab_size;
        acts.logits()[(ids.len() - 1) * v..].to_vec()
    }

    #[test]
    fn the_cached_text_is_that_of_full_passes_token_by_token_over_a_sliding_window() {
        for (model, params) in styles() {
            let sampling = Sampling { temperature: 0.8, seed: 4, ..Sampling::default() };
            let mut generator = Generator::new(&model, &params, &[1, 2, 3], sampling).unwrap();
            let (mut window, mut all, mut slides) = (vec![1, 2, 3], vec![1, 2, 3], 0);
            for place in 0..4 * CONTEXT {
                let step = generator.next().unwrap();
                if window.len() > CONTEXT {
                    window = all[all.len() - CONTEXT / 2..].to_vec();
                }
                assert_eq!(step.slid, window.len() == CONTEXT / 2 && all.len() > CONTEXT, "place {place}");
                slides += usize::from(step.slid);
                let naive = super::super::distribution(&full_pass(&model, &params, &window), &sampling, &[]);
                assert_eq!(step.distribution.ids[0], naive.ids[0], "place {place}");
                for id in 0..23 {
                    let (cached, full) = (step.distribution.probability(id), naive.probability(id));
                    // f32 sums of 16 products in another order, through two layers.
                    assert!((cached - full).abs() < 1e-5, "place {place}, id {id}: {cached}, {full}");
                }
                window.push(step.id);
                all.push(step.id);
            }
            assert_eq!(generator.ids(), all);
            assert!(slides >= 5, "{slides}");
        }
    }

    #[test]
    fn greedy_takes_the_most_probable_token_whatever_the_seed() {
        let [(model, params), _] = styles();
        let of = |seed| {
            let sampling = Sampling { temperature: 0.0, seed, ..Sampling::default() };
            Generator::new(&model, &params, &[5], sampling).unwrap()
        };
        let text = ids(&mut of(1), 20);
        assert_eq!(text, ids(&mut of(2), 20));
        let logits = full_pass(&model, &params, &[5]);
        let most = (0..23).rev().max_by(|&a, &b| logits[a].total_cmp(&logits[b])).unwrap();
        assert_eq!(text[0], most as u32);
    }

    #[test]
    fn the_same_seed_writes_the_same_text_and_another_seed_another() {
        let [(model, params), _] = styles();
        let of = |seed| {
            let sampling = Sampling { seed, ..Sampling::default() };
            ids(&mut Generator::new(&model, &params, &[5, 6], sampling).unwrap(), 30)
        };
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
    }

    #[test]
    fn a_long_prompt_is_read_from_its_last_context_tokens() {
        let [(model, params), _] = styles();
        let long: Vec<u32> = (0..20).map(|i| i * 7 % 23).collect();
        let of = |prompt: &[u32]| Generator::new(&model, &params, prompt, Sampling::default()).unwrap().next().unwrap();
        assert_eq!(of(&long), of(&long[20 - CONTEXT..]));
        assert!(!of(&long).slid);
    }

    #[test]
    fn a_prompt_that_cannot_be_read_is_refused() {
        let [(model, params), _] = styles();
        let refused = |prompt: &[u32], sampling| Generator::new(&model, &params, prompt, sampling).err().unwrap();
        let token = Error::TokenId { found: 23, vocab_size: 23 };
        assert_eq!(refused(&[1, 23], Sampling::default()), token);
        assert_eq!(refused(&[], Sampling::default()).code(), "setting");
        assert_eq!(refused(&[1], Sampling { temperature: -1.0, ..Sampling::default() }).code(), "setting");
        assert!(Generator::new(&model, &params[1..], &[1], Sampling::default()).is_err());
    }

    #[test]
    fn broken_weights_give_an_error_again_and_again_and_no_panic() {
        let [(model, params), _] = styles();
        let mut generator = Generator::new(&model, &vec![f32::NAN; params.len()], &[1], Sampling::default()).unwrap();
        assert_eq!(generator.next(), Err(Error::NothingToChoose));
        assert_eq!(generator.next(), Err(Error::NothingToChoose));
    }
}
