use super::*;
use crate::formats::TokenizerJson;
use crate::studio::settings::tests::small;
use crate::studio::{CorpusName, Opening, Run, RunSettings, Style};
use crate::tokenizer::{Split, TrainOptions};
use alloc::vec;

const TEXT: &str = "the cat and the hat and the bat sat. one day the cat saw a red hat. ";

fn own_settings() -> RunSettings {
    RunSettings { corpus: CorpusName::Own, ..small() }
}

fn quiet() -> impl FnMut(crate::studio::Phase, usize, usize) {
    |_, _, _| {}
}

/// A trained run of a style.
fn trained(style: Style, steps: u64) -> Run {
    let kv_heads = if style == Style::Gpt2 { 2 } else { 1 };
    let settings = RunSettings { style, kv_heads, ..own_settings() };
    let mut run = Run::open(settings, TEXT.repeat(60).into_bytes(), &mut quiet()).unwrap();
    while run.step() < steps {
        run.advance().unwrap();
    }
    run
}

fn greedy() -> Sampling {
    Sampling { temperature: 0.0, ..Sampling::default() }
}

fn continuation(mut generator: Generator) -> Vec<u32> {
    (0..12).map(|_| generator.next().unwrap().id).collect()
}

/// A folder as other programs make them: GPT-2's order of bytes, a special token in the middle, more rows than tokens.
fn foreign() -> Vec<(String, Vec<u8>)> {
    let options = TrainOptions { vocab_size: 280, split: Split::Gpt2, specials: vec![] };
    let (tokenizer, _) = Tokenizer::train([TEXT].into_iter(), &options, &mut |_, _| true).unwrap();
    // Bytes from behind, then a special token, then the merges.
    let place = |id: u32| if id < 256 { 255 - id } else { id + 1 };
    let mut tokens = vec![vec![]; tokenizer.vocab_size() + 1];
    let mut merges = Vec::new();
    for id in 0..tokenizer.vocab_size() as u32 {
        tokens[place(id) as usize] = tokenizer.token_bytes(id).unwrap().to_vec();
        merges.extend(tokenizer.merge(id).map(|m| (place(m.left), place(m.right))));
    }
    let (cut, specials) = (crate::formats::Cut::Gpt2, vec![("<|endoftext|>".into(), 256)]);
    let json = TokenizerJson { tokens, merges, cut, specials, whole_pieces: false, nfc: false }.write().unwrap();
    let words = WordList::open(json.as_bytes()).unwrap();
    let config =
        Config { mlp_width: 40, norm_eps: 1e-6, ..Config::modern(words.tokenizer().vocab_size() + 3, 24, 2, 2, 16) };
    let model = Model::new(config).unwrap();
    let params = model.init(5, crate::model::Init::Preset).iter().map(|x| x + 0.01).collect();
    Pretrained { model, params: Arc::new(params), words, begin: Some(256) }.files().unwrap()
}

#[test]
fn a_folder_comes_back_bit_for_bit_in_every_style() {
    for style in [Style::Modern, Style::Gpt2, Style::Nanochat] {
        let run = trained(style, 6);
        let out = Pretrained::of_run(&run).unwrap();
        let back = Pretrained::read_zip(&out.zip().unwrap()).unwrap();
        assert_eq!(back.config(), run.session.model().config());
        let bits = |x: &[f32]| x.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(back.params()), bits(run.session.shown_params()));
        assert_eq!(back.files().unwrap(), out.files().unwrap());
        let own = continuation(run.generator("the cat", greedy(), None).unwrap());
        assert_eq!(continuation(back.generator("the cat", greedy()).unwrap()), own);
        assert_eq!(Pretrained::of_checkpoint(&run.save().unwrap()).unwrap().files().unwrap(), out.files().unwrap());
    }
}

