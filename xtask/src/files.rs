//! Files of the project: where they are, what they hold, whether they changed.

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// The folder that holds the workspace's `Cargo.toml`.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the project").to_path_buf()
}

/// Every file below `folder`, as paths relative to it with `/`, in order. A folder that is not there has none.
pub fn walk(folder: &Path) -> Result<Vec<String>> {
    fn visit(folder: &Path, prefix: &str, out: &mut Vec<String>) -> Result<()> {
        for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
            let entry = entry?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                visit(&entry.path(), &format!("{name}/"), out)?;
            } else {
                out.push(name);
            }
        }
        Ok(())
    }
    let mut out = Vec::new();
    if folder.is_dir() {
        visit(folder, "", &mut out)?;
    }
    out.sort();
    Ok(out)
}

/// The content of a file, with its name in the error.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("reading {}", path.display()))
}

/// Writes a file and the folders above it, unless it holds exactly this already.
pub fn write(path: &Path, content: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == content) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    }
    fs::write(path, content).with_context(|| format!("writing {}", path.display()))
}

/// Removes a folder with all it holds; fine if there is none.
pub fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("removing {}", folder.display()))?;
    }
    Ok(())
}

/// SHA-256 of some bytes.
pub fn sha256(content: &[u8]) -> [u8; 32] {
    Sha256::digest(content).into()
}

/// A short fingerprint of named contents: 16 hexadecimal digits.
#[derive(Default)]
pub struct Fingerprint(Sha256);

impl Fingerprint {
    /// Adds one name with its content; lengths go in too, so that nothing can move from one to the next unseen.
    pub fn add(&mut self, name: &str, content: &[u8]) {
        self.0.update((name.len() as u64).to_le_bytes());
        self.0.update(name);
        self.0.update((content.len() as u64).to_le_bytes());
        self.0.update(content);
    }

    /// Adds a file, or every file below a folder, both relative to `root`.
    pub fn add_path(&mut self, root: &Path, path: &str) -> Result<()> {
        let full = root.join(path);
        if full.is_dir() {
            for file in walk(&full)? {
                self.add(&format!("{path}/{file}"), &read(&full.join(&file))?);
            }
        } else {
            self.add(path, &read(&full)?);
        }
        Ok(())
    }

    /// The digits.
    pub fn finish(self) -> String {
        self.0.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Remembers beside its outputs from which inputs they were made.
pub struct Stamp {
    path: PathBuf,
    inputs: String,
}

impl Stamp {
    /// A stamp at `path` for outputs made from `inputs` (a fingerprint).
    pub fn new(path: PathBuf, inputs: String) -> Self {
        Self { path, inputs }
    }

    /// Whether the outputs were made from these inputs.
    pub fn is_fresh(&self) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|old| old == self.inputs)
    }

    /// Call when the outputs are complete.
    pub fn set(&self) -> Result<()> {
        write(&self.path, self.inputs.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_tell_apart_contents_that_join_to_the_same_bytes() {
        let of = |pairs: &[(&str, &str)]| {
            let mut fingerprint = Fingerprint::default();
            pairs.iter().for_each(|(name, content)| fingerprint.add(name, content.as_bytes()));
            fingerprint.finish()
        };
        assert_eq!(of(&[("a", "bc")]).len(), 16);
        assert_eq!(of(&[("a", "bc")]), of(&[("a", "bc")]));
        assert_ne!(of(&[("a", "bc")]), of(&[("ab", "c")]));
        assert_ne!(of(&[("a", "b"), ("c", "d")]), of(&[("a", "bc"), ("", "d")]));
    }
}
