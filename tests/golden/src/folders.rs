//! Golden checks of Hugging Face folders (`golden/hf_*`): logits and greedy text of every prompt, in every type of
//! numbers, and the way out and back in.

use crate::bpe::ids;
use crate::{Check, Fixtures};
use glassgpt::generate::Sampling;
use glassgpt::studio::Pretrained;
use serde_json::Value;
use std::collections::BTreeMap;

/// Largest difference of a logit: what the formats are for.
const TOLERANCE: f64 = 1e-4;

/// One result a folder.
pub fn checks(fixtures: &Fixtures) -> Vec<(String, Check)> {
    let with_logits = |name: &&str| fixtures.get(&format!("golden/hf_{name}/model.safetensors")).is_ok();
    let names = fixtures.names("golden/hf_", "/expected.json").filter(with_logits);
    names.map(|name| (format!("hf_{name}"), folder(fixtures, &format!("golden/hf_{name}/")))).collect()
}

/// The files of a folder, those of its sub-folder (`fp16`, `bf16`) in their place.
fn files(fixtures: &Fixtures, path: &str, sub: &str) -> Vec<(String, Vec<u8>)> {
    let mut files = BTreeMap::new();
    for prefix in [path.to_string(), format!("{path}{sub}/")] {
        for (name, bytes) in &fixtures.files {
            if let Some(name) = name.strip_prefix(&prefix).filter(|name| !name.contains('/')) {
                files.insert(name.to_string(), bytes.clone());
            }
        }
    }
    files.into_iter().collect()
}

fn folder(fixtures: &Fixtures, path: &str) -> Check {
    let expected = fixtures.json(&format!("{path}expected.json"))?;
    let kinds = expected["prompts"].as_object().ok_or("no prompts")?;
    let (mut worst, mut prompts) = (0.0f64, 0);
    for (kind, list) in kinds {
        let files = files(fixtures, path, kind);
        let model = Pretrained::read(&files).map_err(|e| format!("{kind}: {e}"))?;
        for prompt in list.as_array().ok_or("prompts are no list")? {
            worst = worst.max(check(&model, prompt).map_err(|e| format!("{kind}: {e}"))?);
            prompts += 1;
        }
        there_and_back(&model).map_err(|e| format!("{kind}: {e}"))?;
    }
    let kinds: Vec<&str> = kinds.keys().map(String::as_str).collect();
    Ok(format!(
        "{prompts} prompts in {}: logits within {worst:.1e}, greedy text the same, back bit for bit",
        kinds.join(", ")
    ))
}

/// The largest difference of a logit; an error when it is too large or the greedy text is another.
fn check(model: &Pretrained, prompt: &Value) -> Result<f64, String> {
    let text = prompt["text"].as_str().ok_or("a prompt without text")?;
    let tokenizer = model.words().tokenizer();
    let prompt_ids = tokenizer.encode(text);
    if prompt_ids != ids(&prompt["ids"]) {
        return Err(format!("{text:?}: ids {prompt_ids:?}, expected {}", prompt["ids"]));
    }
    let seen = model.inspect(&prompt_ids).map_err(|e| e.to_string())?;
    let logits = &seen.logits[seen.logits.len() - model.config().vocab_size..];
    let expected: Vec<f64> = prompt["last_logits"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    if logits.len() != expected.len() {
        return Err(format!("{text:?}: {} logits, expected {}", logits.len(), expected.len()));
    }
    let worst = logits.iter().zip(&expected).map(|(&x, e)| (f64::from(x) - e).abs()).fold(0.0, f64::max);
    if worst.is_nan() || worst > TOLERANCE {
        return Err(format!("{text:?}: logits differ by {worst:e}"));
    }
    let greedy = ids(&prompt["greedy_ids"]);
    let sampling = Sampling { temperature: 0.0, ..Sampling::default() };
    let mut generator = model.generator(text, sampling).map_err(|e| e.to_string())?;
    for (at, &id) in greedy.iter().enumerate() {
        let found = generator.next().map_err(|e| e.to_string())?.id;
        if found != id {
            return Err(format!("{text:?}: greedy token {at} is {found}, expected {id}"));
        }
    }
    let written = tokenizer.decode_lossy(&greedy).map_err(|e| e.to_string())?;
    if Some(written.as_str()) != prompt["greedy_text"].as_str() {
        return Err(format!("{text:?}: greedy text {written:?}, expected {}", prompt["greedy_text"]));
    }
    Ok(worst)
}

/// What is written is read as the same, bit for bit, as a folder and as an archive.
fn there_and_back(model: &Pretrained) -> Result<(), String> {
    let files = model.files().map_err(|e| e.to_string())?;
    let archive = model.zip().map_err(|e| e.to_string())?;
    for again in [Pretrained::read(&files), Pretrained::read_zip(&archive)] {
        let again = again.map_err(|e| format!("written, and then: {e}"))?;
        let same = again.params().iter().map(|x| x.to_bits()).eq(model.params().iter().map(|x| x.to_bits()));
        if !same || again.config() != model.config() || again.files().ok().as_ref() != Some(&files) {
            return Err("what is written comes back as something else".into());
        }
    }
    Ok(())
}
