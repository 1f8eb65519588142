//! Runs every golden check natively, over `tests/fixtures/` or the folder that `GLASSGPT_FIXTURES` names.
//!
//! Over the project's own fixtures the result is also `docs/parity.md`, word for word: `GLASSGPT_WRITE=1` writes it anew.

use glassgpt_golden::{Fixtures, KINDS};
use std::fmt::Write;
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
    let mut parity = String::from(PARITY);
    for (kind, checks) in KINDS {
        let results = checks(&fixtures);
        // The project's own fixtures hold every kind; a folder given from outside may hold some.
        assert!(given.is_some() || !results.is_empty(), "no golden file of kind {kind}");
        writeln!(parity, "\n## {kind}\n\n| data | result |\n|---|---|").expect("a string takes it");
        for (file, check) in results {
            checked += 1;
            match check {
                Ok(figure) => {
                    let name = file.trim_start_matches("golden/").trim_end_matches(".json");
                    writeln!(parity, "| {name} | {figure} |").expect("a string takes it");
                }
                Err(reason) => failed.push(format!("{kind}: {file}: {reason}")),
            }
        }
    }
    assert!(checked > 0, "{} holds no golden file", root.display());
    assert!(failed.is_empty(), "{} of {checked} files fail:\n{}", failed.len(), failed.join("\n"));
    if given.is_none() {
        same(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/parity.md"), &parity);
    }
}

const PARITY: &str = "# Parity with PyTorch

What this engine computes beside the golden data in `tests/fixtures/`: results of PyTorch 2.15 and transformers 5.24 in f64
(the truth t) and in f32 (s). A value x passes if |x - t| <= 2e-6 max|t| + 8 max|s - t| + 1e-7, the maxima over the tensor
(models), the row (kernels) or the element (optimizers). \"Worst\" is the largest share of that tolerance that any value of a
file uses, and where: 1.00 would just pass. Another order of the same f32 sums uses up to 0.6.

Written by `GLASSGPT_WRITE=1 cargo test -p glassgpt-golden`; every run of the tests compares it with what it computes.
";

/// The page says what was computed just now. Where it is only written, nothing is compared.
fn same(page: &Path, computed: &str) {
    if std::env::var_os("GLASSGPT_WRITE").is_some() {
        return std::fs::write(page, computed).expect("docs/ can be written");
    }
    let written = std::fs::read_to_string(page).unwrap_or_default();
    let differs = written.lines().zip(computed.lines()).find(|(a, b)| a != b);
    assert!(
        written == computed,
        "docs/parity.md is not what was computed ({differs:?}); look at it, then GLASSGPT_WRITE=1 writes it anew"
    );
}
