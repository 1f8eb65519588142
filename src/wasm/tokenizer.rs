//! Text and its tokens as JavaScript classes: the small module `www/pkg/tokenizer/`, which is also a library of its own.
//!
//! Text crosses the boundary as a string; a lone surrogate becomes U+FFFD, which is one UTF-16 unit as well.

use super::convert::{ints, js_error, object, set};
use crate::error::Error;
use crate::studio::{Kind, Order, WordList};
use crate::tokenizer::{self, Cache, Published, Span, Specials, Split, Stopped, TrainOptions};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;
use js_sys::{Array, Float64Array, Object, Uint8Array, Uint32Array};
use wasm_bindgen::prelude::*;

type Js<T = JsValue> = Result<T, JsValue>;

const SPLITS: [(&str, Split); 5] = [
    ("gpt2", Split::Gpt2),
    ("digits", Split::Digits),
    ("cl100k", Split::Cl100k),
    ("o200k", Split::O200k),
    ("qwen", Split::Qwen),
];

fn setting(name: &'static str, expected: &str, found: &str) -> JsValue {
    js_error(Error::Setting { name, expected: expected.into(), found: format!("{found:?}") })
}

fn names(of: impl IntoIterator<Item = &'static str>) -> String {
    of.into_iter().collect::<Vec<_>>().join(", ")
}

/// A vocabulary with its way of cutting text. Every method that can fail throws `{ code, message, details }`.
#[wasm_bindgen]
pub struct Tokenizer(WordList, RefCell<Cache>);

impl Tokenizer {
    fn of(list: WordList) -> Self {
        Self(list, RefCell::new(Cache::kept()))
    }
}

#[wasm_bindgen]
impl Tokenizer {
    /// Plain bytes.
    pub fn bytes() -> Tokenizer {
        Self::of(WordList::trained(tokenizer::Tokenizer::bytes(Vec::new())))
    }

    /// A published vocabulary (`gpt2`, `cl100k`, `o200k`) out of its file, decompressed.
    pub fn published(name: &str, file: &[u8]) -> Js<Tokenizer> {
        let Some(published) = Published::from_name(name) else {
            return Err(setting("vocabulary", &format!("one of {}", names(Published::ALL.map(Published::name))), name));
        };
        WordList::published(published, file).map(Self::of).map_err(js_error)
    }

    /// The vocabulary of a `tokenizer.json` or `.tiktoken` file.
    pub fn open(file: &[u8]) -> Js<Tokenizer> {
        WordList::open(file).map(Self::of).map_err(js_error)
    }

    /// The vocabulary as a `tokenizer.json`.
    pub fn save(&self) -> Js<Uint8Array> {
        self.0.save().map(|json| Uint8Array::from(json.as_bytes())).map_err(js_error)
    }

    /// `{ size, merges, split, specials, nfc }`.
    pub fn facts(&self) -> Object {
        let tokenizer = self.0.tokenizer();
        let specials = tokenizer.specials().map(|(name, id)| {
            let special = object();
            set(&special, "name", name);
            set(&special, "id", id);
            special
        });
        let split = SPLITS.iter().find(|(_, split)| *split == tokenizer.split()).map_or("", |(name, _)| name);
        let out = object();
        set(&out, "size", tokenizer.vocab_size() as f64);
        set(&out, "merges", self.0.merges() as f64);
        set(&out, "split", split);
        set(&out, "specials", specials.collect::<Array>());
        set(&out, "nfc", self.0.is_nfc());
        out
    }

    /// Ids of a text. Names of special tokens in it are text (`undefined`), the tokens (`"all"`), the tokens where they
    /// are in a list, or an error (`"refuse"`).
    pub fn encode(&self, text: &str, specials: JsValue) -> Js<Vec<u32>> {
        if specials.is_undefined() {
            return Ok(self.0.tokenizer().encode_cached(text, &mut self.1.borrow_mut()));
        }
        let list: Option<&Array> = specials.dyn_ref();
        let allowed: Vec<String> =
            list.map(|names| names.iter().filter_map(|n| n.as_string()).collect()).unwrap_or_default();
        let allowed: Vec<&str> = allowed.iter().map(String::as_str).collect();
        let specials = match specials.as_string().as_deref() {
            Some("all") => Specials::All,
            Some("refuse") => Specials::Refuse,
            None if list.is_some() => Specials::Only(&allowed),
            other => {
                return Err(setting(
                    "specials",
                    "\"all\", \"refuse\" or a list of names",
                    other.unwrap_or("another value"),
                ));
            }
        };
        let ids = self.0.tokenizer().encode_with_cache(text, specials, &mut self.1.borrow_mut());
        ids.map_err(js_error)
    }

