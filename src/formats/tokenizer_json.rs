//! `tokenizer.json` of Hugging Face's tokenizers, for byte-level BPE: GPT-2, Llama 3, Qwen and what this project trains.
//!
//! The post-processor is not read: what it adds (a token that begins every text, say) is not part of the text.

use super::byte_level::Alphabet;
use super::patterns::{Cut, kind};
use super::ranks::clipped;
use crate::error::{Error, Result};
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::{self, Write as _};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

const FILE: &str = "tokenizer.json";
/// Highest id that is taken: a wrong number must not ask for gigabytes.
const MOST_IDS: u32 = 1 << 21;
const KINDS: &str = "byte-level BPE as in GPT-2, Llama 3 and Qwen";

/// What such a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenizerJson {
    /// The bytes of each token by id; empty where there is none or a special one.
    pub tokens: Vec<Vec<u8>>,
    /// Pairs of ids, the most urgent first.
    pub merges: Vec<(u32, u32)>,
    /// How text is cut.
    pub cut: Cut,
    /// Special tokens and their ids.
    pub specials: Vec<(String, u32)>,
    /// A piece that is a token stays whole, whatever the merges (`ignore_merges`).
    pub whole_pieces: bool,
    /// Text is brought into the Unicode normalization form C first.
    pub nfc: bool,
}

pub(super) fn unsupported(expected: &str, found: String) -> Error {
    Error::Unsupported { file: FILE, expected: expected.into(), found }
}

fn refused(expected: &str, found: String) -> Error {
    Error::Format { file: FILE, expected: expected.into(), found }
}

/// The file as it stands there.
#[derive(Deserialize)]
struct File {
    model: Model,
    #[serde(default)]
    normalizer: Value,
    #[serde(default)]
    pre_tokenizer: Value,
    #[serde(default)]
    added_tokens: Vec<Added>,
}

#[derive(Deserialize)]
struct Model {
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    vocab: Vocabulary,
    merges: Option<Vec<Pair>>,
    #[serde(default)]
    byte_fallback: bool,
    #[serde(default)]
    ignore_merges: bool,
    dropout: Option<f64>,
    continuing_subword_prefix: Option<String>,
    end_of_word_suffix: Option<String>,
}

#[derive(Deserialize)]
struct Added {
    id: u32,
    content: String,
    #[serde(default)]
    single_word: bool,
    #[serde(default)]
    lstrip: bool,
    #[serde(default)]
    rstrip: bool,
    #[serde(default)]
    special: bool,
}

/// Names and ids. Other kinds of models have a list of something else here, which is passed over.
#[derive(Default)]
struct Vocabulary(Vec<(String, u32)>);

impl<'de> Deserialize<'de> for Vocabulary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Vocabulary;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("tokens with their ids")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> core::result::Result<Vocabulary, A::Error> {
                let mut out = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    out.push(entry);
                }
                Ok(Vocabulary(out))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> core::result::Result<Vocabulary, A::Error> {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Vocabulary::default())
            }
        }
        deserializer.deserialize_any(Entries)
    }
}

/// A merge: `"a b"`, or `["a", "b"]`.
struct Pair(String, String);

impl<'de> Deserialize<'de> for Pair {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        struct Parts;
        impl<'de> Visitor<'de> for Parts {
            type Value = Pair;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a merge of two tokens")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> core::result::Result<Pair, E> {
                let parts = text.split_once(' ').filter(|(left, right)| !left.is_empty() && !right.contains(' '));
                parts
                    .map(|(left, right)| Pair(left.into(), right.into()))
                    .ok_or_else(|| E::custom(format!("a merge of two tokens, but {:?} is none", clipped(text))))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> core::result::Result<Pair, A::Error> {
                match (list.next_element()?, list.next_element()?, list.next_element::<IgnoredAny>()?) {
                    (Some(left), Some(right), None) => Ok(Pair(left, right)),
                    _ => Err(A::Error::custom("a merge that has not two tokens")),
                }
            }
        }
        deserializer.deserialize_any(Parts)
    }
}

