//! Learns a vocabulary from a text and shows how it cuts one: `cargo run --release --example tokenize -- [TEXT [FILE]]`.
//!
//! Without a file it learns from generated stories.

use glassgpt::data::{Lang, stories};
use glassgpt::tokenizer::{SPECIALS, Split, Tokenizer, TrainOptions};
use indicatif::{ProgressBar, ProgressStyle};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let text = arguments.next().unwrap_or_else(|| "One day Zuri lost the red ball.".into());
    let corpus = match arguments.next() {
        Some(file) => std::fs::read_to_string(file)?,
        None => stories(Lang::En, 500_000, 1).text,
    };

    let options = TrainOptions { vocab_size: 1_000, split: Split::Gpt2, specials: SPECIALS.map(String::from).to_vec() };
    let bar =
        ProgressBar::new(0).with_style(ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} merges, {eta}")?);
    bar.set_message("learning");
    let (tokenizer, stopped) = Tokenizer::train([corpus.as_str()].into_iter(), &options, &mut |done, wanted| {
        bar.set_length(wanted as u64);
        bar.set_position(done as u64);
        true
    })?;
    bar.finish();
    if let Some(reason) = stopped {
        println!("smaller than asked for: {reason:?}");
    }

    let ids = tokenizer.encode(&text);
    println!("{} bytes are {} tokens of {}:", text.len(), ids.len(), tokenizer.vocab_size());
    for id in ids {
        println!("{id:5}  \"{}\"", tokenizer.token_bytes(id)?.escape_ascii());
    }
    Ok(())
}