#[test]
fn an_own_folder_opens_as_a_run_with_the_same_ids_and_weights() {
    for style in [Style::Modern, Style::Gpt2, Style::Nanochat] {
        let run = trained(style, 6);
        let folder = Pretrained::read(&Pretrained::of_run(&run).unwrap().files().unwrap()).unwrap();
        let file = folder.checkpoint(&own_settings(), TEXT.repeat(50).into_bytes(), &mut quiet()).unwrap();
        let mut again = Run::load(&file, &mut quiet()).unwrap();
        assert_eq!((again.step(), again.settings().style), (0, style));
        assert_eq!(again.session.shown_params(), run.session.shown_params());
        let own = continuation(run.generator("the cat", greedy(), None).unwrap());
        assert_eq!(continuation(again.generator("the cat", greedy(), None).unwrap()), own);
        while again.step() < 3 {
            again.advance().unwrap();
        }
        assert_ne!(again.session.shown_params(), run.session.shown_params());
    }
}

#[test]
fn a_foreign_folder_opens_as_a_run_that_says_and_sees_the_same_and_can_learn() {
    let files = foreign();
    let folder = Pretrained::read(&files).unwrap();
    let settings = RunSettings { corpus: CorpusName::StoriesEn, ..small() };
    let file = folder.checkpoint(&settings, vec![], &mut quiet()).unwrap();
    let mut run = Run::load(&file, &mut quiet()).unwrap();
    assert_eq!(run.tokenizer().special("<|end|>"), Some(run.tokenizer().vocab_size() as u32 - 4));
    let own = folder.words().tokenizer();
    for text in ["the cat saw", "a red hat \u{4f60}\u{597d}"] {
        assert_eq!(run.tokenizer().encode(text).len(), own.encode(text).len());
        let theirs = continuation(folder.generator(text, greedy()).unwrap());
        let ours = continuation(run.generator(text, greedy(), None).unwrap());
        let bytes = |words: &Tokenizer, ids: &[u32]| -> Vec<Vec<u8>> {
            ids.iter().map(|&id| words.token_bytes(id).unwrap_or_default().to_vec()).collect()
        };
        let known: Vec<u32> = theirs.iter().copied().filter(|&id| own.token_bytes(id).is_ok()).collect();
        let known_ours: Vec<u32> = ours.iter().copied().filter(|&id| !run.tokenizer().is_special(id)).collect();
        assert_eq!(bytes(own, &known), bytes(run.tokenizer(), &known_ours), "{text}");
        let seen = folder.inspect(&own.encode(text)).unwrap();
        assert_eq!(run.inspect(text, None).unwrap().0.attention, seen.attention);
    }
    while run.step() < 2 {
        run.advance().unwrap();
    }
    assert!(Opening::load(&run.save().unwrap()).is_ok());
}

#[test]
fn files_are_found_in_a_folder_of_a_folder_and_in_parts() {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for (name, bytes) in foreign() {
        files.push((format!("download/model/{name}"), bytes));
    }
    files.push(("download/model/fp16/config.json".into(), b"{}".to_vec()));
    files.push(("download/notes.txt".into(), vec![]));
    let whole = Pretrained::read(&files).unwrap();
    for (name, _) in &mut files {
        if name.ends_with("model.safetensors") {
            *name = "download/model/model-00001-of-00001.safetensors".into();
        }
    }
    assert_eq!(Pretrained::read(&files).unwrap().params(), whole.params());
}

/// The error of a foreign folder in which one file is another.
fn refused(name: &str, change: impl FnOnce(Vec<u8>) -> Option<Vec<u8>>) -> Error {
    let mut files = foreign();
    let at = files.iter().position(|(other, _)| other == name).unwrap();
    match change(core::mem::take(&mut files[at].1)) {
        Some(bytes) => files[at].1 = bytes,
        None => drop(files.remove(at)),
    }
    Pretrained::read(&files).err().unwrap()
}

fn replaced(bytes: Vec<u8>, from: &str, to: &str) -> Option<Vec<u8>> {
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains(from), "{from}");
    Some(text.replace(from, to).into_bytes())
}

