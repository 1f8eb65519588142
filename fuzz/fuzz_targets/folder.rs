//! Any bytes as a .zip of a Hugging Face folder: an error, or a model whose files are read back.
#![no_main]

use glassgpt::studio::Pretrained;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|archive: &[u8]| {
    let Ok(model) = Pretrained::read_zip(archive) else { return };
    if let Ok(files) = model.files() {
        Pretrained::read(&files).expect("what was written can be read");
    }
});
