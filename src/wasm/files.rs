//! Model files as JavaScript functions: the module `www/pkg/files/`, which is loaded when somebody takes a model out or
//! brings one in. Runs cross as checkpoint files, which every engine opens.

use super::convert::{from_js, id_tokens, js_error, looked, object, plain_error, set};
use super::generation::Generation;
use crate::error::{Error, Result};
use crate::formats::read_zip;
use crate::model::ALLOWED_BYTES;
use crate::studio::{CONTINUE, Phase, Pretrained};
use alloc::string::String;
use alloc::vec::Vec;
use js_sys::{Array, Function, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

type Js<T = JsValue> = core::result::Result<T, JsValue>;

/// The lines of Python that a folder brings along.
#[wasm_bindgen(js_name = pythonLines)]
pub fn python_lines() -> String {
    CONTINUE.into()
}

/// The Hugging Face folder of a checkpoint's model as a .zip.
#[wasm_bindgen(js_name = exportZip)]
pub fn export_zip(checkpoint: &[u8]) -> Js<Uint8Array> {
    let zip = Pretrained::of_checkpoint(checkpoint).and_then(|model| model.zip()).map_err(js_error)?;
    Ok(Uint8Array::from(&zip[..]))
}

/// The same as `{ name, bytes }[]`.
#[wasm_bindgen(js_name = exportFiles)]
pub fn export_files(checkpoint: &[u8]) -> Js<Array> {
    let files = Pretrained::of_checkpoint(checkpoint).and_then(|model| model.files()).map_err(js_error)?;
    let objects = files.into_iter().map(|(name, bytes)| {
        let out: Object = object();
        set(&out, "name", name);
        set(&out, "bytes", Uint8Array::from(&bytes[..]));
        out
    });
    Ok(objects.collect())
}

/// The checkpoint, at step 0, of the model in a folder's files (`names` and, in the same order, `contents`) or in one
/// .zip (one content, no name). It learns on from the text of `settings`, with their recipe and its own sizes.
/// `progress(phase, done, total)` is told how far reading the text is.
#[wasm_bindgen(js_name = importModel)]
pub fn import_model(
    names: Vec<String>,
    contents: Vec<Uint8Array>,
    settings: JsValue,
    text: Option<Vec<u8>>,
    progress: &Function,
) -> Js<Uint8Array> {
    let settings = from_js(settings)?;
    let mut report = |phase: Phase, done: usize, total: usize| {
        let phase = if phase == Phase::Corpus { "corpus" } else { "tokens" };
        // What it returns or throws does not matter.
        let _ = progress.call3(&JsValue::NULL, &phase.into(), &(done as f64).into(), &(total as f64).into());
    };
    let model = open(names, &contents).map_err(js_error)?;
    drop(contents);
    let file = model.checkpoint(&settings, text.unwrap_or_default(), &mut report).map_err(|error| unlearned(&error))?;
    Ok(Uint8Array::from(&file[..]))
}

/// Why a model that was read cannot become a run: with `details.readable`, as it may still be read with.
fn unlearned(error: &Error) -> JsValue {
    let out = plain_error(error);
    if let Some(details) = Reflect::get(&out, &"details".into()).ok().and_then(|details| details.dyn_into().ok()) {
        set(&details, "readable", 1);
    }
    out
}

/// Tokens that are looked into at most: attention has a number for each pair of them in every head.
const LOOKED_AT: usize = 64;

/// A model of a folder that is read with as it is: it never learns, so that its weights are all that it needs.
#[wasm_bindgen]
pub struct Reader(Pretrained);

#[wasm_bindgen]
impl Reader {
    /// `names` and `contents` as in `importModel`.
    #[wasm_bindgen(constructor)]
    pub fn new(names: Vec<String>, contents: Vec<Uint8Array>) -> Js<Reader> {
        open(names, &contents).map(Self).map_err(js_error)
    }

    /// `ReaderFacts`.
    pub fn facts(&self) -> Js<Object> {
        let (config, words, out) = (self.0.config(), self.0.words(), object());
        set(&out, "className", self.0.architecture().map_err(js_error)?.class());
        set(&out, "parameters", config.parameter_count() as f64);
        for (key, size) in [
            ("layers", config.layers),
            ("heads", config.heads),
            ("width", config.width),
            ("context", config.context),
            ("vocabSize", words.tokenizer().vocab_size()),
        ] {
            set(&out, key, size as f64);
        }
        set(&out, "normal", words.is_nfc());
        let ids: Vec<u32> = (0..words.tokenizer().vocab_size() as u32).collect();
        set(&out, "vocabulary", id_tokens(words.tokenizer(), &ids)?);
        Ok(out)
    }

    /// A continuation of a text.
    pub fn generate(&self, text: &str, sampling: JsValue) -> Js<Generation> {
        let generator = self.0.generator(text, from_js(sampling)?).map_err(js_error)?;
        Ok(Generation::new(generator, self.0.words().tokenizer().clone(), self.0.begin()))
    }

    /// `Looked`: attention and habits of every head over the last tokens of a text.
    pub fn look(&self, text: &str) -> Js<Object> {
        let (tokenizer, config) = (self.0.words().tokenizer(), self.0.config());
        let mut ids = tokenizer.encode(text);
        ids.drain(..ids.len().saturating_sub(LOOKED_AT.min(config.context)));
        let found = self.0.inspect(&ids).map_err(js_error)?;
        looked(tokenizer, config, &ids, &found)
    }
}

fn open(names: Vec<String>, contents: &[Uint8Array]) -> Result<Pretrained> {
    if names.is_empty() {
        let archive = contents.first().map(Uint8Array::to_vec).unwrap_or_default();
        return Pretrained::read(&read_zip(&archive, ALLOWED_BYTES)?);
    }
    let needed_bytes = contents.iter().map(|content| u64::from(content.length())).sum();
    if needed_bytes > ALLOWED_BYTES {
        return Err(Error::Memory { needed_bytes, allowed_bytes: ALLOWED_BYTES });
    }
    let files: Vec<(String, Vec<u8>)> = names.into_iter().zip(contents.iter().map(Uint8Array::to_vec)).collect();
    Pretrained::read(&files)
}
