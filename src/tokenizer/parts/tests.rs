//! Parts of all kinds against plain readings of the rules that their programs follow.

use super::*;
use alloc::collections::BTreeMap;
use proptest::prelude::*;

/// The 256 bytes in an order of their own, then longer tokens.
fn tokens(longer: &[&str]) -> Vec<Vec<u8>> {
    let bytes = (0..=255u8).rev().map(|byte| vec![byte]);
    bytes.chain(longer.iter().map(|token| token.as_bytes().to_vec())).collect()
}

fn id(tokens: &[Vec<u8>], token: &str) -> u32 {
    tokens.iter().position(|other| other == token.as_bytes()).unwrap() as u32
}

/// One piece by a function that says which neighbours are joined, into what: the lowest first, the leftmost first.
fn plain(parts: &Parts, piece: &[u8], joined: impl Fn(&[u8], &[u8]) -> Option<usize>) -> Vec<u32> {
    let ids: BTreeMap<&[u8], u32> =
        parts.tokens.iter().map(Vec::as_slice).zip(0..).filter(|(t, _)| !t.is_empty()).collect();
    if let Some(&id) = ids.get(piece).filter(|_| parts.whole_pieces || parts.merges.is_none()) {
        return vec![id];
    }
    let mut pieces: Vec<Vec<u8>> = piece.iter().map(|&byte| vec![byte]).collect();
    let lowest =
        |pieces: &[Vec<u8>]| pieces.windows(2).enumerate().filter_map(|(i, w)| Some((joined(&w[0], &w[1])?, i))).min();
    while let Some((_, i)) = lowest(&pieces) {
        let right = pieces.remove(i + 1);
        pieces[i].extend(right);
    }
    pieces.iter().map(|piece| ids[piece.as_slice()]).collect()
}

/// tiktoken: whatever makes a token, by its id. Hugging Face: the pairs of the list, by their place.
fn expected(parts: &Parts, text: &str) -> Vec<u32> {
    let scanner = Scanner::new(parts.split);
    let pieces = scanner.pieces(text);
    let token = |id: u32| parts.tokens[id as usize].as_slice();
    pieces
        .flat_map(|piece| {
            plain(parts, piece, |left, right| match &parts.merges {
                None => parts.tokens.iter().position(|token| *token == [left, right].concat()),
                Some(merges) => merges.iter().position(|&(a, b)| token(a) == left && token(b) == right),
            })
        })
        .collect()
}

proptest! {
    #[test]
    fn ids_alone_are_read_as_tiktoken_does(
        longer in proptest::collection::btree_set("[abc]{2,5}", 0..14).prop_map(|set| set.into_iter().collect::<Vec<_>>()).prop_shuffle(),
        texts in proptest::collection::vec("[abc]{0,12}|[abc ]{0,40}|(abc){0,40}", 1..6), gap in 200usize..280,
    ) {
        let longer: Vec<&str> = longer.iter().map(alloc::string::String::as_str).collect();
        let mut tokens = tokens(&longer);
        tokens.insert(gap.min(tokens.len()), vec![]);
        let parts = Parts { tokens, ..Parts::default() };
        let tokenizer = Tokenizer::from_parts(parts.clone()).unwrap();
        for text in &texts {
            assert_eq!(tokenizer.encode(text), expected(&parts, text), "{longer:?} {text:?}");
            assert_eq!(tokenizer.decode_lossy(&tokenizer.encode(text)).unwrap(), *text);
        }
    }

    #[test]
    fn lists_of_merges_are_read_as_hugging_face_does(
        longer in proptest::collection::btree_set("[abc]{2,4}", 1..12).prop_map(|set| set.into_iter().collect::<Vec<_>>()).prop_shuffle(),
        picks in proptest::collection::vec((0usize..12, 1usize..4), 0..16), whole_pieces: bool,
        texts in proptest::collection::vec("[abc]{0,12}|[abc ]{0,40}|(abc){0,40}", 1..6),
    ) {
        let longer: Vec<&str> = longer.iter().map(alloc::string::String::as_str).collect();
        let tokens = tokens(&longer);
        let mut merges = vec![];
        for (pick, at) in picks {
            let token = longer[pick % longer.len()];
            let halves = token.split_at(at.min(token.len() - 1));
            let known = |half: &str| tokens.iter().any(|other| other == half.as_bytes());
            if known(halves.0) && known(halves.1) {
                let merge = (id(&tokens, halves.0), id(&tokens, halves.1));
                if !merges.contains(&merge) {
                    merges.push(merge);
                }
            }
        }
        let parts = Parts { tokens, merges: Some(merges), whole_pieces, ..Parts::default() };
        let tokenizer = Tokenizer::from_parts(parts.clone()).unwrap();
        for text in &texts {
            assert_eq!(tokenizer.encode(text), expected(&parts, text), "{parts:?} {text:?}");
        }
        for &(left, right) in parts.merges.iter().flatten() {
            let made = [parts.tokens[left as usize].as_slice(), &parts.tokens[right as usize]].concat();
            let made = tokenizer.merge(parts.tokens.iter().position(|token| *token == made).unwrap() as u32).unwrap();
            assert!(parts.merges.iter().flatten().any(|&pair| pair == (made.left, made.right)));
        }
    }
}

