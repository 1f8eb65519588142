//! The published vocabularies for the page, made by the program in `xtask/vocabularies`.

use crate::command::{cargo, run};
use crate::files::{Fingerprint, Stamp, root, write};
use anyhow::{Context, Result};
use std::fmt::Write as _;
use std::fs;

/// Where the page finds them.
const PAGE: &str = "vendor/vocabularies";
/// Rank files as OpenAI publishes them, for comparisons with other programs; relative to the project.
pub const RANKS: &str = "target/vocabularies";
const NAMES: [&str; 3] = ["gpt2", "cl100k", "o200k"];
/// What decides the files. The tokens themselves are pinned by their digests.
const SOURCES: [&str; 2] = ["xtask/vocabularies", "src/tokenizer/published.rs"];

/// Makes the files where their sources changed, and `pkg/vocabularies.js` with what the page must know of them.
pub fn build() -> Result<()> {
    let mut inputs = Fingerprint::default();
    for source in SOURCES {
        inputs.add_path(&root(), source)?;
    }
    let (page, ranks) = (root().join("www").join(PAGE), root().join(RANKS));
    let stamp = Stamp::new(page.join(".stamp"), inputs.finish());
    let there = NAMES.iter().all(|name| ranks.join(format!("{name}.tiktoken")).is_file());
    if !stamp.is_fresh() || !there {
        println!("making the published vocabularies");
        let what = ["run", "--quiet", "--release", "--package", "glassgpt-vocabularies", "--"];
        run(cargo(&what).args([&page, &ranks]))?;
        stamp.set()?;
    }
    let mut module = String::from(
        "/** Published vocabularies: where their compressed files lie, relative to this module, and how many bytes they have. */\n\
         export const VOCABULARIES = {\n",
    );
    for name in NAMES {
        let file = format!("{PAGE}/{name}.vocabulary");
        let bytes = fs::metadata(root().join("www").join(&file)).with_context(|| file.clone())?.len();
        writeln!(module, "  {name}: {{ path: '../{file}', bytes: {bytes} }},")?;
    }
    module += "};\n";
    write(&root().join("www/pkg/vocabularies.js"), module.as_bytes())
}

/// Whether a file of the page is fetched only when somebody asks for it, or when everything else is kept for use offline.
pub fn is_lazy(path: &str) -> bool {
    path.starts_with(PAGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_vocabularies_are_lazy() {
        assert!(is_lazy("vendor/vocabularies/gpt2.vocabulary"));
        assert!(!is_lazy("vendor/corpora/names.txt"));
    }
}
