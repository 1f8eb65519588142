//! Trains a small model on generated stories and lets it speak: text → tokens → training → text.
//!
//! `cargo run --release --example train`

use glassgpt::data::{Lang, stories};
use glassgpt::generate::{Generator, Sampling};
use glassgpt::model::Config;
use glassgpt::tokenizer::{SPECIALS, Split, Tokenizer, TrainOptions};
use glassgpt::train::{Baselines, Documents, Session, Settings};
use indicatif::{ProgressBar, ProgressStyle};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let corpus = stories(Lang::En, 500_000, 1);
    let options = TrainOptions { vocab_size: 512, split: Split::Digits, specials: SPECIALS.map(String::from).to_vec() };
    let (tokenizer, _) = Tokenizer::train(corpus.documents(), &options, &mut |_, _| true)?;
    let end = tokenizer.special("<|end|>").expect("one of the special tokens");

    let context = 64;
    let mut documents = Documents::new();
    for document in corpus.documents() {
        documents.push(&tokenizer.encode_documents(std::iter::once(document), end));
    }
    // Special tokens stand for no text of their own.
    let bytes = |id| if tokenizer.is_special(id) { 0 } else { tokenizer.token_bytes(id).map_or(0, <[u8]>::len) };
    let split = documents.split(context, bytes)?;

    let vocab_size = tokenizer.vocab_size();
    println!("{} tokens of text; {:?}", split.train.len(), Baselines::of(&split, vocab_size));
    let config = Config { document_start: Some(end), ..Config::modern(vocab_size, context, 3, 2, 64) };
    let mut session = Session::new(config, Settings { steps: 400, ..Settings::default() }, split)?;
    let style = ProgressStyle::with_template("step {pos}/{len} {wide_bar} loss {msg}, {per_sec}, {eta} left")?;
    let bar = ProgressBar::new(session.settings().steps).with_style(style);
    while !session.is_finished() {
        let report = session.step()?;
        bar.set_message(format!("{:.3}", report.loss_nats));
        bar.inc(1);
        if report.step % 50 == 0 {
            let validation = session.evaluate();
            let line = format!(
                "step {:4}  loss {:.3}  validation {:.3} nats/token, {:.3} bits/byte",
                report.step, report.loss_nats, validation.loss_nats, validation.bits_per_byte
            );
            // Above the bar; where no terminal shows one, printing is all there is.
            if bar.is_hidden() { println!("{line}") } else { bar.println(line) }
        }
    }
    bar.finish();

    let sampling = Sampling { temperature: 0.8, ..Sampling::default() };
    let mut generator = Generator::new(session.model(), session.shown_params(), &[end], sampling)?;
    for _ in 0..120 {
        generator.next()?;
    }
    println!("{}", tokenizer.decode_lossy(generator.ids())?);
    Ok(())
}
