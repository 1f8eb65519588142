//! Any bytes as a vocabulary file, `tokenizer.json` or `.tiktoken`: an error, or a tokenizer that loses nothing.
#![no_main]

use glassgpt::studio::WordList;
use libfuzzer_sys::fuzz_target;

const TEXT: &str = "One day Zuri lost the red ball. 你好，世界！ \u{301} 123\n\n  <|endoftext|>";

fuzz_target!(|file: &[u8]| {
    let Ok(words) = WordList::open(file) else { return };
    let tokenizer = words.tokenizer();
    let ids = tokenizer.encode(TEXT);
    assert_eq!(tokenizer.decode_bytes(&ids).expect("ids of its own"), TEXT.as_bytes());
    if let Ok(saved) = words.save() {
        let again = WordList::open(saved.as_bytes()).expect("what was written can be read");
        assert_eq!(again.tokenizer().encode(TEXT), ids);
    }
});