#[test]
fn incomplete_and_contradictory_folders_are_refused_by_what_is_wrong() {
    for name in [CONFIG, WEIGHTS, TOKENIZER] {
        let error = refused(name, |_| None);
        assert!(matches!(&error, Error::Format { file: FOLDER, expected, .. } if expected.contains(name)), "{error}");
        assert_eq!(refused(name, |bytes| Some(bytes[..bytes.len() / 2].to_vec())).code(), "format", "{name}");
    }
    let wider = refused(CONFIG, |bytes| replaced(bytes, "\"hidden_size\": 16", "\"hidden_size\": 18"));
    assert_eq!(wider.code(), "unsupported", "head_dim disagrees: {wider}");
    let deeper = refused(CONFIG, |bytes| replaced(bytes, "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3"));
    assert!(deeper.to_string().contains("layers.2"), "{deeper}");
    let shallower = refused(CONFIG, |bytes| replaced(bytes, "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1"));
    assert!(shallower.to_string().contains("layers.1"), "{shallower}");
    let fewer = refused(CONFIG, |bytes| replaced(bytes, "\"vocab_size\": 284", "\"vocab_size\": 270"));
    assert!(fewer.to_string().contains("270"), "{fewer}");
    let none: [(&str, &[u8]); 0] = [];
    assert_eq!(Pretrained::read(&none).err().unwrap().code(), "format");
    let files = foreign();
    let twice = [files.clone(), files].concat();
    assert!(Pretrained::read(&twice).err().unwrap().to_string().contains("config.json twice"));
}

#[test]
fn sizes_that_do_not_fit_are_refused_with_both_numbers_before_the_weights_are_read() {
    let huge =
        refused(CONFIG, |bytes| replaced(bytes, "\"intermediate_size\": 40", "\"intermediate_size\": 900000000"));
    assert_eq!(huge.code(), "setting");
    let large = refused(CONFIG, |bytes| replaced(bytes, "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1000"));
    assert_eq!(large.code(), "format", "fits, but its tensors are not there: {large}");
    let long = refused(CONFIG, |bytes| {
        let long = replaced(bytes, "\"max_position_embeddings\": 24", "\"max_position_embeddings\": 1000000")?;
        replaced(long, "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1000")
    });
    assert!(
        matches!(long, Error::Memory { allowed_bytes: ALLOWED_BYTES, needed_bytes } if needed_bytes > ALLOWED_BYTES)
    );
}

#[test]
fn the_real_gpt2_may_be_read_and_its_training_is_refused_with_the_numbers() {
    let config = Config::gpt2(50_257, 1_024, 12, 12, 768);
    assert_eq!(config.parameter_count(), 124_439_808);
    assert!(config.reading_bytes() < ALLOWED_BYTES);
    // Its weights are no matter here, nor is its vocabulary, of which there is a part.
    let params = Arc::new(vec![0.0; config.parameter_count() as usize]);
    let words = Pretrained::read(&foreign()).unwrap().words;
    let model = Pretrained { model: Model::new(config).unwrap(), params, words, begin: Some(256) };
    let needed = model.config().memory_bytes(own_settings().training(model.config()).rows_per_shard());
    let error = model.checkpoint(&own_settings(), TEXT.repeat(40).into_bytes(), &mut quiet()).unwrap_err();
    assert_eq!(error, Error::Memory { needed_bytes: needed, allowed_bytes: ALLOWED_BYTES });
    assert!(model.generator("the", greedy()).is_ok());
}

#[test]
fn what_is_no_number_never_becomes_a_weight() {
    let nan = refused(WEIGHTS, |mut bytes| {
        let at = bytes.len() - 4;
        bytes[at..].copy_from_slice(&f32::NAN.to_le_bytes());
        Some(bytes)
    });
    assert!(nan.to_string().contains("finite"), "{nan}");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn a_changed_folder_is_read_or_refused(
        changes in proptest::collection::vec((0usize..1 << 20, proptest::prelude::any::<u8>()), 1..8), which in 0usize..3
    ) {
        let mut files = foreign();
        let bytes = &mut files[which].1;
        let length = if which == 1 { 2_000 } else { bytes.len() };
        for (at, byte) in changes {
            bytes[at % length] = byte;
        }
        if let Ok(read) = Pretrained::read(&files) {
            let _ = read.checkpoint(&own_settings(), TEXT.repeat(40).into_bytes(), &mut quiet());
        }
    }
}
