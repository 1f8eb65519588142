//! Between Rust and JavaScript values.

use crate::error::Error;
#[cfg(any(feature = "wasm-files", feature = "wasm-lessons"))]
use crate::model::Config;
#[cfg(any(feature = "wasm-files", feature = "wasm-lessons"))]
use crate::studio::Inspection;
#[cfg(any(feature = "wasm", feature = "wasm-files", feature = "wasm-lessons"))]
use crate::tokenizer::Tokenizer;
#[cfg(any(feature = "wasm", feature = "wasm-lessons"))]
use crate::train::Batch;
use alloc::string::ToString;
#[cfg(any(feature = "wasm", feature = "wasm-files", feature = "wasm-lessons"))]
use alloc::vec::Vec;
#[cfg(any(feature = "wasm", feature = "wasm-files", feature = "wasm-lessons", feature = "wasm-tokenizer"))]
use js_sys::Uint32Array;
#[cfg(any(feature = "wasm", feature = "wasm-files", feature = "wasm-lessons"))]
use js_sys::{Float32Array, Uint8Array};
use js_sys::{Object, Reflect};
#[cfg(any(feature = "wasm", feature = "wasm-lessons"))]
use serde::Serialize;
#[cfg(any(feature = "wasm", feature = "wasm-files", feature = "wasm-lessons"))]
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

/// An empty object.
pub fn object() -> Object {
    Object::new()
}

/// Sets a property of a plain object; that cannot fail.
pub fn set(target: &Object, key: &str, value: impl Into<JsValue>) {
    let _ = Reflect::set(target, &key.into(), &value.into());
}

#[cfg(any(feature = "wasm", feature = "wasm-files", feature = "wasm-lessons"))]
/// A JavaScript value as Rust data. By way of JSON, which checkpoints need anyway: readers of a second
/// format would add 3 kB to the download.
///
/// # Errors
/// An error with code `setting` that names what does not fit.
pub fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    let json = js_sys::JSON::stringify(&value).ok().and_then(|json| json.as_string()).unwrap_or_default();
    serde_json::from_str(&json).map_err(|e| {
        let expected = "an object as the protocol describes".into();
        js_error(Error::Setting { name: "argument", expected, found: e.to_string() })
    })
}

#[cfg(any(feature = "wasm", feature = "wasm-lessons"))]
/// Rust data as plain JavaScript objects.
///
/// # Errors
/// If a number does not fit into JavaScript's.
pub fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    let serializer =
        serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true).serialize_missing_as_null(true);
    value.serialize(&serializer).map_err(Into::into)
}

/// `{ code, message, details }`.
pub fn plain_error(error: &Error) -> JsValue {
    let (out, details) = (object(), object());
    error.details().into_iter().for_each(|(key, value)| set(&details, key, value));
    set(&out, "code", error.code());
    set(&out, "message", error.to_string());
    set(&out, "details", details);
    out.into()
}

/// What is thrown: a plain object, so that it crosses to the page by message.
pub fn js_error(error: Error) -> JsValue {
    plain_error(&error)
}

#[cfg(any(feature = "wasm", feature = "wasm-files", feature = "wasm-lessons"))]
/// A copy as a typed array.
pub fn floats(values: &[f32]) -> Float32Array {
    Float32Array::from(values)
}

/// A copy as a typed array.
#[cfg(any(feature = "wasm", feature = "wasm-files", feature = "wasm-lessons", feature = "wasm-tokenizer"))]
pub fn ints(values: &[u32]) -> Uint32Array {
    Uint32Array::from(values)
}

#[cfg(any(feature = "wasm", feature = "wasm-lessons"))]
/// Refuses an array that has not a place for every weight.
///
/// # Errors
/// An error with code `setting` and both lengths.
pub fn check_length(array: &Float32Array, expected: usize) -> Result<(), JsValue> {
    let found = array.length() as usize;
    if found == expected {
        return Ok(());
    }
    let (expected, found) = (alloc::format!("{expected} numbers"), found.to_string());
    Err(js_error(Error::Setting { name: "array", expected, found }))
}

