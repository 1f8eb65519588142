//! A run that is saved to bytes, and goes on from them as if nothing had happened.

use glassgpt::formats::{Checkpoint, Contents};
use glassgpt::model::{ALLOWED_BYTES, Config};
use glassgpt::rng::{Purpose, Rng};
use glassgpt::train::{Optimizer, Schedule, Session, Settings, Split, State};
use glassgpt::{Error, Result};

fn split(seed: u64) -> Split {
    let mut rng = Rng::new(seed, Purpose::Test, 0);
    let mut ids = |n| (0..n).map(|_| rng.below(9) as u32).collect::<Vec<_>>();
    Split { train: ids(400), validation: ids(60), validation_bytes: 90 }
}

fn session(settings: Settings) -> Session {
    Session::new(Config::modern(9, 10, 2, 2, 16), settings, split(1)).unwrap()
}

fn save(session: &Session) -> Vec<u8> {
    let state = session.snapshot();
    let (json, tensors) = state.to_parts().unwrap();
    Contents { state: &json, session: "{\"samples\":[]}", tensors: &tensors, corpus: b"" }.write()
}

fn load(bytes: &[u8], split: Split) -> Result<Session> {
    let file = Checkpoint::read(bytes)?;
    let state = State::from_parts(&file.state, |name| file.tensor(name), ALLOWED_BYTES)?;
    Session::restore(state, split)
}

fn steps(session: &mut Session, count: usize) {
    for _ in 0..count {
        session.step().unwrap();
    }
}

#[test]
fn a_run_that_goes_on_from_its_file_ends_in_the_same_file() {
    let adamw = Settings { batch: 4, shards: 2, steps: 30, warmup: 4, ..Settings::default() };
    let lion = Settings {
        optimizer: Optimizer::Lion,
        schedule: Schedule::Cosine { min: 0.1 },
        learning_rate: 7e-4,
        average: false,
        accumulation: 2,
        ..adamw.clone()
    };
    for settings in [adamw, lion] {
        let mut whole = session(settings.clone());
        steps(&mut whole, 16);
        for step in [0, 1, 5, 13] {
            let mut first = session(settings.clone());
            steps(&mut first, step);
            let mut resumed = load(&save(&first), split(1)).unwrap();
            assert_eq!(save(&resumed), save(&first));
            steps(&mut resumed, 16 - step);
            assert_eq!(save(&resumed), save(&whole), "interrupted at step {step}");
            assert_eq!(resumed.evaluate(), whole.evaluate());
        }
    }
}

#[test]
fn a_file_resumes_on_its_own_text_only() {
    let mut run = session(Settings { batch: 2, ..Settings::default() });
    steps(&mut run, 2);
    assert_eq!(load(&save(&run), split(2)).err(), Some(Error::OtherCorpus));
    assert_eq!(load(&save(&run), split(1)).unwrap().steps_done(), 2);
}

#[test]
fn a_damaged_file_is_refused_wherever_the_damage_is() {
    let run = session(Settings { batch: 2, ..Settings::default() });
    let good = save(&run);
    // Every bit of small files is tried beside the format; here one bit of every 97th byte of a real one, and cuts.
    for at in (0..good.len()).step_by(97) {
        let mut bad = good.clone();
        bad[at] ^= 1 << (at % 8);
        assert!(load(&bad, split(1)).is_err(), "bit {} of byte {at}", at % 8);
        assert!(load(&good[..at], split(1)).is_err(), "cut to {at} bytes");
    }
}

#[test]
fn the_weights_can_be_read_by_any_reader_of_safetensors() {
    let run = session(Settings { batch: 2, ..Settings::default() });
    let bytes = save(&run);
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    for tensor in run.model().table().tensors() {
        let view = file.tensor(&tensor.name).unwrap();
        assert_eq!(view.shape(), tensor.shape);
        let bytes: Vec<u8> = run.shown_params()[tensor.range()].iter().flat_map(|v| v.to_le_bytes()).collect();
        assert_eq!(view.data(), bytes, "{}: at step 0 the average is the weights", tensor.name);
    }
}