    /// Number of tokens of a text.
    pub fn count(&self, text: &str) -> usize {
        self.0.tokenizer().encode_cached(text, &mut self.1.borrow_mut()).len()
    }

    /// The text of ids; bytes that are no characters become U+FFFD.
    pub fn decode(&self, ids: &[u32]) -> Js<String> {
        self.0.tokenizer().decode_lossy(ids).map_err(js_error)
    }

    /// The bytes of ids.
    #[wasm_bindgen(js_name = decodeBytes)]
    pub fn decode_bytes(&self, ids: &[u32]) -> Js<Uint8Array> {
        self.0.tokenizer().decode_bytes(ids).map(|bytes| Uint8Array::from(&bytes[..])).map_err(js_error)
    }

    /// `TokenList` of a text, with the places of the tokens in it.
    pub fn spans(&self, text: &str) -> Object {
        token_list(&self.0, &self.0.tokenizer().encode_spans(text), text)
    }

    /// `TokenList` of a text after the first `merges` merges.
    pub fn segment(&self, text: &str, merges: usize) -> Js<Object> {
        let ids = self.0.tokenizer().segment(text, merges);
        self.0.tokenizer().spans(&ids, text).map(|spans| token_list(&self.0, &spans, text)).map_err(js_error)
    }

    /// Number of tokens of a text after 0, 1, 2 … merges.
    pub fn curve(&self, text: &str) -> Uint32Array {
        ints(&self.0.tokenizer().curve(text))
    }

    /// `TokenList` of ids; their places in a text are 0.
    pub fn describe(&self, ids: &[u32]) -> Js<Object> {
        let tokenizer = self.0.tokenizer();
        let (mut bytes, mut starts, mut special) = (Vec::new(), Vec::from([0]), Vec::new());
        for &id in ids {
            bytes.extend_from_slice(tokenizer.token_bytes(id).map_err(js_error)?);
            starts.push(bytes.len() as u32);
            special.push(u8::from(tokenizer.is_special(id)));
        }
        let none = || Uint32Array::new_with_length(ids.len() as u32);
        Ok(columns(ids, &bytes, &starts, [none(), none()], &special))
    }

    /// Merges by rank: `{ ids, left, right, count }`.
    pub fn merges(&self, from: usize, to: usize) -> Object {
        let merges: Vec<_> = (from..to.min(self.0.merges())).filter_map(|rank| self.0.merge(rank)).collect();
        let column = |f: &dyn Fn(&(u32, tokenizer::Merge)) -> u32| ints(&merges.iter().map(f).collect::<Vec<_>>());
        let counts: Vec<f64> = merges.iter().map(|(_, merge)| merge.count as f64).collect();
        let out = object();
        set(&out, "ids", column(&|(id, _)| *id));
        set(&out, "left", column(&|(_, merge)| merge.left));
        set(&out, "right", column(&|(_, merge)| merge.right));
        set(&out, "count", Float64Array::from(&counts[..]));
        out
    }

    /// Everything that a token is made of, parts before wholes: `{ ids, ranks, left, right, count }`.
    pub fn tree(&self, id: u32) -> Object {
        let parts = self.0.tree(id);
        let column =
            |f: &dyn Fn(&(u32, usize, tokenizer::Merge)) -> u32| ints(&parts.iter().map(f).collect::<Vec<_>>());
        let counts: Vec<f64> = parts.iter().map(|(_, _, merge)| merge.count as f64).collect();
        let out = object();
        set(&out, "ids", column(&|(id, _, _)| *id));
        set(&out, "ranks", column(&|(_, rank, _)| *rank as u32));
        set(&out, "left", column(&|(_, _, merge)| merge.left));
        set(&out, "right", column(&|(_, _, merge)| merge.right));
        set(&out, "count", Float64Array::from(&counts[..]));
        out
    }

    /// Ids of the tokens of a kind (`all`, `special`, `partial`, `word`, `space`) that hold a text or bytes (`E4·BD`),
    /// by `rank` or `length`.
    pub fn browse(&self, search: &str, kind: &str, order: &str) -> Js<Uint32Array> {
        let kinds = "all, special, partial, word or space";
        let kind = Kind::from_name(kind).ok_or_else(|| setting("kind", kinds, kind))?;
        let order = match order {
            "rank" => Order::Rank,
            "length" => Order::Length,
            other => return Err(setting("order", "rank or length", other)),
        };
        Ok(ints(&self.0.browse(search, kind, order)))
    }
}

