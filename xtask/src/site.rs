//! The page as a whole: generated files in `www/pkg`, the list of its files, and `dist/`.

use crate::command::{program, run};
use crate::files::{read, remove, root, sha256, walk, write};
use crate::{vendor, vocabularies, wasm};
use anyhow::{Context, Result};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use std::path::{Path, PathBuf};

/// Name of the list of files, relative to the page. The service worker keeps what it names for use offline.
pub const LIST: &str = "pkg/files.json";
/// Name of the script with the build's id.
const ID: &str = "pkg/build.js";

/// Everything the page needs in `www/`.
pub fn build_page() -> Result<PathBuf> {
    let www = root().join("www");
    vendor::build()?;
    vocabularies::build()?;
    let id = wasm::ENGINE.build()?;
    wasm::TOKENIZER.build()?;
    wasm::FILES.build()?;
    wasm::LESSONS.build()?;
    write(&www.join(ID), id_script(&id).as_bytes())?;
    write(&www.join(LIST), list(&www)?.as_bytes())?;
    Ok(www)
}

/// One module of the page alone. It gets the id of the page that is there, which refuses modules of another one; the next
/// [`build_page`] makes everything anew.
pub fn build_module(module: &wasm::Module) -> Result<()> {
    let www = root().join("www");
    let Ok(script) = read(&www.join(ID)) else { return module.build().map(drop) };
    let script = String::from_utf8_lossy(&script);
    module.build_as(id_of(&script).with_context(|| format!("{ID} names no build; run `cargo xtask clean`"))?)?;
    write(&www.join(LIST), list(&www)?.as_bytes())
}

/// The script by which the page knows its build.
fn id_script(id: &str) -> String {
    format!(
        "/** Fingerprint of the Rust sources; the compiled module carries the same. */\nexport const BUILD_ID = '{id}';\n"
    )
}

/// What such a script says.
fn id_of(script: &str) -> Option<&str> {
    Some(script.split_once("BUILD_ID = '")?.1.split_once('\'')?.0)
}

/// The page, and its copy to upload: `dist/` without type declarations and other files that no browser asks for, its
/// scripts and styles bundled, and without comments and white space: a third of the page's download.
pub fn build() -> Result<PathBuf> {
    let www = build_page()?;
    let dist = root().join("dist");
    let files = published(&www)?;
    for old in walk(&dist)? {
        if old != LIST && !files.contains(&old) {
            std::fs::remove_file(dist.join(old))?;
        }
    }
    for file in &files {
        write(&dist.join(file), &read(&www.join(file))?)?;
    }
    run(program("node", &["xtask/gather.js"]).arg(&dist))?;
    let gathered = published(&dist)?;
    let code = gathered.iter().filter(|file| file.ends_with(".js") || file.ends_with(".css"));
    run(program("node", &["xtask/minify.js"]).arg(&dist).args(code))?;
    write(&dist.join(LIST), list(&dist)?.as_bytes())?;
    Ok(dist)
}

/// Throws away what earlier builds left in the page and `dist/`.
pub fn clean() -> Result<()> {
    for folder in ["www/pkg", "www/vendor", "dist", "target/web"] {
        remove(&root().join(folder))?;
    }
    Ok(())
}

/// Files of a page that browsers ask for.
fn published(page: &Path) -> Result<Vec<String>> {
    let hidden = |file: &String| file.starts_with('.') || file.contains("/.");
    Ok(walk(page)?
        .into_iter()
        .filter(|f| f != LIST && !hidden(f) && !f.ends_with(".d.ts") && !f.ends_with(".map"))
        .collect())
}

/// `{"id": …, "files": {path: "sha256-…"}, "later": {…}}`: every published file with its digest in the form of subresource
/// integrity; `later` are those that the page does not wait for. The id is a fingerprint of the digests.
pub fn list(page: &Path) -> Result<String> {
    let (mut files, mut later) = (Vec::new(), Vec::new());
    // The service worker itself is kept by the browser; a copy of it would be never asked for.
    for file in published(page)?.into_iter().filter(|file| file != "sw.js") {
        let digest = BASE64_STANDARD.encode(sha256(&read(&page.join(&file))?));
        let entry = format!("    \"{file}\": \"sha256-{digest}\"");
        if vocabularies::is_lazy(&file) { later.push(entry) } else { files.push(entry) }
    }
    let entries = format!("{{\n{}\n  }},\n  \"later\": {{\n{}\n  }}", files.join(",\n"), later.join(",\n"));
    let id: String = sha256(entries.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("{{\n  \"id\": \"{id}\",\n  \"files\": {entries}\n}}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_alone_finds_the_id_of_the_page_that_is_there() {
        assert_eq!(id_of(&id_script("0123456789abcdef")), Some("0123456789abcdef"));
        assert_eq!(id_of("export {};\n"), None);
    }

    #[test]
    fn list_changes_with_any_content_and_names_only_what_browsers_ask_for() {
        let page = std::env::temp_dir().join(format!("glassgpt-list-{}", std::process::id()));
        write(&page.join("index.html"), b"one").unwrap();
        write(&page.join("vendor/x/x.d.ts"), b"types").unwrap();
        write(&page.join("vendor/.stamp"), b"stamp").unwrap();
        write(&page.join("vendor/vocabularies/gpt2.vocabulary"), b"large").unwrap();
        let first = list(&page).unwrap();
        write(&page.join("index.html"), b"two").unwrap();
        let second = list(&page).unwrap();
        write(&page.join("vendor/vocabularies/gpt2.vocabulary"), b"larger").unwrap();
        let third = list(&page).unwrap();
        remove(&page).unwrap();
        assert!(first.contains("\"index.html\": \"sha256-dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z/0Me0=\""), "{first}");
        assert!(!first.contains("x.d.ts") && !first.contains("stamp"), "{first}");
        let (files, later) = first.split_once("\"later\"").unwrap();
        assert!(!files.contains("gpt2") && later.contains("gpt2.vocabulary\": \"sha256-"), "{first}");
        assert_ne!(first.lines().nth(1), second.lines().nth(1), "the id stays although a file changed");
        assert_ne!(second.lines().nth(1), third.lines().nth(1), "the id stays although a vocabulary changed");
    }
}
