//! Output of a step, kept in a file and shown only if the step fails.

use crate::command::line;
use anyhow::{Context, Result, bail};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::thread;

/// Longest piece of a log that is shown, in lines from its end.
const SHOWN_LINES: usize = 600;

/// The file of one step.
pub struct Log {
    path: PathBuf,
}

impl Log {
    /// An empty log.
    pub fn new(path: PathBuf) -> Result<Self> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        File::create(&path).with_context(|| format!("creating {}", path.display()))?;
        Ok(Self { path })
    }

    /// Runs a command, both its outputs going to the log.
    pub fn run(&mut self, command: &mut Command) -> Result<()> {
        let mut file = OpenOptions::new().append(true).open(&self.path)?;
        writeln!(file, "$ {}", line(command))?;
        let status = command
            .stdout(file.try_clone()?)
            .stderr(file)
            .status()
            .with_context(|| format!("starting `{}`", line(command)))?;
        if !status.success() {
            bail!("`{}` failed: {status}", line(command));
        }
        Ok(())
    }

    /// Adds a line.
    pub fn say(&mut self, line: &str) -> Result<()> {
        writeln!(OpenOptions::new().append(true).open(&self.path)?, "{line}")?;
        Ok(())
    }

    /// Runs commands side by side; their outputs go to the log one after the other.
    pub fn run_all(&mut self, commands: Vec<Command>) -> Result<()> {
        let outcomes: Vec<Result<(String, Result<()>)>> = thread::scope(|scope| {
            let runs: Vec<_> = commands
                .into_iter()
                .enumerate()
                .map(|(number, mut command)| {
                    let path = self.path.with_extension(format!("{}.log", number + 1));
                    scope.spawn(move || {
                        let mut log = Self::new(path)?;
                        let outcome = log.run(&mut command);
                        Ok((log.text(), outcome))
                    })
                })
                .collect();
            runs.into_iter().map(|run| run.join().unwrap_or_else(|_| bail!("a run could not be followed"))).collect()
        });
        let mut all = Ok(());
        for outcome in outcomes {
            let (text, outcome) = outcome?;
            OpenOptions::new().append(true).open(&self.path)?.write_all(text.as_bytes())?;
            all = all.and(outcome);
        }
        all
    }

    /// All of it.
    pub fn text(&self) -> String {
        fs::read(&self.path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// The end of it, for a person.
    pub fn tail(&self) -> String {
        let text = self.text();
        let lines: Vec<&str> = text.lines().collect();
        let first = lines.len().saturating_sub(SHOWN_LINES);
        let cut =
            if first > 0 { format!("… {first} lines more in {}\n", self.path.display()) } else { String::new() };
        cut + &lines[first..].join("\n")
    }
}