impl TokenizerJson {
    /// Reads a file.
    ///
    /// # Errors
    /// [`Error::Format`] where it is no such file or not in order; [`Error::Unsupported`] that names what can't be read.
    pub fn read(file: &[u8]) -> Result<Self> {
        let file: File = serde_json::from_slice(file)
            .map_err(|e| refused("JSON with a model, its vocabulary and merges", e.to_string()))?;
        let File { model, normalizer, pre_tokenizer, added_tokens } = file;
        supported(&model)?;
        let nfc = nfc(&normalizer)?;
        let cut = Cut::read(&pre_tokenizer)?;
        let specials = specials(added_tokens)?;
        let is_special = |name: &str, id: u32| specials.iter().any(|(other, at)| other == name && *at == id);
        let alphabet = Alphabet::new();
        let mut tokens = vec![];
        for (name, id) in model.vocab.0.iter().filter(|(name, id)| !is_special(name, *id)) {
            let bytes = alphabet.read(name).map_err(|c| {
                unsupported(
                    KINDS,
                    format!("the token {:?} with the character {c:?}, which stands for no byte", clipped(name)),
                )
            })?;
            place(&mut tokens, *id, bytes)?;
        }
        let merges = merges(&model.vocab.0, model.merges.unwrap_or_default())?;
        Ok(Self { tokens, merges, cut, specials, whole_pieces: model.ignore_merges, nfc })
    }

    /// The file. Special tokens stand in the vocabulary, too: elsewhere they would be numbered anew.
    ///
    /// # Errors
    /// [`Error::Unsupported`] when two tokens have the same bytes: names must differ there.
    pub fn write(&self) -> Result<String> {
        let alphabet = Alphabet::new();
        let names: Vec<Cow<str>> = self.names(&alphabet);
        let sorted =
            by_name(names.iter().zip(0..).filter(|(name, _)| !name.is_empty()).map(|(name, id)| (&**name, id)));
        if let Some(twice) = sorted.windows(2).find(|w| w[0].0 == w[1].0) {
            let found = format!("two tokens with the same bytes (ids {} and {})", twice[0].1, twice[1].1);
            return Err(unsupported("only vocabularies whose tokens differ", found));
        }
        let mut out = String::from("{\n  \"version\": \"1.0\",\n  \"truncation\": null,\n  \"padding\": null,\n");
        let added: Vec<Value> = self.specials.iter().map(|(name, id)| added(name, *id)).collect();
        let bytes = |trim: bool| serde_json::json!({ "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": trim, "use_regex": true });
        let normalizer = if self.nfc { serde_json::json!({ "type": "NFC" }) } else { Value::Null };
        for (key, value) in [
            ("added_tokens", Value::from(added)),
            ("normalizer", normalizer),
            ("pre_tokenizer", self.cut.write()),
            ("post_processor", bytes(false)),
            ("decoder", bytes(true)),
        ] {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "  \"{key}\": {value},");
        }
        out += "  \"model\": {\n    \"type\": \"BPE\",\n    \"dropout\": null,\n    \"unk_token\": null,\n    \
                \"continuing_subword_prefix\": null,\n    \"end_of_word_suffix\": null,\n    \"fuse_unk\": false,\n    \
                \"byte_fallback\": false,\n";
        let _ = write!(out, "    \"ignore_merges\": {},\n    \"vocab\": {{", self.whole_pieces);
        let quoted = |text: &str| Value::from(text).to_string();
        let mut comma = "\n";
        for (id, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            let _ = write!(out, "{comma}      {}: {id}", quoted(name));
            comma = ",\n";
        }
        out += "\n    },\n    \"merges\": [";
        comma = "\n";
        for &(left, right) in &self.merges {
            let name = |id: u32| quoted(names.get(id as usize).map_or("", |name| name));
            let _ = write!(out, "{comma}      [{}, {}]", name(left), name(right));
            comma = ",\n";
        }
        out += "\n    ]\n  }\n}\n";
        Ok(out)
    }

    /// Names by id; empty where there is no token.
    fn names(&self, alphabet: &Alphabet) -> Vec<Cow<'_, str>> {
        let mut names: Vec<Cow<str>> = self.tokens.iter().map(|token| alphabet.write(token).into()).collect();
        for (name, id) in &self.specials {
            if names.len() <= *id as usize {
                names.resize(*id as usize + 1, "".into());
            }
            names[*id as usize] = name.into();
        }
        names
    }
}

