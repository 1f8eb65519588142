//! Files to begin with: `cargo run --bin seeds` writes them into `corpus/`.

use glassgpt::studio::{Pretrained, Run, RunSettings};
use std::error::Error;
use std::fs;
use std::path::Path;

fn tiny(style: &str) -> Result<Run, Box<dyn Error>> {
    let settings: RunSettings = serde_json::from_value(serde_json::json!({ "corpus": "own", "style": style, "layers": 1,
        "heads": 1, "kvHeads": 1, "width": 16, "context": 8, "vocabulary": "bytes", "vocabSize": 261, "split": "digits",
        "steps": 50, "batch": 1, "optimizer": "adamw", "schedule": "constant", "learningRate": 1e-3, "warmup": 0,
        "weightDecay": 0.1, "seed": 1 }))?;
    let text = "the cat and the hat. ".repeat(40).into_bytes();
    let mut run = Run::open(settings, text, &mut |_, _, _| {})?;
    while run.step() < 1 {
        run.advance()?;
    }
    Ok(run)
}

fn put(target: &str, name: &str, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    fs::create_dir_all(&folder)?;
    Ok(fs::write(folder.join(name), bytes)?)
}

fn main() -> Result<(), Box<dyn Error>> {
    for style in ["modern", "gpt2", "nanochat"] {
        let run = tiny(style)?;
        put("checkpoint", style, &run.save()?)?;
        let model = Pretrained::of_run(&run)?;
        put("folder", style, &model.zip()?)?;
        for (name, bytes) in model.files()? {
            match name.as_str() {
                "model.safetensors" => put("safetensors", style, &bytes)?,
                "tokenizer.json" => put("tokenizer_json", style, &bytes)?,
                _ => {}
            }
        }
    }
    put("tokenizer_json", "ranks", b"IQ== 0\nIg== 1\nIyI= 2\n")
}
