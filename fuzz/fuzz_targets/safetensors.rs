//! Any bytes as a safetensors file: an error or tensors, whose bytes are all there.
#![no_main]

use glassgpt::formats::{read, write};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| {
    let Ok((metadata, tensors)) = read(file) else { return };
    for tensor in &tensors {
        if let Some(values) = tensor.f32() {
            assert_eq!(values.len(), tensor.shape.iter().product::<usize>(), "{}", tensor.name);
        }
    }
    let metadata: Vec<(&str, &str)> = metadata.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let written = write(&metadata, &tensors);
    let (_, again) = read(&written).expect("what was read can be written and read");
    assert_eq!(again.len(), tensors.len());
});
