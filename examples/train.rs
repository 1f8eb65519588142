//! Trains a small model on generated stories and lets it speak: text → tokens → training → text.
//!
//! `cargo run --release --example train`

use glassgpt::data::{Lang, stories};
use glassgpt::generate::{Generator, Sampling};
use glassgpt::model::Config;
use glassgpt::tokenizer::{SPECIALS, Split, Tokenizer, TrainOptions};
use glassgpt::train::{Baselines, Documents, Session, Settings};

fn main() -> glassgpt::Result<()> {
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
    while !session.is_finished() {
        let report = session.step()?;
        if report.step % 50 == 0 {
            let validation = session.evaluate();
            println!(
                "step {:4}  loss {:.3}  validation {:.3} nats/token, {:.3} bits/byte",
                report.step, report.loss_nats, validation.loss_nats, validation.bits_per_byte
            );
        }
    }

    let sampling = Sampling { temperature: 0.8, ..Sampling::default() };
    let mut generator = Generator::new(session.model(), session.shown_params(), &[end], sampling)?;
    for _ in 0..120 {
        generator.next()?;
    }
    println!("{}", tokenizer.decode_lossy(generator.ids())?);
    Ok(())
}
