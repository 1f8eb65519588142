//! Other programs.

use crate::files::root;
use anyhow::{Context, Result, bail};
use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Variable that names a folder of golden data to use instead of `tests/fixtures`.
const FIXTURES: &str = "GLASSGPT_FIXTURES";

/// A program that will run in the project's folder, without input.
pub fn program(name: &str, args: &[&str]) -> Command {
    let mut command = Command::new(name);
    command.args(args).current_dir(root()).stdin(Stdio::null());
    // The folder is meant from where the person stands; tests run elsewhere.
    if let Some(folder) = env::var_os(FIXTURES).and_then(|folder| std::path::absolute(folder).ok()) {
        command.env(FIXTURES, folder);
    }
    command
}

/// The cargo that runs us.
pub fn cargo(args: &[&str]) -> Command {
    program(&env::var("CARGO").unwrap_or_else(|_| "cargo".into()), args)
}

/// A program of an npm package.
pub fn npm_program(name: &str, args: &[&str]) -> Command {
    program(&root().join("node_modules/.bin").join(name).to_string_lossy(), args)
}

/// How a command would be typed.
pub fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Runs a command; fails with its line unless it succeeds.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("starting `{}`", line(command)))?;
    if !status.success() {
        bail!("`{}` failed: {status}", line(command));
    }
    Ok(())
}

/// Where a program is, if it is on the path.
pub fn find(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(name)).find(|path| path.is_file())
}
