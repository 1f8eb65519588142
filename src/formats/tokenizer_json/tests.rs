use super::*;
use serde_json::json;

const GPT2_TINY: &str = include_str!("../../../tests/fixtures/golden/hf_gpt2_tiny/tokenizer.json");

fn fixture() -> Value {
    serde_json::from_str(GPT2_TINY).unwrap()
}

fn read(file: &Value) -> Result<TokenizerJson> {
    TokenizerJson::read(file.to_string().as_bytes())
}

/// What is said of the fixture with one place changed.
fn said(pointer: &str, value: Value) -> String {
    let mut file = fixture();
    match file.pointer_mut(pointer) {
        Some(place) => *place = value,
        None => {
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            file.pointer_mut(parent).unwrap()[key] = value;
        }
    }
    let error = read(&file).unwrap_err();
    format!("{}: {error}", error.code())
}

#[test]
fn the_fixture_is_read_as_bytes_merges_and_one_special_token() {
    let found = TokenizerJson::read(GPT2_TINY.as_bytes()).unwrap();
    assert_eq!((found.tokens.len(), found.merges.len(), found.cut), (299, 43, Cut::Gpt2));
    assert_eq!(found.specials, [("<|endoftext|>".into(), 299)]);
    assert_eq!((found.tokens[0].as_slice(), found.tokens[256].as_slice()), (&b"!"[..], &b"he"[..]));
    let made: Vec<Vec<u8>> = found
        .merges
        .iter()
        .map(|&(l, r)| [&found.tokens[l as usize][..], &found.tokens[r as usize]].concat())
        .collect();
    assert_eq!(made, found.tokens[256..]);
    assert!(!found.whole_pieces && !found.nfc);
}

#[test]
fn what_is_written_reads_the_same_again() {
    let mut file = TokenizerJson::read(GPT2_TINY.as_bytes()).unwrap();
    assert_eq!(TokenizerJson::read(file.write().unwrap().as_bytes()).unwrap(), file);
    for cut in [Cut::Cl100k, Cut::O200k, Cut::Qwen, Cut::Digits] {
        file = TokenizerJson { cut, nfc: true, whole_pieces: true, ..file };
        // A gap, and a special token behind it whose name needs quoting.
        file.specials = vec![("<|endoftext|>".into(), 299), ("<\"你\\好\">".into(), 305)];
        assert_eq!(TokenizerJson::read(file.write().unwrap().as_bytes()).unwrap(), file);
    }
}

#[test]
fn merges_in_one_string_are_those_in_two() {
    let mut file = fixture();
    let merges = file["model"]["merges"].as_array_mut().unwrap();
    for merge in merges {
        *merge = format!("{} {}", merge[0].as_str().unwrap(), merge[1].as_str().unwrap()).into();
    }
    file["model"].as_object_mut().unwrap().remove("type");
    assert_eq!(read(&file).unwrap(), TokenizerJson::read(GPT2_TINY.as_bytes()).unwrap());
}

#[test]
fn files_of_qwen_and_llama_are_known() {
    let mut file = fixture();
    file["normalizer"] = json!({ "type": "NFC" });
    file["pre_tokenizer"] = Cut::Qwen.write();
    let tool = json!({ "id": 300, "content": "<tool_call>", "special": false, "normalized": false });
    file["added_tokens"].as_array_mut().unwrap().push(tool);
    let found = read(&file).unwrap();
    assert_eq!((found.cut, found.nfc, found.specials[1].1), (Cut::Qwen, true, 300));
    file["normalizer"] = Value::Null;
    file["pre_tokenizer"] = Cut::Cl100k.write();
    file["model"]["ignore_merges"] = true.into();
    let found = read(&file).unwrap();
    assert_eq!((found.cut, found.nfc, found.whole_pieces), (Cut::Cl100k, false, true));
}

#[test]
fn every_unsupported_kind_is_named() {
    for (pointer, value, found) in [
        ("/model/type", json!("WordPiece"), "a model of the kind WordPiece"),
        ("/model/type", json!("Unigram"), "Unigram (SentencePiece)"),
        ("/model/type", json!("WordLevel"), "WordLevel"),
        ("/model/byte_fallback", json!(true), "byte_fallback"),
        ("/model/continuing_subword_prefix", json!("##"), "a continuing_subword_prefix"),
        ("/model/end_of_word_suffix", json!("</w>"), "an end_of_word_suffix"),
        ("/model/dropout", json!(0.1), "dropout"),
        ("/normalizer", json!({ "type": "BertNormalizer" }), "the normalizer BertNormalizer"),
        ("/normalizer", json!({ "normalizers": [{ "type": "Prepend", "prepend": "▁" }] }), "the normalizer Prepend"),
        ("/pre_tokenizer", json!({ "type": "Whitespace" }), "the pre-tokenizer Whitespace"),
        ("/added_tokens/0/lstrip", json!(true), "\"<|endoftext|>\" with the setting lstrip"),
        ("/added_tokens", json!([{ "id": 300, "content": "   " }]), "the added token \"   \", which is no special one"),
        ("/model/vocab", json!({ "世": 0 }), "the character '世', which stands for no byte"),
    ] {
        let said = said(pointer, value);
        assert!(
            said.starts_with("unsupported: this tokenizer.json is not supported: it has") && said.contains(found),
            "{said}"
        );
    }
    // As SentencePiece models are written.
    let unigram = json!({ "model": { "type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], ["▁the", -3.2]] } });
    assert_eq!(read(&unigram).unwrap_err().code(), "unsupported");
}

#[test]
fn files_that_are_not_in_order_are_refused_with_the_place() {
    for (pointer, value, found) in [
        ("/model/merges/0", json!(["h", "世"]), "a merge of \"世\", which is none"),
        ("/model/merges/0", json!("he"), "\"he\" is none"),
        ("/model/merges/0", json!(["h", "e", "r"]), "a merge that has not two tokens"),
        ("/model/merges/0", json!(7), "a merge of two tokens"),
        ("/model/vocab/he", json!(-1), "invalid value"),
        ("/model/vocab/he", json!(0), "another for 0"),
        ("/model/vocab/he", json!(4_000_000_000u32), "ids below 2097152, found 4000000000"),
        ("/model/vocab", json!("none"), "tokens with their ids"),
        ("/model", json!({}), "a model without merges"),
        ("/added_tokens", json!([{ "content": "<a>" }]), "missing field `id`"),
    ] {
        let said = said(pointer, value);
        assert!(said.contains(found), "{said}");
    }
    for other in ["", "{}", "[]", "null", "{\"name\": \"glassgpt\"}", "not JSON", "\u{0}"] {
        assert!(matches!(TokenizerJson::read(other.as_bytes()), Err(Error::Format { file: FILE, .. })), "{other}");
    }
}

#[test]
fn every_torn_file_is_refused() {
    for end in 0..GPT2_TINY.trim_end().len() {
        assert!(TokenizerJson::read(&GPT2_TINY.as_bytes()[..end]).is_err(), "{end} bytes");
    }
}

#[test]
fn tokens_with_the_same_bytes_can_not_be_written() {
    let mut file = TokenizerJson::read(GPT2_TINY.as_bytes()).unwrap();
    file.tokens[298] = file.tokens[297].clone();
    let said = file.write().unwrap_err().to_string();
    assert!(said.contains("two tokens with the same bytes") && said.contains("ids 297 and 298"), "{said}");
}
