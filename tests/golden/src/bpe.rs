//! Golden checks of the tokenizer: trainings with their merges, and texts that must come back.

use crate::{Check, Fixtures};
use glassgpt::tokenizer::{Split, Tokenizer, TrainOptions};
use serde_json::Value;

/// One result a file.
pub fn checks(fixtures: &Fixtures) -> Vec<(String, Check)> {
    let trainings = fixtures.names("bpe_train", ".json").map(|n| format!("bpe_train{n}.json"));
    let texts = fixtures.names("tokens", ".jsonl").map(|n| format!("tokens{n}.jsonl"));
    let mut out: Vec<(String, Check)> = trainings.map(|f| (f.clone(), training_file(fixtures, &f))).collect();
    out.extend(texts.map(|f| (f.clone(), texts_file(fixtures, &f))));
    out
}

fn train(text: &str, vocab_size: usize, split: Split) -> Result<Tokenizer, String> {
    let options = TrainOptions { vocab_size, split, specials: vec![] };
    let trained = Tokenizer::train([text].into_iter(), &options, &mut |_, _| true);
    Ok(trained.map_err(|e| e.to_string())?.0)
}

pub(crate) fn ids(json: &Value) -> Vec<u32> {
    json.as_array().into_iter().flatten().filter_map(|v| v.as_u64().map(|v| v as u32)).collect()
}

fn training_file(fixtures: &Fixtures, file: &str) -> Check {
    let json = fixtures.json(file)?;
    let cases = json["cases"].as_array().ok_or("no cases")?;
    let mut merges = 0;
    for case in cases {
        let name = case["name"].as_str().unwrap_or("?");
        merges += training_case(case).map_err(|e| format!("{name}: {e}"))?;
    }
    Ok(format!("{} trainings, {merges} merges exact", cases.len()))
}

fn training_case(case: &Value) -> Result<usize, String> {
    let text = case["text"].as_str().ok_or("no text")?;
    let size = case["vocab_size"].as_u64().ok_or("no vocab_size")? as usize;
    let tokenizer = train(text, size, Split::Gpt2)?;
    let expected = case["merges"].as_array().ok_or("no merges")?;
    for (i, merge) in expected.iter().enumerate() {
        let found = tokenizer.merge(256 + i as u32).ok_or_else(|| format!("only {i} merges"))?;
        let found = [u64::from(found.left), u64::from(found.right), 256 + i as u64, found.count];
        let wanted: Vec<u64> = merge.as_array().into_iter().flatten().filter_map(Value::as_u64).collect();
        if wanted != found {
            return Err(format!("merge {i}: {found:?}, expected {wanted:?}"));
        }
    }
    if tokenizer.vocab_size() != 256 + expected.len() {
        return Err(format!("{} tokens, expected {}", tokenizer.vocab_size(), 256 + expected.len()));
    }
    for (text, wanted) in [("text", "ids"), ("probe", "probe_ids")] {
        let Some(text) = case[text].as_str() else { continue };
        let found = tokenizer.encode(text);
        if found != ids(&case[wanted]) {
            return Err(format!("{wanted}: {found:?}, expected {:?}", ids(&case[wanted])));
        }
    }
    Ok(expected.len())
}

/// Each text comes back from plain bytes and from vocabularies trained on all of them, and spans reach its end. (Their ids
/// under published vocabularies: `tests/published.rs`.)
fn texts_file(fixtures: &Fixtures, file: &str) -> Check {
    let lines = std::str::from_utf8(fixtures.get(file)?).map_err(|e| e.to_string())?;
    let texts = lines
        .lines()
        .map(|l| serde_json::from_str::<Value>(l).map_err(|e| e.to_string()))
        .map(|l| Ok(l?["text"].as_str().ok_or("a line without text")?.to_owned()))
        .collect::<Result<Vec<String>, String>>()?;
    let corpus = texts.concat();
    let [gpt2, digits] = [Split::Gpt2, Split::Digits].map(|split| train(&corpus, 1_000, split));
    for tokenizer in [Tokenizer::bytes(vec![]), gpt2?, digits?] {
        for text in &texts {
            let back = tokenizer.decode_bytes(&tokenizer.encode(text)).map_err(|e| e.to_string())?;
            if back != text.as_bytes() {
                return Err(format!("{text:?} comes back as {:?}", String::from_utf8_lossy(&back)));
            }
            let end = tokenizer.encode_spans(text).last().map_or((0, 0), |span| (span.byte_end, span.utf16_end));
            if end != (text.len(), text.encode_utf16().count()) {
                return Err(format!("the spans of {text:?} end at {end:?}"));
            }
        }
    }
    Ok(format!("{} texts come back", texts.len()))
}
