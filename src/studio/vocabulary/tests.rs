use super::*;
use crate::tokenizer::{Specials, TrainOptions, Training};
use alloc::string::ToString;
use alloc::vec;

const GPT2_TINY: &[u8] = include_bytes!("../../../tests/fixtures/golden/hf_gpt2_tiny/tokenizer.json");
const TEXT: &str = "the cat and the hat and the bat. 这是一个测试，这是 the thing  they  think about 12 12 12";

fn trained(split: Split) -> WordList {
    let options = TrainOptions { vocab_size: 300, split, specials: vec!["<|end|>".into()] };
    let mut training = Training::new(TEXT, &options).unwrap();
    training.advance(usize::MAX);
    WordList::trained(training.finish().0)
}

#[test]
fn the_fixture_gives_the_ids_of_its_own_program() {
    let list = WordList::open(GPT2_TINY).unwrap();
    let expected = include_str!("../../../tests/fixtures/golden/hf_gpt2_tiny/expected.json");
    let expected: serde_json::Value = serde_json::from_str(expected).unwrap();
    let texts = expected["texts"].as_array().unwrap();
    assert!(texts.len() > 10);
    for case in texts {
        let ids: Vec<u32> = serde_json::from_value(case["ids"].clone()).unwrap();
        let text = case["text"].as_str().unwrap();
        assert_eq!(list.tokenizer().encode_with(text, Specials::All).unwrap(), ids, "{text:?}");
        assert_eq!(list.tokenizer().decode_lossy(&ids).unwrap(), case["decoded"].as_str().unwrap());
    }
    for case in expected["cut"].as_array().unwrap() {
        let ids: Vec<u32> = serde_json::from_value(case["ids"].clone()).unwrap();
        let bytes: Vec<u8> = serde_json::from_value(case["bytes"].clone()).unwrap();
        assert_eq!(list.tokenizer().decode_bytes(&ids).unwrap(), bytes);
    }
}

#[test]
fn trained_vocabularies_come_back_from_a_tokenizer_json() {
    for split in [Split::Digits, Split::Gpt2, Split::Cl100k, Split::O200k, Split::Qwen] {
        let list = trained(split);
        let again = WordList::open(list.save().unwrap().as_bytes()).unwrap();
        assert_eq!(again.tokenizer().split(), split);
        assert_eq!(again.tokenizer().special("<|end|>"), list.tokenizer().special("<|end|>"));
        assert_eq!(again.merges(), list.merges());
        for text in [TEXT, "", "other words, 其他 12345 ", "the<|end|>"] {
            assert_eq!(again.tokenizer().encode(text), list.tokenizer().encode(text));
        }
        assert_eq!(again.save().unwrap(), list.save().unwrap());
    }
}

#[test]
fn merges_are_known_by_rank_whatever_the_ids() {
    let list = WordList::open(GPT2_TINY).unwrap();
    let (id, merge) = list.merge(2).unwrap();
    let bytes = |id: u32| list.tokenizer().token_bytes(id).unwrap();
    assert_eq!((bytes(id), bytes(merge.left), bytes(merge.right)), (&b" the"[..], &b" t"[..], &b"he"[..]));
    assert_eq!((list.rank(id), list.rank(0), list.merge(43)), (Some(2), None, None));
    let list = trained(Split::Gpt2);
    assert_eq!((list.rank(256), list.rank(299)), (Some(0), None));
    assert_eq!(list.merge(0).map(|(id, merge)| (id, Some(merge))), Some((256, list.tokenizer().merge(256))));
}

#[test]
fn rank_files_open_with_their_own_ids() {
    let mut file = String::new();
    let base64 = |byte: u8| {
        let digit =
            |n: u8| char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[usize::from(n)]);
        format!("{}{}==", digit(byte >> 2), digit((byte & 3) << 4))
    };
    // Bytes in falling order, then " t" and " th" behind a gap.
    (0..=255).for_each(|byte: u8| file += &format!("{} {}\n", base64(byte), 255 - u32::from(byte)));
    file += "IHQ= 300\nIHRo 301\n";
    let list = WordList::open(file.as_bytes()).unwrap();
    assert_eq!(list.tokenizer().encode(" tha"), [301, 255 - 97]);
    assert_eq!((list.merges(), list.merge(0).unwrap().0, list.rank(301)), (2, 300, Some(1)));
    let json = WordList::open(list.save().unwrap().as_bytes()).unwrap();
    assert_eq!(json.tokenizer().encode(" tha tx"), list.tokenizer().encode(" tha tx"));
}

#[test]
fn other_files_are_refused_with_a_sentence() {
    for (file, found) in [
        (&b""[..], "an empty file"),
        (b"\x1f\x8b\x08", "expected a tokenizer.json or a .tiktoken file, found something else"),
        (b"a text", "found something else"),
        (b"[1, 2]", "found something else"),
        (b"{", "EOF"),
        (b"IQ== 0\n", "each of the 256 single bytes as a token"),
    ] {
        let said = WordList::open(file).unwrap_err().to_string();
        assert!(said.contains(found), "{said}");
    }
}

#[test]
fn tokens_are_found_by_text_bytes_and_kind() {
    let list = trained(Split::Gpt2);
    let find = |search: &str, kind: Kind, order: Order| -> Vec<Vec<u8>> {
        let ids = list.browse(search, kind, order);
        ids.iter().map(|&id| list.tokenizer().token_bytes(id).unwrap().to_vec()).collect()
    };
    let all = find("", Kind::All, Order::Rank);
    assert_eq!((all.len(), all[97].as_slice()), (300, &b"a"[..]));
    assert!(find("the", Kind::All, Order::Rank).iter().all(|token| token.windows(3).any(|w| w == b"the")));
    assert!(find("the", Kind::All, Order::Rank).contains(&b" the".to_vec()));
    assert_eq!(find("<|end|>", Kind::Special, Order::Rank), [b"<|end|>"]);
    let hex = find("E8·BF", Kind::All, Order::Rank);
    assert!(!hex.is_empty() && hex.iter().all(|token| token.windows(2).any(|w| w == b"\xe8\xbf")));
    assert_eq!(find("FF·", Kind::Partial, Order::Rank), [b"\xff"]);
    assert_eq!(find("E4", Kind::All, Order::Rank), [b""; 0]);
    let words = find("", Kind::Word, Order::Length);
    assert!(words.windows(2).all(|w| w[0].len() >= w[1].len()) && words.contains(&b" cat".to_vec()));
    assert!(words.iter().all(|word| core::str::from_utf8(word).is_ok()));
    assert!(find("", Kind::Space, Order::Rank).contains(&b" ".to_vec()));
    let blank = |token: &Vec<u8>| core::str::from_utf8(token).is_ok_and(|text| text.trim().is_empty());
    assert!(find("", Kind::Space, Order::Rank).iter().all(blank));
    assert_eq!(Kind::from_name("words"), None);
}

#[test]
fn a_token_falls_into_the_merges_that_made_it() {
    let list = WordList::open(GPT2_TINY).unwrap();
    let (the, _) = list.merge(2).unwrap();
    let tree = list.tree(the);
    let parts: Vec<&[u8]> = tree.iter().map(|(id, _, _)| list.tokenizer().token_bytes(*id).unwrap()).collect();
    assert_eq!(parts, [&b"he"[..], b" t", b" the"]);
    assert_eq!((list.tree(0), list.tree(299), list.tree(9_999)), (vec![], vec![], vec![]));
}
