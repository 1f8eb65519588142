//! The published vocabularies against their source: the ranks as OpenAI publishes them, the ids that tiktoken gives,
//! and a plain reading of the rule.

use fancy_regex::Regex;
use glassgpt::tokenizer::{Document, Encoder, Parts, Published, Specials, Split, Tokenizer};
use proptest::prelude::*;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// Tokens by id, read out of another crate's encoder.
fn ranks(published: Published) -> Vec<Vec<u8>> {
    let source = match published {
        Published::Gpt2 => tiktoken_rs::r50k_base(),
        Published::Cl100k => tiktoken_rs::cl100k_base(),
        Published::O200k => tiktoken_rs::o200k_base(),
    };
    let source = source.expect("an encoder");
    (0..published.tokens() as u32).map(|id| source.decode_bytes(&[id]).expect("a token")).collect()
}

struct Vocabulary {
    published: Published,
    tokens: Vec<Vec<u8>>,
    packed: Vec<u8>,
    tokenizer: Tokenizer,
    naive: Naive,
}

static VOCABULARIES: LazyLock<Vec<Vocabulary>> = LazyLock::new(|| {
    let open = |published| {
        let tokens = ranks(published);
        let packed = Tokenizer::pack(&tokens).expect("tokens that can be packed");
        let tokenizer = Tokenizer::unpack(published, &packed).expect("a packed vocabulary");
        let naive = Naive::new(published.split(), &tokens);
        Vocabulary { published, tokens, packed, tokenizer, naive }
    };
    Published::ALL.into_iter().map(open).collect()
});

/// tiktoken's rule, read plainly: a piece that is a token is that token; else its two neighbours that make the token of
/// the lowest id become one, the leftmost first, as long as there are any.
struct Naive {
    pattern: Regex,
    ids: HashMap<Vec<u8>, u32>,
}

impl Naive {
    fn new(split: Split, tokens: &[Vec<u8>]) -> Self {
        // As in tiktoken 0.14 (`openai_public.py`), for Rust's regular expressions.
        let pattern = match split {
            Split::Gpt2 | Split::Digits => {
                r"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"
            }
            Split::Cl100k | Split::Qwen => {
                r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
            }
            Split::O200k => tiktoken_rs::O200K_BASE_PAT_STR,
        };
        let ids = tokens.iter().cloned().zip(0..).collect();
        Self { pattern: Regex::new(pattern).expect("a pattern"), ids }
    }

    fn encode(&self, text: &str) -> Vec<u32> {
        let pieces = self.pattern.find_iter(text).map(|piece| piece.expect("a match").as_str().as_bytes());
        pieces.flat_map(|piece| self.piece(piece)).collect()
    }

    fn piece(&self, piece: &[u8]) -> Vec<u32> {
        if let Some(&id) = self.ids.get(piece) {
            return vec![id];
        }
        let mut borders: Vec<usize> = (0..=piece.len()).collect();
        loop {
            let pairs = borders.windows(3).enumerate();
            let found = pairs.filter_map(|(i, w)| Some((*self.ids.get(&piece[w[0]..w[2]])?, i))).min();
            let Some((_, i)) = found else { break };
            borders.remove(i + 1);
        }
        borders.windows(2).map(|w| self.ids[&piece[w[0]..w[1]]]).collect()
    }
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let chunk = |chunk: &[u8]| -> [char; 4] {
        let bits = chunk.iter().chain([&0, &0]).take(3).fold(0, |bits, &byte| bits << 8 | usize::from(byte));
        std::array::from_fn(|i| if i > chunk.len() { '=' } else { DIGITS[bits >> (18 - 6 * i) & 63].into() })
    };
    bytes.chunks(3).flat_map(chunk).collect()
}

#[test]
fn the_ranks_are_those_that_openai_publishes() {
    for vocabulary in VOCABULARIES.iter() {
        let lines = vocabulary.tokens.iter().enumerate().map(|(id, token)| format!("{} {id}\n", base64(token)));
        let digest = Sha256::digest(lines.collect::<String>());
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest, vocabulary.published.sha256());
    }
}

