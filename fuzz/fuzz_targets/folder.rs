//! Any bytes as a .zip of a Hugging Face folder, with checksums that fit: an error, or a model that is read back, goes on
//! with a text and learns on.
#![no_main]

#[allow(dead_code)]
#[path = "../judge.rs"]
mod judge;

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    judge::folder(file);
});
