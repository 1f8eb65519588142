//! What `tests/python/transformers_folders.py` needs of this side.
//!
//! `folder write STYLE STEPS FOLDER` trains a small model (`modern`, `gpt2` or `nanochat`) and writes its folder;
//! `folder read FOLDER TEXT` prints ids, logits and greedy text as JSON; `folder copy FOLDER OTHER` reads and writes.

use glassgpt::generate::Sampling;
use glassgpt::studio::{Pretrained, Run};
use serde_json::json;
use std::path::Path;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const GREEDY_TOKENS: usize = 20;

fn read(folder: &str) -> Result<Pretrained> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() {
            files.push((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), std::fs::read(&path)?));
        }
    }
    Ok(Pretrained::read(&files)?)
}

fn write(model: &Pretrained, folder: &str) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    for (name, bytes) in model.files()? {
        std::fs::write(Path::new(folder).join(name), bytes)?;
    }
    Ok(())
}

fn trained(style: &str, steps: u64) -> Result<Run> {
    let settings = json!({ "corpus": "stories-en", "style": style, "layers": 2, "heads": 2,
        "kvHeads": if style == "gpt2" { 2 } else { 1 }, "width": 32, "context": 64, "vocabulary": "bpe", "vocabSize": 400,
        "split": "digits", "steps": steps, "batch": 8, "optimizer": "adamw", "schedule": "isqrt", "learningRate": 4e-3,
        "warmup": 20, "weightDecay": 0.1, "seed": 1 });
    let mut run = Run::open(serde_json::from_value(settings)?, Vec::new(), &mut |_, _, _| {})?;
    while run.step() < steps {
        run.advance()?;
    }
    Ok(run)
}

fn continued(model: &Pretrained, text: &str) -> Result<serde_json::Value> {
    let tokenizer = model.words().tokenizer();
    let ids = tokenizer.encode(text);
    let seen = model.inspect(&ids)?;
    let mut generator = model.generator(text, Sampling { temperature: 0.0, ..Sampling::default() })?;
    let greedy = (0..GREEDY_TOKENS).map(|_| Ok(generator.next()?.id)).collect::<Result<Vec<u32>>>()?;
    // Rows of the embedding that no token uses have no text.
    let known: Vec<u32> = greedy.iter().copied().filter(|&id| tokenizer.token_bytes(id).is_ok()).collect();
    let greedy_text = tokenizer.decode_lossy(&known)?;
    Ok(json!({ "ids": ids, "logits": seen.logits, "greedy_ids": greedy, "greedy_text": greedy_text }))
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["write", style, steps, folder] => write(&Pretrained::of_run(&trained(style, steps.parse()?)?)?, folder),
        ["copy", from, to] => write(&read(from)?, to),
        ["read", folder, text] => {
            println!("{}", continued(&read(folder)?, text)?);
            Ok(())
        }
        _ => Err("write STYLE STEPS FOLDER, copy FOLDER OTHER, or read FOLDER TEXT".into()),
    }
}