/// Names as bytes with their ids, in order.
fn by_name<'a>(names: impl Iterator<Item = (&'a str, u32)>) -> Vec<(&'a [u8], u32)> {
    let mut sorted: Vec<_> = names.map(|(name, id)| (name.as_bytes(), id)).collect();
    sorted.sort_unstable();
    sorted
}

fn added(name: &str, id: u32) -> Value {
    serde_json::json!({ "id": id, "content": name, "single_word": false, "lstrip": false, "rstrip": false,
        "normalized": false, "special": true })
}

/// Refuses models of other kinds, by name.
fn supported(model: &Model) -> Result<()> {
    let set = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
    let found = match &model.kind {
        Some(kind) if kind == "Unigram" => "a model of the kind Unigram (SentencePiece)".into(),
        Some(kind) if kind != "BPE" => format!("a model of the kind {}", clipped(kind)),
        _ if model.byte_fallback => "byte_fallback (BPE on characters, SentencePiece)".into(),
        None if model.merges.is_none() => "a model without merges".into(),
        _ if set(&model.continuing_subword_prefix) => "a continuing_subword_prefix".into(),
        _ if set(&model.end_of_word_suffix) => "an end_of_word_suffix".into(),
        _ if model.dropout.is_some_and(|dropout| dropout > 0.0) => "dropout".into(),
        _ => return Ok(()),
    };
    Err(unsupported(KINDS, found))
}

/// Whether the normalizer is NFC; it may also be none.
fn nfc(normalizer: &Value) -> Result<bool> {
    if normalizer.is_null() {
        return Ok(false);
    }
    if let Some(steps) = normalizer["normalizers"].as_array() {
        let steps: Result<Vec<bool>> = steps.iter().map(nfc).collect();
        return Ok(steps?.contains(&true));
    }
    match kind(normalizer) {
        "NFC" => Ok(true),
        other => Err(unsupported("the normalizer NFC, or none,", format!("the normalizer {}", clipped(other)))),
    }
}

/// Names and ids of added tokens.
fn specials(added: Vec<Added>) -> Result<Vec<(String, u32)>> {
    for token in &added {
        let strips = [("single_word", token.single_word), ("lstrip", token.lstrip), ("rstrip", token.rstrip)];
        if let Some((setting, _)) = strips.into_iter().find(|(_, set)| *set) {
            let found = format!("the added token {:?} with the setting {setting}", clipped(&token.content));
            return Err(unsupported("added tokens that stand for just their text", found));
        }
        // Others are cut out of every text before the merges, which this project never does by itself.
        let delimited = |open, close| token.content.starts_with(open) && token.content.ends_with(close);
        if !token.special && !delimited('<', '>') && !delimited('[', ']') {
            let found = format!("the added token {:?}, which is no special one", clipped(&token.content));
            return Err(unsupported("added tokens that are special", found));
        }
    }
    Ok(added.into_iter().map(|token| (token.content, token.id)).collect())
}

fn place(tokens: &mut Vec<Vec<u8>>, id: u32, bytes: Vec<u8>) -> Result<()> {
    if id >= MOST_IDS {
        return Err(refused("ids below 2097152", id.to_string()));
    }
    if tokens.len() <= id as usize {
        tokens.resize(id as usize + 1, vec![]);
    }
    if bytes.is_empty() || !tokens[id as usize].is_empty() {
        return Err(refused("one token that is not empty for an id", format!("another for {id}")));
    }
    tokens[id as usize] = bytes;
    Ok(())
}

/// Merges by the ids of their tokens.
fn merges(vocabulary: &[(String, u32)], merges: Vec<Pair>) -> Result<Vec<(u32, u32)>> {
    let sorted = by_name(vocabulary.iter().map(|(name, id)| (name.as_str(), *id)));
    let id = |name: &str| {
        let at = sorted.binary_search_by(|(other, _)| (*other).cmp(name.as_bytes()));
        at.map(|at| sorted[at].1).map_err(|_| {
            refused("merges of tokens of the vocabulary", format!("a merge of {:?}, which is none", clipped(name)))
        })
    };
    merges.iter().map(|Pair(left, right)| Ok((id(left)?, id(right)?))).collect()
}

#[cfg(test)]
mod tests;
