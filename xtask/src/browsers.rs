//! The two browsers of the tests.

use crate::command::{find, program};
use crate::log::Log;
use anyhow::{Result, bail};
use std::env;
use std::path::Path;

/// Name in `GLASSGPT_BROWSERS`, Debian's package, programs that will do, variable that names another program.
/// `tests/browser/harness.js` looks for the same.
const BROWSERS: [(&str, &str, &[&str], &str); 2] = [
    ("chromium", "chromium", &["chromium", "chromium-browser", "google-chrome"], "GLASSGPT_CHROMIUM"),
    ("firefox", "firefox-esr", &["firefox-esr", "firefox"], "GLASSGPT_FIREFOX"),
];

/// Makes sure that the browsers asked for are there; installs Debian's where this process may.
pub fn ensure(log: &mut Log) -> Result<()> {
    let wanted = env::var("GLASSGPT_BROWSERS").unwrap_or_else(|_| "chromium,firefox".into());
    let mut missing = Vec::new();
    for (name, package, programs, variable) in BROWSERS {
        let there = env::var_os(variable).is_some_and(|path| Path::new(&path).is_file());
        if wanted.split(',').any(|want| want.trim() == name) && !there && !programs.iter().any(|p| find(p).is_some()) {
            missing.push(package);
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if !may_install() {
        bail!(
            "the browser tests need {list}. Install it (Debian: `sudo apt-get install {list}`), name another program in \
             GLASSGPT_CHROMIUM or GLASSGPT_FIREFOX, or leave a browser out: GLASSGPT_BROWSERS=chromium"
        );
    }
    println!("installing {list}");
    let apt = |args: &[&str]| {
        let mut command = program("apt-get", args);
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    log.run(&mut apt(&["update", "-q"]))?;
    log.run(&mut apt(&[&["install", "-y", "-q", "--no-install-recommends"][..], &missing].concat()))
}

/// Only root may, and only where there is apt-get.
fn may_install() -> bool {
    let id = program("id", &["-u"]).output();
    find("apt-get").is_some() && id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
