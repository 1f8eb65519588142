//! Files that mean harm, or are broken: what fuzzing has found worth keeping is read again, and so are valid files with
//! cuts and wrong bytes. Each reader gives an error or something that keeps its promises; nothing panics.

#[path = "../fuzz/files.rs"]
mod files;
#[path = "../fuzz/judge.rs"]
mod judge;

use glassgpt::rng::{Purpose, Rng};
use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// What must hold of a file; true if it is accepted.
type Judge = fn(&[u8]) -> bool;

/// By name: the folder in `fuzz/corpus`, and its judge.
const READERS: [(&str, Judge); 4] = [
    ("safetensors", judge::safetensors),
    ("tokenizer_json", judge::tokenizer_json),
    ("checkpoint", judge::checkpoint),
    ("folder", judge::folder),
];

/// Whether a file is accepted; which file it was stands in the message if that panics.
fn judged(reader: Judge, bytes: &[u8], what: &str) -> bool {
    catch_unwind(AssertUnwindSafe(|| reader(bytes))).unwrap_or_else(|_| panic!("{what} breaks its reader"))
}

#[test]
fn every_file_that_fuzzing_kept_gives_an_error_or_something_whole() {
    let mut all = 0;
    for (name, reader) in READERS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
        let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let accepted =
            files.iter().filter(|path| judged(reader, &fs::read(path).unwrap(), &path.display().to_string())).count();
        assert!(files.len() >= 40, "{name}: only {} files", files.len());
        assert!(accepted < files.len(), "{name}: all of {accepted} accepted");
        all += accepted;
    }
    // Whole models are too large to be kept; small tensors and vocabularies are there.
    assert!(all >= 3, "{all} accepted");
}

#[test]
fn a_valid_file_is_accepted_and_cuts_and_wrong_bytes_break_nothing() {
    let readers = BTreeMap::from(READERS);
    let mut rng = Rng::new(1, Purpose::Test, 0);
    for (target, name, whole) in files::all() {
        let reader = readers[target];
        // A list of ranks needs all bytes; this one is a beginning.
        assert_eq!(judged(reader, &whole, name), name != "ranks", "{target} {name}");
        for round in 0..300 {
            let mut bytes = whole.clone();
            // Most of what a reader decides on stands at the beginning; of a .zip, at the end.
            let most = if round % 2 == 0 { whole.len() } else { whole.len().min(2_000) };
            let mut place = || {
                let at = rng.below(most);
                if target == "folder" && round % 2 == 1 { whole.len() - 1 - at } else { at }
            };
            if round % 5 == 0 {
                bytes.truncate(place());
            } else {
                let (at, step) = (place(), place());
                bytes[at] = [0, 1, 0x7f, 0xff, b'"', b'9', bytes[step]][round % 7];
            }
            judged(reader, &bytes, &format!("{target} {name}, change {round}"));
        }
    }
}