#[cfg(any(feature = "wasm", feature = "wasm-lessons"))]
/// Refuses a shard that a step has not.
///
/// # Errors
/// An error with code `setting` that says how many there are.
pub fn check_shard(shard: usize, shards: usize) -> Result<(), JsValue> {
    if shard < shards {
        return Ok(());
    }
    let (expected, found) = (alloc::format!("below {shards}"), shard.to_string());
    Err(js_error(Error::Setting { name: "shard", expected, found }))
}

#[cfg(any(feature = "wasm", feature = "wasm-lessons"))]
/// `ShardRows`: `{ tokens, targets, weights }`.
pub fn rows(batch: &Batch) -> Object {
    let out = object();
    set(&out, "tokens", ints(&batch.tokens));
    set(&out, "targets", ints(&batch.targets));
    set(&out, "weights", floats(&batch.weights));
    out
}

#[cfg(any(feature = "wasm", feature = "wasm-lessons"))]
/// `TokenList` of a text, places in it included.
pub fn text_tokens(tokenizer: &Tokenizer, text: &str) -> Object {
    let spans = tokenizer.encode_spans(text);
    let column =
        |f: &dyn Fn(&crate::tokenizer::Span) -> usize| -> Vec<u32> { spans.iter().map(|s| f(s) as u32).collect() };
    let mut starts = column(&|s| s.byte_start);
    starts.push(text.len() as u32);
    let out = object();
    set(&out, "ids", ints(&column(&|s| s.id as usize)));
    set(&out, "bytes", Uint8Array::from(text.as_bytes()));
    set(&out, "byteStart", ints(&starts));
    set(&out, "utf16Start", ints(&column(&|s| s.utf16_start)));
    set(&out, "utf16End", ints(&column(&|s| s.utf16_end)));
    set(&out, "special", Uint8Array::new_with_length(spans.len() as u32));
    out
}

#[cfg(any(feature = "wasm", feature = "wasm-files", feature = "wasm-lessons"))]
/// `TokenList` of ids that are no text; UTF-16 places are 0.
///
/// # Errors
/// For an id outside the vocabulary.
pub fn id_tokens(tokenizer: &Tokenizer, ids: &[u32]) -> Result<Object, JsValue> {
    let (mut bytes, mut starts, mut special) = (Vec::new(), Vec::from([0]), Vec::new());
    for &id in ids {
        bytes.extend_from_slice(tokenizer.token_bytes(id).map_err(js_error)?);
        starts.push(bytes.len() as u32);
        special.push(u8::from(tokenizer.is_special(id)));
    }
    let out = object();
    set(&out, "ids", ints(ids));
    set(&out, "bytes", Uint8Array::from(&bytes[..]));
    set(&out, "byteStart", ints(&starts));
    set(&out, "utf16Start", Uint32Array::new_with_length(ids.len() as u32));
    set(&out, "utf16End", Uint32Array::new_with_length(ids.len() as u32));
    set(&out, "special", Uint8Array::from(&special[..]));
    Ok(out)
}

#[cfg(any(feature = "wasm-files", feature = "wasm-lessons"))]
/// `Looked`: one pass over ids, its attention and the habits of its heads.
///
/// # Errors
/// As [`id_tokens`].
pub fn looked(tokenizer: &Tokenizer, config: &Config, ids: &[u32], found: &Inspection) -> Result<Object, JsValue> {
    let out = object();
    set(&out, "tokens", id_tokens(tokenizer, ids)?);
    set(&out, "layers", config.layers as f64);
    set(&out, "heads", config.heads as f64);
    set(&out, "time", found.time as f64);
    set(&out, "attention", floats(&found.attention));
    set(&out, "habits", Uint8Array::from(&found.habits[..]));
    set(&out, "habitShares", floats(&found.habit_shares));
    Ok(out)
}
