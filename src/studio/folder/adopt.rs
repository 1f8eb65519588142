//! A model out of a folder as a run of this project, at step 0: its ids in the order of vocabularies that are trained
//! here, its weights with them, and a text to learn from.

use super::{FOLDER, Pretrained, missing};
use crate::error::{Error, Result};
use crate::formats::Architecture;
use crate::model::{ALLOWED_BYTES, Config};
use crate::studio::checkpoint::write;
use crate::studio::open::{Opening, Progress};
use crate::studio::run::Record;
use crate::studio::settings::{RunSettings, Style, Vocabulary};
use crate::tokenizer::{SPECIALS, Tokenizer};
use crate::train::{State, Weights};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

/// Single bytes.
const BYTES: usize = 256;
/// No id.
const NONE: u32 = u32::MAX;

impl Pretrained {
    /// The settings of a run that goes on with this model: its own sizes, everything else as in `settings`.
    ///
    /// # Errors
    /// As [`RunSettings::validate`]: [`Error::Memory`] tells what training it would need.
    pub fn run_settings(&self, settings: &RunSettings) -> Result<RunSettings> {
        let config = self.config();
        let own = RunSettings {
            style: match self.architecture()? {
                Architecture::Gpt2 => Style::Gpt2,
                Architecture::Qwen3 => Style::Modern,
                Architecture::NanoChat => Style::Nanochat,
            },
            layers: config.layers,
            heads: config.heads,
            kv_heads: config.kv_heads,
            width: config.width,
            context: config.context,
            vocabulary: Vocabulary::Bpe,
            vocab_size: config.vocab_size,
            split: self.words().tokenizer().split(),
            ..settings.clone()
        };
        settings.validate()?;
        // Memory first: large models have larger vocabularies than can be learned here, too.
        config.validate(own.training(config).rows_per_shard(), ALLOWED_BYTES)?;
        own.validate()?;
        Ok(own)
    }

    /// A checkpoint file at step 0 that learns on from the text of `settings` (`given`, where they name one that is not
    /// generated), with the model's own vocabulary. The token that begins a text is called `<|end|>` there; ids that
    /// the vocabulary leaves out become special tokens that no text has.
    ///
    /// # Errors
    /// As [`Pretrained::run_settings`] and [`Opening::new`]; [`Error::CorpusTooShort`]; [`Error::Unsupported`] for a
    /// vocabulary that is not a plain list of merges.
    pub fn checkpoint(&self, settings: &RunSettings, given: Vec<u8>, progress: Progress) -> Result<Vec<u8>> {
        let settings = self.run_settings(settings)?;
        let (tokenizer, order) = self.renumbered()?;
        let place = |id: u32| order.iter().position(|&other| other == id).map(|at| at as u32);
        let config = Config { document_start: self.config().document_start.and_then(place), ..self.config().clone() };
        let opening = Opening::new(settings.clone(), given)?;
        let (split, text_bytes, given) = opening.encoded(&tokenizer, progress)?;
        split.check(config.context, config.vocab_size)?;
        let training = settings.training(&config);
        let weights = Weights::fresh(self.reordered(&order), &training);
        let state = State { config, settings: training, step: 0, corpus: split.hash(), weights };
        let record = Record { corpus_bytes: text_bytes, ..Record::default() };
        write(&settings, &tokenizer, &record, &state, &given)
    }

    /// The vocabulary in the order of those that are trained here, and the id in the folder for each of its ids.
    fn renumbered(&self) -> Result<(Tokenizer, Vec<u32>)> {
        let (words, old) = (&self.words, self.words.tokenizer());
        if words.keeps_whole_pieces() || words.is_nfc() {
            return Err(irregular("rules beside its merges (ignore_merges or a normalizer)"));
        }
        let size = self.config().vocab_size;
        let ids = || 0..old.vocab_size() as u32;
        let bytes = |id: u32| if old.is_special(id) { None } else { old.token_bytes(id).ok() };
        let (mut order, mut place) = (vec![NONE; BYTES], vec![NONE; size]);
        for (id, token) in ids().filter_map(|id| Some((id, bytes(id)?))) {
            if let [byte] = token[..] {
                order[usize::from(byte)] = id;
                place[id as usize] = u32::from(byte);
            }
        }
        let mut merges = Vec::with_capacity(words.merges());
        for rank in 0..words.merges() {
            let (id, merge) = words.merge(rank).ok_or_else(|| irregular("tokens that are not made of two others"))?;
            let [left, right] = [merge.left, merge.right].map(|part| place[part as usize]);
            if left == NONE || right == NONE || place[id as usize] != NONE {
                return Err(irregular("merges that are not in the order in which they are made"));
            }
            place[id as usize] = order.len() as u32;
            order.push(id);
            merges.push((left, right, merge.count));
        }
        if let Some(id) = ids().find(|&id| bytes(id).is_some() && place[id as usize] == NONE) {
            return Err(irregular(&format!("the token {id}, which no merge makes")));
        }
        let has_end = old.special(SPECIALS[0]).is_some();
        let mut specials = Vec::new();
        for id in (0..size as u32).filter(|&id| place[id as usize] == NONE) {
            let name = old.specials().find(|(_, other)| *other == id).map(|(name, _)| String::from(name));
            let begins = !has_end && self.begin == Some(id);
            order.push(id);
            specials.push(if begins { SPECIALS[0].into() } else { name.unwrap_or(format!("<|unused {id}|>")) });
        }
        if order.len() != size || order.contains(&NONE) {
            return Err(missing(&format!("{size} tokens"), order.len()));
        }
        Ok((Tokenizer::from_learned(merges, old.split(), specials)?, order))
    }

    /// The weights with the rows of embedding and head in another order.
    fn reordered(&self, order: &[u32]) -> Vec<f32> {
        let mut out = self.params.to_vec();
        let width = self.config().width;
        let by_id = ["transformer.wte.weight", "model.embed_tokens.weight", "lm_head.weight"];
        for tensor in by_id.into_iter().filter_map(|name| self.model.table().get(name)) {
            let rows = &self.params[tensor.range()];
            for (row, &id) in out[tensor.range()].chunks_exact_mut(width).zip(order) {
                let from = id as usize * width;
                row.copy_from_slice(&rows[from..from + width]);
            }
        }
        out
    }
}

fn irregular(found: &str) -> Error {
    let expected = "a vocabulary in which every token is a byte or made by one merge";
    Error::Unsupported { file: FOLDER, expected: expected.to_string(), found: found.into() }
}
