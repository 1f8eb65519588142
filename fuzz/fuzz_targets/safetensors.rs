//! Any bytes as a safetensors file: an error or tensors, whose bytes are all there.
#![no_main]

#[allow(dead_code)]
#[path = "../judge.rs"]
mod judge;

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    judge::safetensors(file);
});
