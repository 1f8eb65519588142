//! Files: walking, copying, and stamps that tell whether inputs have changed.

use crate::{Outcome, root};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// Every file below `folder`, in order.
pub fn walk(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))? {
        let path = entry.map_err(|e| e.to_string())?.path();
        if path.is_dir() {
            found.extend(walk(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// A number that changes with the content of the inputs (files, or folders with all below them) and with `also`.
pub fn fingerprint(inputs: &[&str], also: &str) -> Outcome<u64> {
    let mut hash = DefaultHasher::new();
    also.hash(&mut hash);
    for input in inputs {
        let path = root().join(input);
        let files = if path.is_dir() { walk(&path)? } else { vec![path] };
        for file in files {
            file.hash(&mut hash);
            fs::read(&file).map_err(|e| format!("{}: {e}", file.display()))?.hash(&mut hash);
        }
    }
    Ok(hash.finish())
}

/// Does `work` unless it was done for the same fingerprint and `output` is there.
pub fn unless_done(name: &str, fingerprint: u64, output: &Path, work: impl FnOnce() -> Outcome) -> Outcome {
    let stamp = root().join("target/xtask").join(name);
    let wanted = format!("{fingerprint:016x}");
    if output.exists() && fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    work()?;
    fs::create_dir_all(root().join("target/xtask")).map_err(|e| e.to_string())?;
    fs::write(&stamp, wanted).map_err(|e| format!("{}: {e}", stamp.display()))
}

/// Copies a file, making the folders above it.
pub fn copy(from: &Path, to: &Path) -> Outcome {
    let fail = |e: std::io::Error| format!("{} to {}: {e}", from.display(), to.display());
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(fail)?;
    }
    fs::copy(from, to).map_err(fail)?;
    Ok(())
}
