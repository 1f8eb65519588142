//! Every check and test there is, in order, with a summary.

use crate::process::{exists, run, run_with};
use crate::{Outcome, build, vendor};
use std::time::Instant;

type Step = (&'static str, fn() -> Outcome);

const WASM: &str = "wasm32-unknown-unknown";
const STEPS: [Step; 13] = [
    ("format of Rust", || run("cargo", &["fmt", "--all", "--check"])),
    ("lints of Rust", || run("cargo", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])),
    ("lints of the bindings", || {
        run("cargo", &["clippy", "--lib", "--features", "wasm", "--target", WASM, "--", "-D", "warnings"])
    }),
    ("core without std", || {
        let fixed = ["rustc", "--lib", "--crate-type", "rlib", "--target", "wasm32v1-none", "--no-default-features"];
        run("cargo", &fixed)
    }),
    ("tests of Rust, golden data included", || run("cargo", &["test", "--workspace"])),
    ("documentation of Rust", || run_with("cargo", &["doc", "--no-deps"], &[("RUSTDOCFLAGS", "-D warnings")])),
    ("npm packages", vendor::install),
    ("format and lints of the page", || run("node_modules/.bin/biome", &["ci", "--error-on-warnings"])),
    ("build", build::all),
    ("types of the page", || run("node_modules/.bin/tsc", &["--project", "."])),
    ("tests of the page's modules", || run("node", &["--test", "tests/page/"])),
    ("browsers", browsers),
    ("tests in browsers", || {
        build::golden()?;
        build::dist()?;
        run("node", &["--test", "--test-concurrency=1", "tests/browser/"])
    }),
];

/// Runs every step, whatever fails, and says which did.
pub fn all() -> Outcome {
    let mut failed = Vec::new();
    for (name, step) in STEPS {
        println!("\n== {name}");
        let start = Instant::now();
        let outcome = step();
        println!(
            "== {name}: {} in {:.0} s",
            if outcome.is_ok() { "passed" } else { "FAILED" },
            start.elapsed().as_secs_f32()
        );
        if let Err(reason) = outcome {
            eprintln!("{reason}");
            failed.push(name);
        }
    }
    println!("\n{} passed, {} failed", STEPS.len() - failed.len(), failed.len());
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
}

/// Makes sure that both browsers are here.
fn browsers() -> Outcome {
    let missing: Vec<&str> = ["chromium", "firefox-esr"].into_iter().filter(|b| !exists(b)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let hint = format!("The tests need {}. Install them: apt-get install {0}", missing.join(" "));
    if !exists("apt-get") {
        return Err(hint);
    }
    println!("Installing {}", missing.join(" and "));
    let environment = [("DEBIAN_FRONTEND", "noninteractive")];
    run_with("apt-get", &["update", "-qq"], &environment)
        .and_then(|()| {
            let fixed = ["install", "-y", "-qq", "--no-install-recommends"];
            run_with("apt-get", &[&fixed[..], &missing, &["fonts-noto-cjk"]].concat(), &environment)
        })
        .map_err(|reason| format!("{reason}\n{hint}"))
}
