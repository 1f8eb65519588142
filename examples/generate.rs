//! Continues a text with the model of a Hugging Face folder or .zip (GPT-2, Qwen3 or nanochat; f32, f16 or bf16):
//! `cargo run --release --example generate -- FOLDER [TEXT [TOKENS [TEMPERATURE]]]`.

use glassgpt::generate::Sampling;
use glassgpt::studio::Pretrained;
use glassgpt::tokenizer::{Segment, Streamer};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Only files that may belong to a model are read: folders often hold the same weights in other formats.
const KINDS: [&str; 2] = ["json", "safetensors"];

fn read(path: &Path) -> Result<Pretrained> {
    let bar =
        ProgressBar::new_spinner().with_style(ProgressStyle::with_template("{spinner} {msg} {bytes}, {elapsed}")?);
    bar.enable_steady_tick(Duration::from_millis(100));
    if path.is_file() {
        bar.set_message("reading the archive");
        return Ok(Pretrained::read_zip(&std::fs::read(path)?)?);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let path = entry?.path();
        if path.is_file() && path.extension().is_some_and(|kind| KINDS.iter().any(|known| kind == *known)) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            bar.set_message(format!("reading {name}"));
            let bytes = std::fs::read(&path)?;
            bar.inc(bytes.len() as u64);
            files.push((name, bytes));
        }
    }
    bar.set_message("opening the model");
    let model = Pretrained::read(&files)?;
    bar.finish_and_clear();
    Ok(model)
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("give a folder or a .zip")?;
    let text = arguments.next().unwrap_or_default();
    let tokens: u32 = arguments.next().map_or(Ok(100), |n| n.parse())?;
    let temperature: f32 = arguments.next().map_or(Ok(0.8), |n| n.parse())?;

    let model = read(Path::new(&folder))?;
    let (config, tokenizer) = (model.config(), model.words().tokenizer());
    eprintln!(
        "{}: {} parameters, {} tokens",
        model.architecture()?.class(),
        config.parameter_count(),
        config.vocab_size
    );

    let mut generator = model.generator(&text, Sampling { temperature, ..Sampling::default() })?;
    let (mut streamer, started) = (Streamer::default(), Instant::now());
    let mut generated = 0;
    print!("{text}");
    for _ in 0..tokens {
        let id = generator.next()?.id;
        generated += 1;
        // A vocabulary may be smaller than the model; a special token ends the text.
        let Ok(bytes) = tokenizer.token_bytes(id) else { break };
        if tokenizer.is_special(id) {
            break;
        }
        for part in streamer.push(bytes).into_iter().filter_map(Segment::text) {
            print!("{part}");
        }
        std::io::stdout().flush()?;
    }
    println!();
    eprintln!("{:.1} tokens/s", f64::from(generated) / started.elapsed().as_secs_f64());
    Ok(())
}
