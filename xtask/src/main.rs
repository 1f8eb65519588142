//! Everything that builds, serves and tests the project: `cargo xtask build | serve | test | bench`.

use std::process::{Command, ExitCode};

/// Runs a command and tells whether it succeeded.
fn run(program: &str, args: &[&str]) -> bool {
    println!("$ {program} {}", args.join(" "));
    Command::new(program).args(args).status().is_ok_and(|status| status.success())
}

/// Format, lints, the `no_std` proof and every Rust test.
fn test() -> ExitCode {
    let steps: &[&[&str]] = &[
        &["fmt", "--check"],
        &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"],
        &["rustc", "--lib", "--crate-type", "rlib", "--target", "wasm32v1-none", "--no-default-features"],
        &["test", "--workspace"],
    ];
    let failed = steps.iter().filter(|step| !run("cargo", step)).count();
    println!("{} passed, {failed} failed", steps.len() - failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("test") => test(),
        other => {
            eprintln!("expected `cargo xtask test`, found {other:?}");
            ExitCode::FAILURE
        }
    }
}