#[test]
fn a_packed_vocabulary_holds_every_token_and_the_special_ones() {
    for Vocabulary { published, tokens, tokenizer, .. } in VOCABULARIES.iter() {
        for (token, id) in tokens.iter().zip(0..) {
            assert_eq!(tokenizer.token_bytes(id).unwrap(), token);
            assert_eq!(tokenizer.decode_bytes(&[id]).unwrap(), *token);
        }
        assert_eq!(tokenizer.specials().collect::<Vec<_>>(), published.specials());
        let (name, id) = published.specials()[0];
        assert_eq!((tokenizer.special(name), tokenizer.token_bytes(id).unwrap()), (Some(id), name.as_bytes()));
        assert!(tokenizer.is_special(id) && !tokenizer.is_special(id - 1));
        assert_eq!(Published::from_name(published.name()), Some(*published));
    }
    let sizes: Vec<usize> = VOCABULARIES.iter().map(|v| v.tokenizer.vocab_size()).collect();
    assert_eq!(sizes, [50_257, 100_277, 200_019]);
    // cl100k_base leaves out an id, and more between its special tokens.
    let cl100k = &VOCABULARIES[1].tokenizer;
    for gap in [100_256, 100_261, 100_275, 100_277] {
        assert!(cl100k.decode_bytes(&[gap]).is_err() && !cl100k.is_special(gap), "{gap}");
    }
}

#[test]
fn every_merge_is_two_tokens_of_lower_id() {
    for Vocabulary { tokens, tokenizer, .. } in VOCABULARIES.iter() {
        assert_eq!(tokenizer.merges(), tokens.len() - 256);
        for (token, id) in tokens.iter().zip(0u32..) {
            let Some(merge) = tokenizer.merge(id) else {
                assert_eq!(token.len(), 1);
                continue;
            };
            assert!(merge.left < id && merge.right < id && merge.count == 0);
            assert_eq!(tokenizer.decode_bytes(&[merge.left, merge.right]).unwrap(), *token);
        }
    }
}

/// Folder of golden data: the project's own, or the one that a variable names.
fn fixtures() -> Vec<PathBuf> {
    let given = std::env::var_os("GLASSGPT_FIXTURES").map(PathBuf::from);
    let root = given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"));
    let mut folders = vec![root];
    let mut files = vec![];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
            let path = entry.expect("a readable folder").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            match path.is_dir() {
                true => folders.push(path),
                false if name.starts_with("tokens") && name.ends_with(".jsonl") => files.push(path),
                false => {}
            }
        }
    }
    files
}

#[test]
fn texts_have_the_ids_that_tiktoken_gives_them() {
    let files = fixtures();
    assert!(!files.is_empty(), "no file tokens*.jsonl");
    for file in files {
        let lines = std::fs::read_to_string(&file).expect("a readable file");
        assert!(!lines.is_empty());
        for line in lines.lines() {
            let json: Value = serde_json::from_str(line).expect("JSON");
            let text = json["text"].as_str().expect("a text");
            for Vocabulary { published, tokenizer, .. } in VOCABULARIES.iter() {
                let key = if *published == Published::Gpt2 { "gpt2" } else { &format!("{}_base", published.name()) };
                let expected: Vec<u32> = serde_json::from_value(json[key].clone()).expect("ids");
                assert_eq!(tokenizer.encode(text), expected, "{key} {text:?}");
                assert_eq!(tokenizer.count(text), expected.len());
                assert_eq!(tokenizer.decode_bytes(&expected).unwrap(), text.as_bytes());
                assert_eq!(tokenizer.spans(&expected, text).unwrap(), tokenizer.encode_spans(text));
            }
        }
    }
}

#[test]
fn the_course_example_has_its_true_ids() {
    let ids: Vec<_> = VOCABULARIES.iter().map(|v| v.tokenizer.encode("AI Education")).collect();
    assert_eq!(ids, [[20_185, 7_868], [15_836, 11_930], [17_527, 13_626]]);
    assert_eq!(VOCABULARIES[1].tokenizer.decode_lossy(&[15_592]).unwrap(), " AI");
}

