//! How soon does a recipe reach a loss? Trains one text by three recipes with the same engine, one thread, and prints
//! steps, tokens, seconds of training and loss on the whole validation split.
//!
//!     cargo xtask bench quality --corpus FILE [--target NATS] [--seed N]
//!
//! Tokens are the characters of the text; the last tenth of it is for validation. Evaluations are not in the seconds.

#![forbid(unsafe_code)]

use glassgpt::model::{Config, Init, Model};
use glassgpt::train::{Schedule, Session, Settings, Split};
use std::time::{Duration, Instant};

const USAGE: &str = "usage: cargo xtask bench quality --corpus FILE [--target NATS] [--seed N]";
/// Every recipe stops here at the latest.
const STEPS: u64 = 2_000;
const EVERY: u64 = 50;
/// Rows of the table; the loss is looked at every [`EVERY`] steps.
const SHOWN: [u64; 6] = [100, 200, 400, 800, 1_200, 2_000];

struct Recipe {
    name: &'static str,
    config: Config,
    settings: Settings,
    init: Init,
}

/// Compared with the first.
fn recipes(vocab_size: usize, seed: u64) -> [Recipe; 3] {
    let preset = Settings { steps: STEPS, shards: 1, seed, ..Settings::default() };
    // The values of nanoGPT's `config/train_shakespeare_char.py` for a machine without a GPU, in its README.
    let nano = Settings {
        batch: 12,
        learning_rate: 1e-3,
        warmup: 100,
        schedule: Schedule::Cosine { min: 0.1 },
        betas: [0.9, 0.99],
        average: false,
        ..preset.clone()
    };
    [
        Recipe {
            name: "nanoGPT CPU recipe, 4L/4H/128",
            config: Config { bias: false, ..Config::gpt2(vocab_size, 64, 4, 4, 128) },
            settings: nano,
            init: Init::Gpt2Classic,
        },
        Recipe {
            name: "GPT-2 style, 3L/2H/64",
            config: Config::gpt2(vocab_size, 64, 3, 2, 64),
            settings: preset.clone(),
            init: Init::Preset,
        },
        Recipe {
            name: "modern, 3L/2H/64",
            config: Config::modern(vocab_size, 64, 3, 2, 64),
            settings: preset,
            init: Init::Preset,
        },
    ]
}

/// Ids of characters in the order of their code points, and how many there are.
fn characters(text: &str) -> (Vec<u32>, usize) {
    let mut known: Vec<char> = text.chars().collect();
    known.sort_unstable();
    known.dedup();
    let ids = text.chars().map(|c| known.binary_search(&c).unwrap_or_default() as u32).collect();
    (ids, known.len())
}

/// Nats per token on every whole window of the validation split.
fn whole(session: &mut Session) -> f64 {
    let (params, time) = (session.shown_params().to_vec(), session.model().config().context);
    let validation = session.split().validation.clone();
    let (rows, windows) = (session.settings().rows_per_shard(), (validation.len() - 1) / time);
    let starts: Vec<usize> = (0..windows).map(|w| w * time).collect();
    let nats: f64 = starts
        .chunks(rows)
        .map(|some| {
            session.learner_mut().loss_with(&params, |batch| {
                batch.clear(time);
                some.iter().for_each(|&start| batch.push_window(&validation, start, 1.0));
            })
        })
        .sum();
    nats / (windows * time) as f64
}

/// Seconds of training until the target, if it was reached.
fn train(recipe: &Recipe, split: &Split, target: f64) -> Result<(Option<f64>, f64), String> {
    let Recipe { name, config, settings, init } = recipe;
    let model = Model::new(config.clone()).map_err(|e| e.to_string())?;
    let params = model.init(settings.seed, *init);
    println!("\n{name}: {} parameters, batch {} x {}", model.table().total(), settings.batch, config.context);
    println!("{:>6} {:>10} {:>9} {:>9}", "step", "tokens", "seconds", "loss");
    let mut session =
        Session::with_params(config.clone(), settings.clone(), split.clone(), params).map_err(|e| e.to_string())?;
    let mut spent = Duration::ZERO;
    for step in 1..=STEPS {
        let start = Instant::now();
        session.step().map_err(|e| e.to_string())?;
        spent += start.elapsed();
        if step % EVERY != 0 {
            continue;
        }
        let (loss, seconds) = (whole(&mut session), spent.as_secs_f64());
        let reached = loss <= target;
        if reached || SHOWN.contains(&step) {
            let tokens = step * (settings.batch * config.context) as u64;
            println!("{step:>6} {tokens:>10} {seconds:>9.1} {loss:>9.3}{}", if reached { "  target" } else { "" });
        }
        if reached {
            return Ok((Some(seconds), seconds));
        }
    }
    Ok((None, spent.as_secs_f64()))
}

fn run(corpus: &str, target: f64, seed: u64) -> Result<(), String> {
    let text = std::fs::read_to_string(corpus).map_err(|e| format!("{corpus}: {e}"))?;
    let (ids, vocab_size) = characters(&text);
    let cut = ids.len() * 9 / 10;
    let split = Split {
        train: ids[..cut].to_vec(),
        validation: ids[cut..].to_vec(),
        validation_bytes: text.chars().skip(cut).map(char::len_utf8).sum(),
    };
    println!("{corpus}: {} characters of {vocab_size} kinds; target {target} nats per character", ids.len());
    let mut first = None;
    let mut ratios = Vec::new();
    for recipe in &recipes(vocab_size, seed) {
        let (reached, spent) = train(recipe, &split, target)?;
        let (base, exact) = *first.get_or_insert((spent, reached.is_some()));
        ratios.push(match reached {
            Some(seconds) => format!(
                "{}: {seconds:.1} s, {}{:.3} of the first recipe's",
                recipe.name,
                if exact { "" } else { "less than " },
                seconds / base
            ),
            None => format!("{}: not reached in {spent:.1} s", recipe.name),
        });
    }
    println!("\nto {target}:\n{}", ratios.join("\n"));
    Ok(())
}

/// The value behind a flag.
fn value<'a>(arguments: &'a [String], flag: &str) -> Option<&'a str> {
    let at = arguments.iter().position(|a| a == flag)?;
    arguments.get(at + 1).map(String::as_str)
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |flag, usual: f64| value(&arguments, flag).map_or(Ok(usual), str::parse::<f64>);
    let result = match (value(&arguments, "--corpus"), number("--target", 1.88), number("--seed", 1.0)) {
        (Some(corpus), Ok(target), Ok(seed)) => run(corpus, target, seed as u64),
        _ => Err(USAGE.into()),
    };
    if let Err(message) = result {
        eprintln!("{message}");
        std::process::exit(1);
    }
}
