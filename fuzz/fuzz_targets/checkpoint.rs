//! Any bytes as a checkpoint, with a checksum that fits: an error, or a run that learns on.
#![no_main]

use glassgpt::studio::{CorpusName, Opening, label};
use libfuzzer_sys::fuzz_target;

/// Where the eight digits of the checksum stand.
const AT: usize = 8 + r#"{"__metadata__":{"checksum":""#.len();
/// Texts above this size make the target slow.
const MOST_BYTES: usize = 1 << 16;

fuzz_target!(|file: &[u8]| {
    let mut file = file.to_vec();
    if file.len() > MOST_BYTES {
        return;
    }
    if let Some(digits) = file.get_mut(AT..AT + 8) {
        digits.copy_from_slice(b"00000000");
        let sum = format!("{:08x}", crc32fast::hash(&file));
        file[AT..AT + 8].copy_from_slice(sum.as_bytes());
    }
    let Ok(mut opening) = Opening::load(&file) else { return };
    // A built-in text takes a tenth of a second.
    if label(&file).expect("a file that loads").settings.corpus != CorpusName::Own {
        return;
    }
    while let Ok(ready) = opening.advance(&mut |_, _, _| {}) {
        if ready {
            let mut run = opening.finish().expect("a run that is ready");
            run.advance().expect("a slice of a step");
            return;
        }
    }
});
