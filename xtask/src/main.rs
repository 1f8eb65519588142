//! Everything that builds, serves and tests the project.

mod build;
mod check;
mod files;
mod process;
mod serve;
mod vendor;

use std::path::PathBuf;
use std::process::ExitCode;

/// A sentence that says what went wrong and what to do.
pub type Outcome<T = ()> = Result<T, String>;

const HELP: &str = "\
cargo xtask build          builds the page into dist/, ready for any static host
cargo xtask serve          builds, serves the page on 127.0.0.1:8080 or the next free port, and stays up
cargo xtask test           runs every check and test there is
cargo xtask bench          times the reference training step in headless Chromium";

/// The repository's root.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn main() -> ExitCode {
    let command = std::env::args().nth(1).unwrap_or_default();
    let outcome = match command.as_str() {
        "build" => build::all().and_then(|()| build::dist()),
        "serve" => build::all().and_then(|()| serve::run()),
        "test" => check::all(),
        "bench" => build::all().and_then(|()| process::run("node", &["tests/browser/bench.js"])),
        _ => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}