/// Strings that make tokenizers stumble.
fn hostile() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[ \\n\\r\\t\\u{85}\\u{a0}\\u{3000}\\u{200b}\\u{feff}]{1,12}",
        "[a-zA-Z]{1,12}",
        "[aAǅʰ\\u{301}中あ]{1,8}",
        "'(s|S|ll|LL|Re|vE|x|ſ|d|M|T)",
        "[0-9½Ⅷ٣]{1,7}",
        "[!/.,#$%&(){}\\[\\]<>|\\-_=+*]{1,10}",
        "(👋|👨‍👩‍👧|🏽|🇩🇪|é|球|คำ|नमस्ते|مرحبا|한국어){1,4}",
        "[\\u{0}-\\u{1f}\\u{7f}]{1,4}",
        "(the |and | of|ing|tion|function|return|self|\\.com|https://){1,5}",
        "[x=\\- ]{30,80}",
        "(?s:.{1,6})",
    ];
    proptest::collection::vec(part, 0..10).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn hostile_texts_have_the_ids_of_the_plain_rule(text in hostile()) {
        for Vocabulary { published, tokenizer, naive, .. } in VOCABULARIES.iter() {
            let ids = tokenizer.encode(&text);
            assert_eq!(ids, naive.encode(&text), "{published:?} {text:?}");
            assert_eq!(tokenizer.segment(&text, tokenizer.merges()), ids);
            assert_eq!(tokenizer.curve(&text).last().copied(), Some(ids.len() as u32));
            assert_eq!(tokenizer.decode_bytes(&ids).unwrap(), text.as_bytes());
        }
    }

    #[test]
    fn tokens_side_by_side_are_merged_as_the_plain_rule_says(picks in proptest::collection::vec(0u32..50_256, 1..12)) {
        for Vocabulary { published, tokenizer, naive, .. } in VOCABULARIES.iter() {
            let text = tokenizer.decode_lossy(&picks).unwrap();
            assert_eq!(tokenizer.encode(&text), naive.encode(&text), "{published:?} {text:?}");
        }
    }

    #[test]
    fn an_encoder_that_remembers_gives_the_ids_of_the_plain_rule(texts in proptest::collection::vec(hostile(), 1..5)) {
        for Vocabulary { published, tokenizer, naive, .. } in VOCABULARIES.iter() {
            let mut encoder = Encoder::new(tokenizer);
            for text in texts.iter().chain(&texts) {
                assert_eq!(encoder.encode(text), naive.encode(text), "{published:?} {text:?}");
            }
        }
    }

    #[test]
    fn special_tokens_are_those_of_the_other_crate(text in "(<\\|endof|text\\|>|<\\|endoftext\\|>|<\\|fim_prefix\\|>|<\\|endofprompt\\|>| a){0,8}") {
        let other = [tiktoken_rs::r50k_base_singleton(), tiktoken_rs::cl100k_base_singleton(), tiktoken_rs::o200k_base_singleton()];
        for (Vocabulary { tokenizer, .. }, other) in VOCABULARIES.iter().zip(other) {
            assert_eq!(tokenizer.encode_with(&text, Specials::All).unwrap(), other.encode_with_special_tokens(&text));
            assert_eq!(tokenizer.encode_with(&text, Specials::AsText).unwrap(), other.encode_ordinary(&text));
            let refused = tokenizer.encode_with(&text, Specials::Refuse).is_err();
            assert_eq!(refused, tokenizer.specials().any(|(name, _)| text.contains(name)));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn long_pieces_have_the_ids_of_the_plain_rule(
        units in proptest::collection::vec(("[ACGT]{1,20}|[a-z]{1,200}|x|=| |the|中国|[0-9]{1,9}|\\PC{1,9}", 1usize..200), 1..5),
        edits in proptest::collection::vec((0usize..3_000, "[xz= ]|[a-z]{1,4}|", 0usize..3), 0..6),
    ) {
        let text: String = units.iter().map(|(unit, times)| unit.repeat(*times)).collect();
        let text: String = text.chars().take(1_200).collect();
        for Vocabulary { published, tokenizer, naive, .. } in VOCABULARIES.iter() {
            assert_eq!(tokenizer.encode(&text), naive.encode(&text), "{published:?} {text:?}");
            let mut document = Document::new(tokenizer, text.as_str());
            for (at, insert, removed) in &edits {
                let at = at % (document.utf16_len() + 1);
                let end = (at + removed).min(document.utf16_len());
                if document.edit(tokenizer, at..end, insert).is_ok() {
                    assert_eq!(document.ids(), naive.encode(document.text()), "{published:?} {:?}", document.text());
                }
            }
        }
    }
}

#[test]
fn damaged_and_other_files_are_refused() {
    let packed = &VOCABULARIES[0].packed;
    assert!(Tokenizer::unpack(Published::Cl100k, packed).is_err());
    for cut in [0, 3, 8, 200, 264, 268, 1_000, packed.len() - 1] {
        assert!(Tokenizer::unpack(Published::Gpt2, &packed[..cut]).is_err(), "{cut}");
    }
    for at in (0..packed.len()).step_by(9_973).chain([0, 4, 8, 263, packed.len() - 1]) {
        let mut damaged = packed.clone();
        damaged[at] ^= 1;
        assert!(Tokenizer::unpack(Published::Gpt2, &damaged).is_err(), "byte {at}");
    }
    let tokens = &VOCABULARIES[0].tokens;
    assert!(Tokenizer::pack(&tokens[..255]).is_err());
    assert!(Tokenizer::pack(&[&tokens[..300], &tokens[299..]].concat()).is_err());
    assert!(Tokenizer::pack(&[&tokens[..256], &[b"abcdef".to_vec()]].concat()).is_err());
}

#[test]
fn a_rank_file_read_as_parts_is_the_packed_vocabulary() {
    for Vocabulary { published, tokens, tokenizer, .. } in VOCABULARIES.iter() {
        let specials = published.specials().iter().map(|&(name, id)| (name.to_string(), id)).collect();
        let by_ids =
            Parts { tokens: tokens.clone(), merges: None, split: published.split(), specials, whole_pieces: false };
        let merges =
            (256..tokens.len() as u32).filter_map(|id| tokenizer.merge(id)).map(|m| (m.left, m.right)).collect();
        let by_merges = Parts { merges: Some(merges), whole_pieces: true, ..by_ids.clone() };
        for parts in [by_ids, by_merges] {
            let again = Tokenizer::from_parts(parts).unwrap();
            assert_eq!(again.vocab_size(), tokenizer.vocab_size());
            for text in ["Hello, 世界! I'll don't 12345\n\n  ", "<|endoftext|>", "\u{301}ABC"] {
                assert_eq!(again.encode_with(text, Specials::All), tokenizer.encode_with(text, Specials::All));
            }
            assert!((0..tokens.len() as u32).all(|id| again.merge(id) == tokenizer.merge(id)));
        }
    }
}

#[test]
fn tokens_tell_the_rule_that_their_file_does_not() {
    for Vocabulary { published, tokens, .. } in VOCABULARIES.iter() {
        for part in [tokens.len(), tokens.len() - 5, tokens.len() / 2, 5_000] {
            assert_eq!(Split::of_tokens(&tokens[..part]), published.split(), "{part} of {}", published.name());
        }
    }
    // Qwen's rule is cl100k's with numbers digit by digit, and so are its tokens.
    let numbers = |token: &[u8]| String::from_utf8_lossy(token).chars().filter(|c| c.is_numeric()).count();
    let mut tokens = VOCABULARIES[1].tokens.clone();
    tokens.iter_mut().filter(|token| numbers(token) > 1).for_each(Vec::clear);
    assert_eq!(Split::of_tokens(&tokens), Split::Qwen);
}
