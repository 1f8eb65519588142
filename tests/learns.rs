//! The main job without a page: text in, vocabulary, training, text out.

use std::collections::HashSet;

use glassgpt::data::{Corpus, Lang, stories};
use glassgpt::generate::{Generator, Sampling};
use glassgpt::model::Config;
use glassgpt::tokenizer::{SPECIALS, Split, Tokenizer, TrainOptions};
use glassgpt::train::{self, Baselines, Documents, Session, Settings};

const CONTEXT: usize = 48;

fn tokenized(corpus: &Corpus) -> (Tokenizer, train::Split, u32) {
    let specials = SPECIALS.map(String::from).to_vec();
    let options = TrainOptions { vocab_size: 512, split: Split::Digits, specials };
    let (tokenizer, _) = Tokenizer::train(corpus.documents(), &options, &mut |_, _| true).unwrap();
    let end = tokenizer.special("<|end|>").unwrap();
    let mut documents = Documents::new();
    for document in corpus.documents() {
        documents.push(&tokenizer.encode_documents(std::iter::once(document), end));
    }
    let bytes = |id| if tokenizer.is_special(id) { 0 } else { tokenizer.token_bytes(id).unwrap().len() };
    let split = documents.split(CONTEXT, bytes).unwrap();
    (tokenizer, split, end)
}

#[test]
fn a_small_model_learns_stories_better_than_counting_pairs_and_speaks_their_words() {
    let corpus = stories(Lang::En, 200_000, 1);
    let (tokenizer, split, end) = tokenized(&corpus);
    let documents: Vec<&str> = corpus.documents().collect();
    let held: usize = documents[corpus.split()..].iter().map(|d| d.len()).sum();
    assert_eq!(split.validation_bytes, held, "validation is the last twentieth of the documents");

    let baselines = Baselines::of(&split, tokenizer.vocab_size());
    let config = Config { document_start: Some(end), ..Config::modern(tokenizer.vocab_size(), CONTEXT, 2, 2, 48) };
    let new = || Session::new(config.clone(), Settings { steps: 200, ..Settings::default() }, split.clone()).unwrap();
    let (untrained, mut session) = (new(), new());
    let before = session.evaluate();
    while !session.is_finished() {
        session.step().unwrap();
    }
    let after = session.evaluate();
    assert!((before.loss_nats - baselines.uniform).abs() < 0.3, "{before:?} {baselines:?}");
    assert!(after.loss_nats < baselines.bigram, "{after:?} {baselines:?}");
    assert!(baselines.trigram < baselines.bigram && baselines.bigram < baselines.uniform, "{baselines:?}");

    let fresh = known_words(&untrained, &tokenizer, &corpus);
    let learnt = known_words(&session, &tokenizer, &corpus);
    assert!(learnt > 0.7 && fresh < learnt / 2.0, "share of known words before {fresh}, after {learnt}");
}

/// Share of the words in a sample that the corpus knows.
fn known_words(session: &Session, tokenizer: &Tokenizer, corpus: &Corpus) -> f64 {
    let end = tokenizer.special("<|end|>").unwrap();
    let sampling = Sampling { temperature: 0.7, ..Sampling::default() };
    let mut generator = Generator::new(session.model(), session.shown_params(), &[end], sampling).unwrap();
    let ids: Vec<u32> =
        (0..150).map(|_| generator.next().unwrap().id).filter(|&id| !tokenizer.is_special(id)).collect();
    let sample = tokenizer.decode_lossy(&ids).unwrap();
    let split = |text| str::split(text, |c: char| !c.is_alphabetic()).filter(|w| w.len() > 2);
    let known: HashSet<&str> = split(&corpus.text).collect();
    let words: Vec<&str> = split(&sample).collect();
    // A sample of almost no words knows almost none.
    words.iter().filter(|w| known.contains(*w)).count() as f64 / words.len().max(40) as f64
}
