//! `cargo xtask test`: every check and test there is, in order, with a summary.

use crate::command::{cargo, npm_program, program};
use crate::files::{root, walk};
use crate::log::Log;
use crate::tally::Tally;
use crate::{browsers, determinism, hot, site, vendor, wasm};
use anyhow::{Result, bail};
use std::env;
use std::time::Instant;

/// Variable that chooses browsers; without it both are tested side by side.
const BROWSERS: &str = "GLASSGPT_BROWSERS";

/// Name, and what to do.
type Step = (&'static str, fn(&mut Log) -> Result<()>);

/// In this order: what fails fast first, what others need before them.
const STEPS: &[Step] = &[
    ("format of Rust", |log| log.run(&mut cargo(&["fmt", "--all", "--check"]))),
    ("lints of Rust", |log| log.run(&mut cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))),
    ("lints of the bindings", bindings),
    ("core without std", |log| {
        // Only checked, so that its packages need no optimization.
        let what = ["rustc", "--lib", "--crate-type", "rlib", "--no-default-features", "--target", wasm::CORE_TARGET];
        let plain = ["--config", "profile.dev.opt-level=0", "--", "--emit=metadata"];
        log.run(cargo(&what).args(plain))
    }),
    ("tests of Rust", |log| log.run(&mut cargo(&["test", "--workspace", "--no-fail-fast"]))),
    ("documentation of Rust", |log| {
        log.run(cargo(&["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
    }),
    ("npm packages", |_| vendor::install()),
    ("format and lints of the page", |log| {
        log.run(&mut npm_program("biome", &["ci", "--colors=off", "--error-on-warnings", "--max-diagnostics=200"]))
    }),
    ("build", |_| site::build().map(drop)),
    ("hot loops of the engine", |log| {
        wasm::ENGINE.with_vectors().iter().try_for_each(|module| log.say(&hot::check(module)?))
    }),
    ("types of the page", |log| log.run(&mut npm_program("tsc", &["--project", ".", "--pretty", "false"]))),
    ("tests of the page's modules", |log| node(log, false)),
    ("golden checks for browsers", |_| wasm::GOLDEN.build().map(drop)),
    ("speed in ratios", |log| log.run(&mut program("node", &["tests/browser/speed-gate.js"]))),
    ("browsers", browsers::ensure),
    ("same weights everywhere", |log| determinism::check(log, &determinism::SHORT)),
    ("tests in browsers", |log| node(log, true)),
];

/// Runs the steps whose names contain `filter`, whatever fails; ends with the line `N passed, N failed`.
pub fn test(filter: &str) -> Result<()> {
    let start = Instant::now();
    let mut sum = Tally::default();
    let mut broken = Vec::new();
    for (number, (name, step)) in STEPS.iter().enumerate().filter(|(_, (name, _))| name.contains(filter)) {
        println!("── {name}");
        let begin = Instant::now();
        let file = format!("target/xtask-test/{:02}-{}.log", number + 1, name.replace([' ', '\''], "-"));
        let mut log = Log::new(root().join(file))?;
        let outcome = step(&mut log);
        let tally = Tally::of_step(&log.text(), outcome.is_ok());
        if let Err(error) = &outcome {
            println!("{}\n{error:#}", log.tail());
            broken.push(*name);
        }
        let word = if outcome.is_ok() { "passed" } else { "FAILED" };
        let counts = if tally.passed + tally.failed > 1 {
            format!(" ({} tests)", tally.passed + tally.failed)
        } else {
            String::new()
        };
        println!("   {name}: {word}{counts} in {:.1} s", begin.elapsed().as_secs_f64());
        sum.add(tally);
    }
    println!("\n{:.0} s in all", start.elapsed().as_secs_f64());
    if !broken.is_empty() {
        println!("failed: {}", broken.join(", "));
    }
    println!("{} passed, {} failed", sum.passed, sum.failed);
    if sum.failed > 0 || sum.passed == 0 {
        bail!("not everything passes");
    }
    Ok(())
}

fn bindings(log: &mut Log) -> Result<()> {
    wasm::ensure_target()?;
    let every =
        ["clippy", "--package", "glassgpt", "--features", "wasm,wasm-bench,wasm-files,wasm-lessons,wasm-tokenizer"];
    log.run(cargo(&every).args(["--lib", "--target", wasm::TARGET, "--", "-D", "warnings"]))?;
    let golden = ["clippy", "--package", "glassgpt-golden", "--lib", "--target", wasm::TARGET];
    log.run(cargo(&golden).args(["--", "-D", "warnings"]))
}

/// Test files of JavaScript: those in `tests/browser` need built files and browsers, the others only node.
fn node(log: &mut Log, in_browsers: bool) -> Result<()> {
    let files: Vec<String> = walk(&root().join("tests"))?
        .into_iter()
        .filter(|file| file.ends_with(".test.js") && file.starts_with("browser/") == in_browsers)
        .map(|file| format!("tests/{file}"))
        .collect();
    if files.is_empty() {
        bail!("there is no test of this kind");
    }
    // One file at a time in each browser: more would take time from each other's deadlines.
    let run = |browser: &str| {
        let mut command =
            program("node", &["--test", "--test-reporter=spec", "--test-concurrency=1", "--test-timeout=900000"]);
        command.args(&files).env("NO_COLOR", "1").env(BROWSERS, browser);
        command
    };
    match env::var(BROWSERS) {
        _ if !in_browsers => log.run(&mut run("")),
        Ok(chosen) => log.run(&mut run(&chosen)),
        Err(_) => log.run_all(vec![run("chromium"), run("firefox")]),
    }
}
