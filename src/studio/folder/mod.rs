//! A model and its vocabulary as the Hugging Face world keeps them: a folder of files, or the same as one .zip.
//!
//! Read: `GPT2LMHeadModel`, `Qwen3ForCausalLM`, `NanoChatForCausalLM` in f32, f16 or bf16, with ids as they are there.
//! Written: the same in f32, with everything that transformers wants, and a few lines of Python that train it on there.

mod adopt;
mod settings;
mod texts;

use super::WordList;
use super::checkpoint::shown_weights;
use super::habit;
use super::inspect::{Inspection, inspect};
use super::run::Run;
use crate::error::{Error, Result};
use crate::formats::{Architecture, HfConfig, Wanted, read_weights, read_zip, write_weights, write_zip};
use crate::generate::{Generator, Sampling};
use crate::model::{ALLOWED_BYTES, Config, Model};
use crate::tokenizer::{SPECIALS, Tokenizer};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

pub use texts::CONTINUE;

const FOLDER: &str = "Hugging Face folder";
const CONFIG: &str = "config.json";
const WEIGHTS: &str = "model.safetensors";
const TOKENIZER: &str = "tokenizer.json";

/// A model that can be used as it is: weights, vocabulary, no training.
pub struct Pretrained {
    model: Model,
    /// Those of every text that grows from it, too.
    params: Arc<Vec<f32>>,
    words: WordList,
    /// Id of the token that begins a text.
    begin: Option<u32>,
}

fn missing(expected: &str, found: impl ToString) -> Error {
    Error::Format { file: FOLDER, expected: expected.into(), found: found.to_string() }
}

/// The files of one folder, by their names in it.
struct Folder<'a>(Vec<(&'a str, &'a [u8])>);

impl<'a> Folder<'a> {
    /// The folder that holds a `config.json`, the outermost where there are several. Paths may begin with its own name.
    fn find<N: AsRef<str>, B: AsRef<[u8]>>(files: &'a [(N, B)]) -> Result<Self> {
        let names = || files.iter().map(|(name, _)| name.as_ref());
        let roots = names().filter_map(|name| name.strip_suffix(CONFIG)).filter(|r| r.is_empty() || r.ends_with('/'));
        let root = roots.min_by_key(|root| root.matches('/').count());
        let root = root.ok_or_else(|| missing("a folder with config.json", listed(names())))?;
        let inside = files.iter().filter_map(|(name, bytes)| {
            let name = name.as_ref().strip_prefix(root).filter(|name| !name.contains('/'))?;
            Some((name, bytes.as_ref()))
        });
        let inside: Vec<_> = inside.collect();
        let twice =
            inside.iter().enumerate().find(|(at, (name, _))| inside[..*at].iter().any(|(other, _)| other == name));
        match twice {
            Some((_, (name, _))) => Err(missing("each file once", format!("{name} twice"))),
            None => Ok(Self(inside)),
        }
    }

    fn get(&self, name: &str) -> Result<&'a [u8]> {
        let found = self.0.iter().find(|(other, _)| *other == name).map(|(_, bytes)| *bytes);
        found.ok_or_else(|| missing(name, listed(self.0.iter().map(|(name, _)| *name))))
    }

    /// `model.safetensors`, or its parts in order.
    fn weights(&self) -> Result<Vec<&'a [u8]>> {
        if let Ok(whole) = self.get(WEIGHTS) {
            return Ok(Vec::from([whole]));
        }
        let is_part = |name: &str| name.starts_with("model-") && name.ends_with(".safetensors");
        let mut parts: Vec<_> = self.0.iter().filter(|(name, _)| is_part(name)).collect();
        parts.sort_unstable_by_key(|(name, _)| *name);
        if parts.is_empty() {
            return self.get(WEIGHTS).map(|whole| Vec::from([whole]));
        }
        Ok(parts.into_iter().map(|(_, bytes)| *bytes).collect())
    }
}

/// Names in an error: the first few.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.take(8).map(|name| name.chars().take(60).collect()).collect();
    if names.is_empty() { "no file".into() } else { names.join(", ") }
}

impl Pretrained {
    /// The model of a folder: names of the files, with `/` between folders, and their bytes.
    ///
    /// # Errors
    /// [`Error::Memory`] where reading with it needs more than [`ALLOWED_BYTES`], before anything of its size is
    /// allocated; [`Error::Unsupported`] that names an architecture, a setting or a vocabulary that is not known;
    /// [`Error::Format`] for a missing file and whatever is not in order, [`Error::Setting`] for sizes that do not fit
    /// together.
    pub fn read<N: AsRef<str>, B: AsRef<[u8]>>(files: &[(N, B)]) -> Result<Self> {
        let folder = Folder::find(files)?;
        let file = HfConfig::read(folder.get(CONFIG)?)?;
        let model = Model::new(settings::config_of(&file))?;
        let words = WordList::open(folder.get(TOKENIZER)?)?;
        if words.tokenizer().vocab_size() > file.vocab_size {
            let expected = format!("a vocabulary of at most {} tokens", file.vocab_size);
            return Err(missing(&expected, words.tokenizer().vocab_size()));
        }
        let params = Arc::new(read_weights(&folder.weights()?, &wanted(&model), file.architecture.prefix())?);
        // Files of this project may lack it; others name a token that the vocabulary does not hold.
        let begin = file.begin.filter(|&id| words.tokenizer().is_special(id));
        Ok(Self { model, params, words, begin })
    }

