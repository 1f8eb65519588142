//! Any bytes as a vocabulary file, `tokenizer.json` or `.tiktoken`: an error, or a tokenizer that loses nothing.
#![no_main]

#[allow(dead_code)]
#[path = "../judge.rs"]
mod judge;

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    judge::tokenizer_json(file);
});
