//! Any bytes as a .zip of a Hugging Face folder: an error, or a model whose files are read back.
#![no_main]

#[allow(dead_code)]
#[path = "../judge.rs"]
mod judge;

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    judge::folder(file);
});
