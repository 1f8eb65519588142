//! WebAssembly, its bindings, and the folder to upload.

use crate::files::{self, copy, walk};
use crate::{Outcome, process, root, vendor};
use std::fs;
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;

/// What the engine is made from.
const SOURCES: [&str; 4] = ["src", "Cargo.toml", "Cargo.lock", "rust-toolchain.toml"];
/// Builds of one source: folder, and what the compiler may use.
const BUILDS: [(&str, &str); 2] = [("scalar", ""), ("simd", "-Ctarget-feature=+simd128")];

/// Everything that `www/` needs beside its sources.
pub fn all() -> Outcome {
    vendor::all()?;
    let sources = files::fingerprint(&SOURCES, "page")?;
    let id = format!("{sources:016x}");
    for (name, flags) in BUILDS {
        let folder = root().join("www/pkg").join(name);
        files::unless_done(&format!("wasm-{name}"), sources, &folder, || {
            let wasm = compile("glassgpt", name, flags, &["--features", "wasm"], &id)?;
            bind(&wasm, "glassgpt", &folder)
        })?;
    }
    let build = root().join("www/pkg/build.js");
    let text = format!(
        "/** Identifies the engine's sources: page and engine of different builds refuse each other. */\nexport const BUILD_ID = '{id}';\n"
    );
    if fs::read_to_string(&build).is_ok_and(|found| found == text) {
        return Ok(());
    }
    fs::write(&build, text).map_err(|e| format!("{}: {e}", build.display()))
}

/// Golden checks as WebAssembly, for the browsers.
pub fn golden() -> Outcome {
    let sources = files::fingerprint(&[&SOURCES[..], &["tests/golden"]].concat(), "golden")?;
    for (name, flags) in BUILDS {
        let folder = root().join("target/golden-web").join(name);
        files::unless_done(&format!("golden-{name}"), sources, &folder, || {
            let wasm = compile("glassgpt-golden", name, flags, &[], "golden")?;
            bind(&wasm, "golden", &folder)
        })?;
    }
    Ok(())
}

/// Compiles a package's library; each set of flags has a target folder of its own.
fn compile(package: &str, name: &str, flags: &str, arguments: &[&str], id: &str) -> Outcome<PathBuf> {
    let target = format!("target/wasm-{name}");
    let fixed = ["build", "--lib", "--release", "--target", "wasm32-unknown-unknown", "--target-dir", &target];
    let all = [&fixed[..], &["--package", package], arguments].concat();
    process::run_with("cargo", &all, &[("RUSTFLAGS", flags), ("GLASSGPT_BUILD_ID", id)])?;
    let file = format!("wasm32-unknown-unknown/release/{}.wasm", package.replace('-', "_"));
    Ok(root().join(target).join(file))
}

fn bind(wasm: &Path, name: &str, folder: &Path) -> Outcome {
    let fail = |e: &dyn std::fmt::Display| format!("bindings of {}: {e}", wasm.display());
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).out_name(name).typescript(true);
    bindgen.web(true).map_err(|e| fail(&e))?;
    bindgen.generate(folder).map_err(|e| fail(&e))
}

/// `dist/`: the page without what only tools read.
pub fn dist() -> Outcome {
    let (www, dist) = (root().join("www"), root().join("dist"));
    if dist.exists() {
        fs::remove_dir_all(&dist).map_err(|e| format!("dist/: {e}"))?;
    }
    for file in walk(&www)? {
        if file.to_string_lossy().ends_with(".d.ts") {
            continue;
        }
        let relative = file.strip_prefix(&www).map_err(|e| e.to_string())?;
        copy(&file, &dist.join(relative))?;
    }
    println!("dist/ is ready: upload it to any static host, under any path.");
    Ok(())
}