#[test]
fn a_trained_vocabulary_comes_back_from_its_parts() {
    let text = "the cat and the hat and the bat. 你好你好 don't don't";
    let options =
        super::super::TrainOptions { vocab_size: 290, split: Split::Cl100k, specials: vec!["<|end|>".into()] };
    let (trained, _) = Tokenizer::train([text].into_iter(), &options, &mut |_, _| true).unwrap();
    let special = trained.special("<|end|>").unwrap();
    let parts = Parts {
        tokens: (0..special).map(|id| trained.token_bytes(id).unwrap().to_vec()).collect(),
        merges: Some((0..special).filter_map(|id| trained.merge(id)).map(|m| (m.left, m.right)).collect()),
        split: trained.split(),
        specials: trained.specials().map(|(name, id)| (name.into(), id)).collect(),
        whole_pieces: false,
    };
    for parts in [Parts { merges: None, ..parts.clone() }, parts] {
        let again = Tokenizer::from_parts(parts).unwrap();
        assert_eq!(again.encode(text), trained.encode(text));
        assert_eq!((again.vocab_size(), again.special("<|end|>")), (trained.vocab_size(), Some(special)));
        assert_eq!(again.segment(text, 9), trained.segment(text, 9));
    }
}

#[test]
fn parts_that_do_not_fit_are_refused_with_a_sentence() {
    let good = Parts { tokens: tokens(&["ab", "abc"]), merges: Some(vec![]), ..Parts::default() };
    let specials = |list: &[(&str, u32)]| list.iter().map(|&(name, id)| (name.into(), id)).collect();
    let (a, b, c) = (255 - 97, 255 - 98, 255 - 99);
    let cases = [
        (Parts { tokens: good.tokens[1..].to_vec(), ..good.clone() }, "none for the byte 255"),
        (Parts { tokens: tokens(&["ab", "ab"]), ..good.clone() }, "\"ab\" twice"),
        (Parts { tokens: tokens(&["a"]), ..good.clone() }, "\"a\" twice"),
        (Parts { merges: Some(vec![(a, 300)]), ..good.clone() }, "(158, 300)"),
        (Parts { merges: Some(vec![(b, c)]), ..good.clone() }, "one that makes \"bc\""),
        (Parts { merges: Some(vec![(a, b), (a, b)]), ..good.clone() }, "(158, 157) twice"),
        (Parts { specials: specials(&[("", 300)]), ..good.clone() }, "one without"),
        (Parts { specials: specials(&[("x", 300), ("x", 301)]), ..good.clone() }, "\"x\""),
        (Parts { specials: specials(&[("x", 300), ("y", 300)]), ..good.clone() }, "300"),
        (Parts { specials: specials(&[("x", 256)]), ..good.clone() }, "256 for both x and \"ab\""),
        (Parts { specials: specials(&[("x", u32::MAX)]), ..good.clone() }, "4294967295"),
        (Parts { tokens: tokens(&[&"x".repeat(2_000)]), merges: None, ..good.clone() }, "xxx"),
    ];
    for (parts, found) in cases {
        let error = Tokenizer::from_parts(parts).unwrap_err().to_string();
        assert!(error.starts_with("this is not a usable vocabulary: expected") && error.contains(found), "{error}");
    }
    // A special token that stands among the others under its name is only special.
    let both = Parts { specials: specials(&[("ab", 256)]), ..good };
    let tokenizer = Tokenizer::from_parts(both).unwrap();
    assert!(tokenizer.is_special(256));
    assert_eq!(tokenizer.encode("ab"), [a, b]);
}
