//! Small valid files to begin with, by target and name.

use glassgpt::studio::{Pretrained, Run, RunSettings};

fn tiny(style: &str) -> Run {
    let settings: RunSettings =
        serde_json::from_value(serde_json::json!({ "corpus": "own", "style": style, "layers": 1,
        "heads": 1, "kvHeads": 1, "width": 16, "context": 8, "vocabulary": "bytes", "vocabSize": 261, "split": "digits",
        "steps": 50, "batch": 1, "optimizer": "adamw", "schedule": "constant", "learningRate": 1e-3, "warmup": 0,
        "weightDecay": 0.1, "seed": 1 }))
        .expect("settings of a run");
    let text = "the cat and the hat. ".repeat(40).into_bytes();
    let mut run = Run::open(settings, text, &mut |_, _, _| {}).expect("a tiny run");
    while run.step() < 1 {
        run.advance().expect("a slice of a step");
    }
    run
}

/// Target, name and bytes of every file.
pub fn all() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let mut files = vec![("tokenizer_json", "ranks", b"IQ== 0\nIg== 1\nIyI= 2\n".to_vec())];
    for style in ["modern", "gpt2", "nanochat"] {
        let run = tiny(style);
        files.push(("checkpoint", style, run.save().expect("a run can be saved")));
        let model = Pretrained::of_run(&run).expect("a run has a folder");
        files.push(("folder", style, model.zip().expect("a folder can be packed")));
        for (name, bytes) in model.files().expect("a folder has files") {
            match name.as_str() {
                "model.safetensors" => files.push(("safetensors", style, bytes)),
                "tokenizer.json" => files.push(("tokenizer_json", style, bytes)),
                _ => {}
            }
        }
    }
    files
}
