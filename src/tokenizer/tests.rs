//! The tokenizer from outside.

use super::*;
use alloc::vec;

pub(super) fn trained(text: &str, vocab_size: usize, split: Split) -> (Tokenizer, Option<Stopped>) {
    let options = TrainOptions { vocab_size, split, specials: vec!["<|end|>".into()] };
    Tokenizer::train([text].into_iter(), &options, &mut |_, _| true).unwrap()
}

pub(super) const TEXT: &str =
    "Mia has a red ball. 小明有红色的球。 Tom's 👋🏽 family 👨‍👩‍👧 has 17 eggs and 170 nuts.\n\nThe end.";

proptest::proptest! {
    #[test]
    fn every_string_comes_back_from_ids_and_from_a_stream(
        any in "\\PC{0,40}", near in "(?s:[a-z 0-9'。你好👋\u{200d}\n]{0,60})", wild: String,
    ) {
        for split in [Split::Gpt2, Split::Digits] {
            for tokenizer in [trained(TEXT, 300, split).0, trained(&any, 300, split).0, Tokenizer::bytes(vec![])] {
                for text in [&any, &near, &wild] {
                    let ids = tokenizer.encode(text);
                    assert_eq!(tokenizer.decode_bytes(&ids).unwrap(), text.as_bytes());
                    assert_eq!(tokenizer.pieces(text).collect::<Vec<_>>().concat(), text.as_bytes());
                    let (mut streamer, mut streamed) = (Streamer::default(), String::new());
                    for id in ids {
                        streamed.extend(streamer.push(tokenizer.token_bytes(id).unwrap()).into_iter().map(|s| s.text().unwrap()));
                    }
                    assert_eq!((&streamed, streamer.pending()), (text, &[][..]));
                }
            }
        }
    }
}

#[test]
fn a_long_text_is_encoded_as_its_parts_are() {
    let text: String = (0..300).map(|i| std::format!("{TEXT} {} word{} ", i * 7919, i % 40)).collect();
    for split in [Split::Gpt2, Split::Digits] {
        let (tokenizer, _) = trained(&text, 500, split);
        assert!(text.len() > 20_000, "too short for remembered pieces");
        // Which merges every piece.
        assert_eq!(tokenizer.encode(&text), tokenizer.segment(&text, usize::MAX));
    }
}

#[test]
fn too_little_text_stops_early_with_the_reason() {
    let (tokenizer, stopped) = trained("", 400, Split::Gpt2);
    assert_eq!((tokenizer.vocab_size(), stopped), (257, Some(Stopped::Empty)));
    let (tokenizer, stopped) = trained("   ", 400, Split::Gpt2);
    assert_eq!((tokenizer.vocab_size(), stopped), (259, Some(Stopped::TooFewPairs)));
    assert_eq!(tokenizer.decode_lossy(&tokenizer.encode(TEXT)).unwrap(), TEXT);
    assert_eq!(trained(TEXT, 270, Split::Gpt2).1, None);
    let options = TrainOptions { vocab_size: 300, split: Split::Gpt2, specials: vec![] };
    let nothing = Tokenizer::train([].into_iter(), &options, &mut |_, _| true).unwrap();
    assert_eq!((nothing.0.vocab_size(), nothing.1), (256, Some(Stopped::Empty)));
}

#[test]
fn a_stopped_training_gives_the_vocabulary_so_far() {
    let options = TrainOptions { vocab_size: 300, split: Split::Gpt2, specials: vec!["<|end|>".into()] };
    let mut seen = vec![];
    let (tokenizer, stopped) = Tokenizer::train([TEXT].into_iter(), &options, &mut |done, total| {
        seen.push((done, total));
        done < 5
    })
    .unwrap();
    assert_eq!((tokenizer.vocab_size(), stopped), (262, Some(Stopped::Stopped)));
    assert_eq!(seen, [(0, 43), (1, 43), (2, 43), (3, 43), (4, 43), (5, 43)]);
}

#[test]
fn pieces_never_cross_documents() {
    let options = TrainOptions { vocab_size: 300, split: Split::Gpt2, specials: vec![] };
    let (tokenizer, stopped) = Tokenizer::train(["a", "b", "a", "b"].into_iter(), &options, &mut |_, _| true).unwrap();
    assert_eq!((tokenizer.vocab_size(), stopped), (256, Some(Stopped::TooFewPairs)));
}

#[test]
fn sizes_and_names_out_of_range_are_refused() {
    let train = |vocab_size, specials: &[&str]| {
        let specials = specials.iter().map(|&s| s.into()).collect();
        let options = TrainOptions { vocab_size, split: Split::Gpt2, specials };
        Tokenizer::train([TEXT].into_iter(), &options, &mut |_, _| true)
    };
    for vocab_size in [0, 256, MOST_TRAINED + 1] {
        assert!(matches!(train(vocab_size, &["<|end|>"]).err(), Some(Error::Setting { name: "vocabSize", .. })));
    }
    assert_eq!(train(257, &["<|end|>"]).unwrap().0.vocab_size(), 257);
    assert!(train(8_192, &["<|end|>"]).is_ok());
    for specials in [["a", "a"], ["a", ""]] {
        assert!(matches!(train(300, &specials).err(), Some(Error::Setting { name: "specials", .. })));
    }
}

#[test]
fn documents_stand_behind_their_special_token() {
    let (tokenizer, _) = trained(TEXT, 300, Split::Gpt2);
    let end = tokenizer.special("<|end|>").unwrap();
    assert!(tokenizer.is_special(end) && end as usize == tokenizer.vocab_size() - 1);
    assert!(!tokenizer.is_special(end - 1) && !tokenizer.is_special(end + 1));
    assert_eq!(tokenizer.decode_lossy(&tokenizer.encode("<|end|>")).unwrap(), "<|end|>");
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

/// Every kind takes milliseconds; a quadratic way would take minutes.
#[test]
fn pathological_texts_are_learned_and_encoded() {
    let kinds = [
        "x",
        " ",
        "7",
        "👨‍👩‍👧",
        "aб",
        "你好",
        "\n ",
        "'",
        "a ",
        "Hello world! ",
        "\u{301}",
        "A",
        "/\n",
        "lmnopqrstuvwxyz",
    ];
    for kind in kinds {
        let text = kind.repeat(200_000 / kind.len());
        for split in [Split::Gpt2, Split::Digits, Split::Cl100k, Split::O200k] {
            let (tokenizer, _) = trained(&text, 600, split);
            let ids = tokenizer.encode(&text);
            assert_eq!(tokenizer.decode_bytes(&ids).unwrap(), text.as_bytes(), "{kind:?}");
            assert_eq!(tokenizer.encode_spans(&text).last().unwrap().byte_end, text.len());
            assert_eq!(tokenizer.segment(&text, tokenizer.merges()), ids);
        }
    }
}
