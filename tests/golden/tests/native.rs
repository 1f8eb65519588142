//! Runs every golden check natively, over `tests/fixtures/` or the folder that `GLASSGPT_FIXTURES` names.

use glassgpt_golden::{Fixtures, KINDS};
use std::path::{Path, PathBuf};

fn read(root: &Path, folder: &Path, fixtures: &mut Fixtures) {
    for entry in std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            read(root, &path, fixtures);
        } else {
            let relative = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
            fixtures.files.insert(relative, std::fs::read(&path).expect("a readable file"));
        }
    }
}

#[test]
fn engine_agrees_with_the_golden_data() {
    let given = std::env::var_os("GLASSGPT_FIXTURES").map(PathBuf::from);
    let root = given.clone().unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures"));
    let mut fixtures = Fixtures::default();
    read(&root, &root, &mut fixtures);
    let (mut checked, mut failed) = (0, Vec::new());
    for (kind, checks) in KINDS {
        let results = checks(&fixtures);
        // The project's own fixtures hold every kind; a folder given from outside may hold some.
        assert!(given.is_some() || !results.is_empty(), "no golden file of kind {kind}");
        for (file, check) in results {
            checked += 1;
            match check {
                Ok(figure) => println!("{kind}: {file}: {figure}"),
                Err(reason) => failed.push(format!("{kind}: {file}: {reason}")),
            }
        }
    }
    assert!(checked > 0, "{} holds no golden file", root.display());
    assert!(failed.is_empty(), "{} of {checked} files fail:\n{}", failed.len(), failed.join("\n"));
}
