//! The tokenizer from outside.

use super::*;
use alloc::vec;

fn trained(text: &str, vocab_size: usize, split: Split) -> (Tokenizer, Option<Stopped>) {
    let options = TrainOptions { vocab_size, split, specials: vec!["<|end|>".into()] };
    Tokenizer::train([text].into_iter(), &options, &mut |_, _| true).unwrap()
}

const TEXT: &str = "Mia has a red ball. 小明有红色的球。 Tom's 👋🏽 family 👨‍👩‍👧 has 17 eggs and 170 nuts.\n\nThe end.";

proptest::proptest! {
    #[test]
    fn every_string_comes_back_and_its_spans_tile_it(text in "\\PC{0,40}|[a-z 0-9'。你好👋\u{200d}\n]{0,60}") {
        for split in [Split::Gpt2, Split::Digits] {
            let (tokenizer, _) = trained(TEXT, 300, split);
            let ids = tokenizer.encode(&text);
            assert_eq!(tokenizer.decode_bytes(&ids).unwrap(), text.as_bytes());
            let units: usize = text.encode_utf16().count();
            let (mut byte, mut reached) = (0, 0);
            for span in tokenizer.encode_spans(&text) {
                assert_eq!(span.byte_start, byte);
                byte = span.byte_end;
                assert!(span.utf16_start <= reached && span.utf16_end > span.utf16_start);
                reached = reached.max(span.utf16_end);
                // A highlight never halves a surrogate pair.
                let utf16: Vec<u16> = text.encode_utf16().collect();
                assert!(String::from_utf16(&utf16[span.utf16_start..span.utf16_end]).is_ok());
            }
            assert_eq!((byte, reached), (text.len(), units));
        }
    }

    #[test]
    fn any_json_is_read_or_refused_without_a_panic(merges: Vec<(u32, u32, u64)>, specials: Vec<String>) {
        let stored = Stored { split: Split::Gpt2, merges, specials };
        let json = serde_json::to_string(&stored).unwrap();
        if let Ok(tokenizer) = Tokenizer::from_json(&json) {
            assert_eq!(tokenizer.to_json(), json);
        }
    }
}

#[test]
fn too_little_text_stops_early_with_the_reason() {
    let (tokenizer, stopped) = trained("", 400, Split::Gpt2);
    assert_eq!((tokenizer.vocab_size(), stopped), (257, Some(Stopped::Empty)));
    let (tokenizer, stopped) = trained("   ", 400, Split::Gpt2);
    assert_eq!((tokenizer.vocab_size(), stopped), (259, Some(Stopped::TooFewPairs)));
    assert_eq!(trained(TEXT, 270, Split::Gpt2).1, None);
}

#[test]
fn sizes_out_of_range_are_refused() {
    for vocab_size in [0, 256, 8_193] {
        let options = TrainOptions { vocab_size, split: Split::Gpt2, specials: vec!["<|end|>".into()] };
        let error = Tokenizer::train([TEXT].into_iter(), &options, &mut |_, _| true).err();
        assert!(matches!(error, Some(Error::Setting { name: "vocabSize", .. })));
    }
}

#[test]
fn special_tokens_are_text_unless_asked_for() {
    let (tokenizer, _) = trained(TEXT, 300, Split::Gpt2);
    let end = tokenizer.special("<|end|>").unwrap();
    assert!(tokenizer.is_special(end) && end as usize == tokenizer.vocab_size() - 1);
    assert!(!tokenizer.encode("<|end|>").contains(&end));
    assert_eq!(tokenizer.encode_documents(["a", "b"].into_iter(), end), [end, 97, end, 98]);
    assert_eq!(tokenizer.decode_lossy(&[end]).unwrap(), "<|end|>");
    assert_eq!(tokenizer.special("<|other|>"), None);
}

#[test]
fn ids_outside_the_vocabulary_are_errors() {
    let (tokenizer, _) = trained(TEXT, 300, Split::Gpt2);
    assert_eq!(tokenizer.decode_bytes(&[97, 300]), Err(Error::TokenId { found: 300, vocab_size: 300 }));
    assert!(tokenizer.decode_bytes(&[u32::MAX]).is_err());
}

#[test]
fn json_keeps_everything_and_hostile_json_is_refused() {
    let (tokenizer, _) = trained(TEXT, 320, Split::Digits);
    let again = Tokenizer::from_json(&tokenizer.to_json()).unwrap();
    assert_eq!(again.encode(TEXT), tokenizer.encode(TEXT));
    assert_eq!(again.merge(257), tokenizer.merge(257));
    let doubling: Vec<(u32, u32, u64)> =
        (0..60u32).map(|i| (if i == 0 { 97 } else { 255 + i }, if i == 0 { 97 } else { 255 + i }, 1)).collect();
    let bomb = serde_json::to_string(&Stored { split: Split::Gpt2, merges: doubling, specials: vec![] }).unwrap();
    for bad in ["", "{}", "[1]", &bomb, r#"{"split":"gpt2","merges":[[97,300,1]],"specials":[]}"#] {
        assert!(matches!(Tokenizer::from_json(bad), Err(Error::Format { file: "tokenizer", .. })), "{bad}");
    }
}
