//! A text that grows, as a JavaScript class.

use super::convert::{floats, ints, js_error, object, set};
use crate::generate::Generator;
use crate::tokenizer::{Segment, Streamer, Tokenizer};
use alloc::string::String;
use alloc::vec::Vec;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

type Js<T = JsValue> = Result<T, JsValue>;

/// Most alternatives told per generated token.
const ALTERNATIVES: usize = 12;

/// A text that grows token by token; training may go on meanwhile.
#[wasm_bindgen]
pub struct Generation {
    generator: Generator,
    tokenizer: Tokenizer,
    streamer: Streamer,
    /// Id of the token that ends a text.
    end: Option<u32>,
}

impl Generation {
    pub(super) fn new(generator: Generator, tokenizer: Tokenizer, end: Option<u32>) -> Self {
        Self { generator, tokenizer, streamer: Streamer::default(), end }
    }
}

#[wasm_bindgen]
impl Generation {
    /// The next `GeneratedToken`; null when the document ends here.
    pub fn next(&mut self) -> Js {
        let step = self.generator.next().map_err(js_error)?;
        // A model may have more rows than its vocabulary has tokens.
        if self.end == Some(step.id) || step.id as usize >= self.tokenizer.vocab_size() {
            return Ok(JsValue::NULL);
        }
        let bytes = self.tokenizer.token_bytes(step.id).map_err(js_error)?;
        // What can never become a character is in `bytes` only: the page shows it in hexadecimal.
        let readable = if self.tokenizer.is_special(step.id) { Vec::new() } else { self.streamer.push(bytes) };
        let text: String = readable.into_iter().filter_map(Segment::text).collect();
        let d = &step.distribution;
        let count = ALTERNATIVES.min(d.ids.len());
        let (mut ids, mut probs) = (d.ids[..count].to_vec(), d.probs[..count].to_vec());
        if !ids.contains(&step.id)
            && let (Some(id), Some(p)) = (ids.last_mut(), probs.last_mut())
        {
            (*id, *p) = (step.id, d.probability(step.id));
        }
        let out = object();
        set(&out, "id", step.id);
        set(&out, "bytes", Uint8Array::from(bytes));
        set(&out, "text", text);
        set(&out, "topIds", ints(&ids));
        set(&out, "topProbs", floats(&probs));
        set(&out, "slid", step.slid);
        Ok(out.into())
    }
}