    /// The model of a folder in a .zip.
    ///
    /// # Errors
    /// As [`read_zip`] with at most [`ALLOWED_BYTES`], and [`Pretrained::read`].
    pub fn read_zip(archive: &[u8]) -> Result<Self> {
        Self::read(&read_zip(archive, ALLOWED_BYTES)?)
    }

    /// The model of a run as it is shown now.
    ///
    /// # Errors
    /// None for a run that exists: those of [`Model::new`].
    pub fn of_run(run: &Run) -> Result<Self> {
        let model = Model::new(run.session.model().config().clone())?;
        Ok(Self::own(model, run.session.shown_params().to_vec(), run.tokenizer.clone()))
    }

    /// The model of a checkpoint file as it was shown; the run is not opened.
    ///
    /// # Errors
    /// As [`Opening::load`](super::Opening::load).
    pub fn of_checkpoint(file: &[u8]) -> Result<Self> {
        let (config, params, tokenizer) = shown_weights(file)?;
        Ok(Self::own(Model::new(config)?, params, tokenizer))
    }

    fn own(model: Model, params: Vec<f32>, tokenizer: Tokenizer) -> Self {
        let begin = model.config().document_start.or(tokenizer.special(SPECIALS[0]));
        Self { model, params: Arc::new(params), words: WordList::trained(tokenizer), begin }
    }

    /// The files of the folder, by name.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for a model that is none of the architectures, or a vocabulary that has no file.
    pub fn files(&self) -> Result<Vec<(String, Vec<u8>)>> {
        let config = self.model.config();
        let file = settings::file_of(config, self.begin)?;
        let tensors = self.model.table().tensors().iter();
        let values: Vec<(Wanted, &[f32])> =
            tensors.map(|t| (Wanted { name: &t.name, shape: &t.shape }, &self.params[t.range()])).collect();
        let begin = self.begin.and_then(|id| self.words.tokenizer().specials().find(|(_, other)| *other == id));
        let mut files = Vec::from([
            (CONFIG.into(), file.write().into_bytes()),
            (WEIGHTS.into(), write_weights(&values)),
            (TOKENIZER.into(), self.words.save()?.into_bytes()),
        ]);
        files.extend(texts::files(config.context, self.begin, begin.map(|(name, _)| name), &file));
        Ok(files)
    }

    /// The folder as a .zip.
    ///
    /// # Errors
    /// As [`Pretrained::files`]; [`Error::Unsupported`] above 4 GiB.
    pub fn zip(&self) -> Result<Vec<u8>> {
        write_zip(&self.files()?)
    }

    /// A continuation of a text; an empty one stands for the beginning of a text.
    ///
    /// # Errors
    /// As [`Generator::new`]; [`Error::Setting`] for an empty text where no token begins one.
    pub fn generator(&self, text: &str, sampling: Sampling) -> Result<Generator> {
        let mut ids = self.words.tokenizer().encode(text);
        if ids.is_empty() {
            ids.extend(self.begin);
        }
        Generator::shared(&self.model, Arc::clone(&self.params), &ids, sampling)
    }

    /// One traced pass over ids, at most the context.
    ///
    /// # Errors
    /// [`Error::TokenId`]; [`Error::TooLong`].
    pub fn inspect(&self, ids: &[u32]) -> Result<Inspection> {
        let limit_tokens = self.model.config().context;
        if ids.len() > limit_tokens {
            return Err(Error::TooLong { limit_tokens, found_tokens: ids.len() });
        }
        inspect(&self.model, &self.params, ids, &habit::punctuation(self.words.tokenizer(), ids))
    }

    /// What the model is.
    pub fn config(&self) -> &Config {
        self.model.config()
    }

    /// Its weights, in the order of the model's table.
    pub fn params(&self) -> &[f32] {
        &self.params
    }

    /// Id of the token that begins a text, where there is one; it ends a text, too.
    pub fn begin(&self) -> Option<u32> {
        self.begin
    }

    /// Its vocabulary, with ids as in the folder. Text must be in the normalization form that
    /// [`WordList::is_nfc`] says.
    pub fn words(&self) -> &WordList {
        &self.words
    }

    /// The architecture by its name in transformers.
    ///
    /// # Errors
    /// As [`Pretrained::files`].
    pub fn architecture(&self) -> Result<Architecture> {
        settings::file_of(self.model.config(), self.begin).map(|file| file.architecture)
    }
}

fn wanted(model: &Model) -> Vec<Wanted<'_>> {
    model.table().tensors().iter().map(|t| Wanted { name: &t.name, shape: &t.shape }).collect()
}

#[cfg(test)]
mod tests;
