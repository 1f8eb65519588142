//! `cargo xtask determinism`: the same weights natively and in browsers, with and without SIMD, by any number of workers,
//! and across saving and loading.

use crate::command::{cargo, program};
use crate::files::root;
use crate::log::Log;
use crate::{browsers, site};
use anyhow::{Context, Result};

/// A run that takes milliseconds a step; rows that do not divide evenly among shards.
const SETTINGS: &str = r#"{"corpus":"stories-en","style":"modern","layers":2,"heads":2,"kvHeads":1,"width":48,"context":48,
"vocabulary":"bpe","vocabSize":512,"split":"digits","steps":500,"batch":7,"optimizer":"adamw","schedule":"isqrt",
"learningRate":0.004,"warmup":20,"weightDecay":0.1,"seed":1}"#;

/// How much is tried.
pub struct Extent {
    /// Steps of each run.
    pub steps: u32,
    /// Times that a run is saved, loaded and continued.
    pub reloads: u32,
}

/// What continuous integration tries.
pub const SHORT: Extent = Extent { steps: 40, reloads: 3 };
/// What `cargo xtask determinism` tries.
pub const WHOLE: Extent = Extent { steps: 500, reloads: 20 };

/// Builds what is needed and compares; the table of digests is printed.
pub fn whole() -> Result<()> {
    site::build_page()?;
    let mut log = Log::new(root().join("target/xtask-test/determinism.log"))?;
    browsers::ensure(&mut log)?;
    let outcome = check(&mut log, &WHOLE);
    print!("{}", log.text());
    outcome
}

/// Compares, with the page and the browsers there already.
pub fn check(log: &mut Log, Extent { steps, reloads }: &Extent) -> Result<()> {
    let folder = root().join("target/determinism");
    std::fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
    let (steps, reloads) = (steps.to_string(), reloads.to_string());
    let mut files = Vec::new();
    for (name, reloads) in [("native", "0"), ("native with reloads", &reloads)] {
        let file = folder.join(format!("{name}.safetensors")).display().to_string();
        let run = ["run", "--quiet", "--package", "glassgpt", "--example", "checkpoint", "--"];
        log.run(cargo(&run).args([SETTINGS, &steps, reloads, &file]))?;
        files.push(file);
    }
    log.run(program("node", &["tests/browser/determinism.js", SETTINGS, &steps, &reloads]).args(files))
}
