//! What must hold of any bytes at all, given to each reader of files. The fuzz targets call these, and so does
//! `tests/hostile.rs` for the files in `corpus/`.

use glassgpt::formats::{read, write};
use glassgpt::generate::Sampling;
use glassgpt::studio::{CorpusName, Opening, Pretrained, Run, RunSettings, WordList, label};

/// A safetensors file: an error, or tensors whose bytes are all there. True if it was accepted.
pub fn safetensors(file: &[u8]) -> bool {
    let Ok((metadata, tensors)) = read(file) else { return false };
    for tensor in &tensors {
        if let Some(values) = tensor.f32() {
            assert_eq!(values.len(), tensor.shape.iter().product::<usize>(), "{}", tensor.name);
        }
    }
    let metadata: Vec<(&str, &str)> = metadata.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let written = write(&metadata, &tensors);
    let (_, again) = read(&written).expect("what was read can be written and read");
    assert_eq!(again.len(), tensors.len());
    true
}

const TEXT: &str = "One day Zuri lost the red ball. 你好，世界！ \u{301} 123\n\n  <|endoftext|>";

/// A vocabulary, `tokenizer.json` or `.tiktoken`: an error, or a tokenizer that loses nothing. True if it was accepted.
pub fn tokenizer_json(file: &[u8]) -> bool {
    let Ok(words) = WordList::open(file) else { return false };
    let tokenizer = words.tokenizer();
    let ids = tokenizer.encode(TEXT);
    assert_eq!(tokenizer.decode_bytes(&ids).expect("ids of its own"), TEXT.as_bytes());
    if let Ok(saved) = words.save() {
        let again = WordList::open(saved.as_bytes()).expect("what was written can be read");
        assert_eq!(again.tokenizer().encode(TEXT), ids);
    }
    true
}

/// Where the eight digits of a checkpoint's checksum stand.
const AT: usize = 8 + r#"{"__metadata__":{"checksum":""#.len();
/// Above this size a file makes the target slow; a tiny run takes half of it.
const MOST_BYTES: usize = 1 << 18;

/// CRC-32 of zip files, bit by bit.
fn checksum(bytes: &[u8]) -> u32 {
    let bit = |sum: u32| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 };
    !bytes.iter().fold(!0, |sum, &byte| (0..8).fold(sum ^ u32::from(byte), |sum, _| bit(sum)))
}

/// A checkpoint, with a checksum that is made to fit: an error, or a run that learns on. True if a run was opened.
pub fn checkpoint(file: &[u8]) -> bool {
    let mut file = file.to_vec();
    if file.len() > MOST_BYTES {
        return false;
    }
    if let Some(digits) = file.get_mut(AT..AT + 8) {
        digits.copy_from_slice(b"00000000");
        let sum = format!("{:08x}", checksum(&file));
        file[AT..AT + 8].copy_from_slice(sum.as_bytes());
    }
    let Ok(mut opening) = Opening::load(&file) else { return false };
    // A built-in text takes a tenth of a second.
    if label(&file).expect("a file that loads").settings.corpus != CorpusName::Own {
        return false;
    }
    while let Ok(ready) = opening.advance(&mut |_, _, _| {}) {
        if ready {
            learns_on(opening.finish().expect("a run that is ready"));
            return true;
        }
    }
    false
}

/// A slice of a step. Weights may be any numbers, too large to learn on with.
fn learns_on(mut run: Run) {
    if let Err(error) = run.advance() {
        assert_eq!(error.code(), "not-finite", "{error}");
    }
}

fn number(bytes: &[u8], at: usize, len: usize) -> usize {
    let of = |bytes: &[u8]| bytes.iter().rev().fold(0, |sum, &byte| sum << 8 | usize::from(byte));
    bytes.get(at..at + len).map_or(0, of)
}

/// Makes the checksums of an archive's directory fit the files that are stored in it as they are; without that, a reader
/// would come to know nothing of changed files but that they are changed.
fn fit_checksums(archive: &mut [u8]) {
    let lines: Vec<usize> = (0..archive.len()).filter(|&at| archive[at..].starts_with(b"PK\x01\x02")).collect();
    for line in lines {
        let [packed, local] = [20, 42].map(|at| number(archive, line + at, 4));
        let start = local + 30 + number(archive, local + 26, 2) + number(archive, local + 28, 2);
        let stored = number(archive, line + 10, 2) == 0;
        let Some(content) = archive.get(start..start + packed).filter(|_| stored) else { continue };
        let sum = checksum(content).to_le_bytes();
        if let Some(place) = archive.get_mut(line + 16..line + 20) {
            place.copy_from_slice(&sum);
        }
    }
}

/// A .zip of a Hugging Face folder, with checksums that are made to fit: an error, or a model whose files are read back,
/// which goes on with a text and becomes a run that learns on, each unless it is refused. True if it was accepted.
pub fn folder(archive: &[u8]) -> bool {
    let mut archive = archive.to_vec();
    if archive.len() > MOST_BYTES {
        return false;
    }
    fit_checksums(&mut archive);
    let Ok(model) = Pretrained::read_zip(&archive) else { return false };
    if let Ok(files) = model.files() {
        Pretrained::read(&files).expect("what was written can be read");
    }
    let mut ids = model.words().tokenizer().encode(TEXT);
    ids.truncate(model.config().context);
    let _ = model.inspect(&ids);
    if let Ok(mut text) = model.generator(TEXT, Sampling::default()) {
        let _ = text.next();
    }
    if let Ok(file) = model.checkpoint(&settings(), TEXT.repeat(20).into_bytes(), &mut |_, _, _| {}) {
        learns_on(Run::load(&file, &mut |_, _, _| {}).expect("a checkpoint of its own"));
    }
    true
}

/// Of a run on a text of its own.
fn settings() -> RunSettings {
    let settings = serde_json::json!({ "corpus": "own", "style": "modern", "layers": 1, "heads": 1, "kvHeads": 1,
        "width": 16, "context": 8, "vocabulary": "bytes", "vocabSize": 261, "split": "digits", "steps": 50, "batch": 1,
        "optimizer": "adamw", "schedule": "constant", "learningRate": 1e-3, "warmup": 0, "weightDecay": 0.1, "seed": 1 });
    serde_json::from_value(settings).expect("settings of a run")
}
