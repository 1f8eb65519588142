//! Any bytes as a checkpoint, with a checksum that fits: an error, or a run that learns on.
#![no_main]

#[allow(dead_code)]
#[path = "../judge.rs"]
mod judge;

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    judge::checkpoint(file);
});