/// `TokenList` of a text whose tokens stand one behind the other.
fn token_list(list: &WordList, spans: &[Span], text: &str) -> Object {
    let column = |f: &dyn Fn(&Span) -> usize| -> Vec<u32> { spans.iter().map(|s| f(s) as u32).collect() };
    let first = spans.first().map_or(0, |span| span.byte_start);
    let mut starts = column(&|s| s.byte_start - first);
    let last = spans.last().map_or(first, |span| span.byte_end);
    starts.push((last - first) as u32);
    let special: Vec<u8> = spans.iter().map(|span| u8::from(list.tokenizer().is_special(span.id))).collect();
    let utf16 = [ints(&column(&|s| s.utf16_start)), ints(&column(&|s| s.utf16_end))];
    columns(&column(&|s| s.id as usize), &text.as_bytes()[first..last], &starts, utf16, &special)
}

fn columns(
    ids: &[u32],
    bytes: &[u8],
    starts: &[u32],
    [utf16_start, utf16_end]: [Uint32Array; 2],
    special: &[u8],
) -> Object {
    let out = object();
    set(&out, "ids", ints(ids));
    set(&out, "bytes", Uint8Array::from(bytes));
    set(&out, "byteStart", ints(starts));
    set(&out, "utf16Start", utf16_start);
    set(&out, "utf16End", utf16_end);
    set(&out, "special", Uint8Array::from(special));
    out
}

/// A text that is edited under one vocabulary. Every method takes the tokenizer that it was made with.
#[wasm_bindgen]
pub struct Document(tokenizer::Document);

#[wasm_bindgen]
impl Document {
    /// Encodes a text; nothing in it is special.
    #[wasm_bindgen(constructor)]
    pub fn new(tokenizer: &Tokenizer, text: String) -> Document {
        let mut document = tokenizer::Document::new(tokenizer.0.tokenizer(), text);
        // Browsers compile a function when it is first called: better now than at the first keystroke.
        let _ = document.edit(tokenizer.0.tokenizer(), 0..0, "");
        Self(document)
    }

    /// Replaces a range of UTF-16 units.
    pub fn edit(&mut self, tokenizer: &Tokenizer, start: usize, end: usize, insert: &str) -> Js<()> {
        self.0.edit(tokenizer.0.tokenizer(), start..end, insert).map_err(js_error)
    }

    /// Number of tokens.
    #[wasm_bindgen(getter)]
    pub fn length(&self) -> usize {
        self.0.len()
    }

    /// `TokenList` of the tokens that touch a range of UTF-16 units, with the index of the `first`.
    pub fn tokens(&self, tokenizer: &Tokenizer, start: usize, end: usize) -> Js<Object> {
        let (first, spans) = self.0.tokens_in(tokenizer.0.tokenizer(), start..end).map_err(js_error)?;
        let out = token_list(&tokenizer.0, &spans, self.0.text());
        set(&out, "first", first as f64);
        Ok(out)
    }
}

/// A vocabulary that is being learned, in slices.
#[wasm_bindgen]
pub struct Training(tokenizer::Training);

#[wasm_bindgen]
impl Training {
    /// From a text in UTF-8; `split` is `gpt2`, `digits`, `cl100k`, `o200k` or `qwen`.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &[u8], vocab_size: f64, split: &str) -> Js<Training> {
        let Some((_, split)) = SPLITS.into_iter().find(|(name, _)| *name == split) else {
            return Err(setting("split", &format!("one of {}", names(SPLITS.map(|(name, _)| name))), split));
        };
        let text = core::str::from_utf8(text).map_err(|e| {
            let found = format!("a byte that is none at {}", e.valid_up_to());
            js_error(Error::Format { file: "text", expected: "UTF-8".into(), found })
        })?;
        let options = TrainOptions { vocab_size: vocab_size as usize, split, specials: Vec::new() };
        tokenizer::Training::new(text, &options).map(Self).map_err(js_error)
    }

    /// Learns up to so many merges more; false when there is nothing more to do.
    pub fn advance(&mut self, merges: usize) -> bool {
        self.0.advance(merges)
    }

    /// Merges that were learned.
    #[wasm_bindgen(getter)]
    pub fn done(&self) -> usize {
        self.0.done()
    }

    /// Merges that were asked for.
    #[wasm_bindgen(getter)]
    pub fn wanted(&self) -> usize {
        self.0.wanted()
    }

    /// `{ tokenizer, reason }`: the vocabulary so far, and why it is smaller than asked for (or null).
    pub fn finish(self) -> Object {
        let (tokenizer, reason) = self.0.finish();
        let reason = reason.map(|reason| match reason {
            Stopped::Empty => "empty",
            Stopped::TooFewPairs => "too-few-pairs",
            Stopped::Stopped => "stopped",
        });
        let out = object();
        set(&out, "tokenizer", Tokenizer::of(WordList::trained(tokenizer)));
        set(&out, "reason", reason.map_or(JsValue::NULL, Into::into));
        out
    }
}
