//! Everything that builds, serves, tests and measures the project: `cargo xtask build | serve | test | bench …`.

mod browsers;
mod command;
mod determinism;
mod files;
mod hot;
mod http;
mod log;
mod serve;
mod site;
mod tally;
mod test;
mod vendor;
mod vocabularies;
mod wasm;

use anyhow::{Result, bail};
use std::process::ExitCode;

const USAGE: &str = "usage:
  cargo xtask build           the page in www/, and dist/ to upload to any static host
  cargo xtask build tokenizer the module of the tokenizer alone, in www/pkg/tokenizer/
  cargo xtask build lessons   the module of the later chapters alone, in www/pkg/lessons/
  cargo xtask serve [--dist]  builds and serves on 127.0.0.1 (port 8080 or the next free one)
  cargo xtask test [NAME]     every check and test there is, or the steps whose names contain NAME
  cargo xtask determinism     one result of training natively, in browsers, with any number of workers
  cargo xtask bench           all that follows, in Chromium, and docs/performance.md from it
  cargo xtask bench engine    kernels, training steps and generation, by build
  cargo xtask bench workers   training steps by one worker and by two
  cargo xtask bench page      starting the engine, and what asking it costs
  cargo xtask bench tokenizer speed of the tokenizer beside npm packages
  cargo xtask bench quality --corpus FILE [--target NATS]   seconds until three recipes reach a loss on a text
  cargo xtask bench teaching [--lang en|zh] [--seeds N] [--first N] [--short] [--questions N] [--answers N]
                              from a predictor to an assistant with tools: what each stage learns
  cargo xtask screenshots     pictures of the main screens, in docs/screenshots/
  cargo xtask clean           throws away what builds left in www/ and dist/";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[&str]) -> Result<()> {
    match arguments {
        ["build"] => {
            let dist = site::build()?;
            println!("{} is ready to upload", dist.display());
            Ok(())
        }
        ["test"] => test::test(""),
        ["test", filter] => test::test(filter),
        ["determinism"] => determinism::whole(),
        ["bench"] => bench(&["engine", "workers", "page", "tokenizer"]),
        ["bench", name @ ("engine" | "workers" | "page" | "tokenizer")] => bench(&[name]),
        ["bench", name @ ("quality" | "teaching"), given @ ..] => {
            let cargo = ["bench", "--quiet", "--package", "glassgpt", "--bench", name, "--"];
            command::run(command::program("cargo", &cargo).args(given))
        }
        ["build", "tokenizer"] => site::build_module(&wasm::TOKENIZER),
        ["build", "lessons"] => site::build_module(&wasm::LESSONS),
        ["build", "golden"] => wasm::GOLDEN.build().map(drop),
        ["serve"] => serve::serve(false),
        ["serve", "--dist"] => serve::serve(true),
        ["screenshots"] => screenshots(),
        ["clean"] => site::clean(),
        _ => bail!("{USAGE}"),
    }
}

/// Pictures for the documentation, of models that are trained for them: minutes.
fn screenshots() -> Result<()> {
    site::build_page()?;
    browsers::ensure(&mut log::Log::new(files::root().join("target/xtask-test/browsers.log"))?)?;
    command::run(command::program("node", &[]).arg("tests/browser/screenshots.js"))
}

/// Runs scripts of `tests/browser/` that measure the page's own parts. Each leaves its tables in `target/bench/`; when all
/// have run, they become a page of the documentation. A limit that is missed fails the command, after that.
fn bench(names: &[&str]) -> Result<()> {
    site::build_page()?;
    wasm::BENCH.build()?;
    browsers::ensure(&mut log::Log::new(files::root().join("target/xtask-test/browsers.log"))?)?;
    let node = |script: &str| command::run(command::program("node", &[]).arg(format!("tests/browser/{script}.js")));
    let outcomes: Vec<Result<()>> = names.iter().map(|name| node(&format!("bench-{name}"))).collect();
    if names.len() > 1 {
        node("bench-document")?;
    }
    outcomes.into_iter().collect()
}
