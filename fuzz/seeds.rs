//! Files to begin with: `cargo run --bin seeds` writes them into `seeds/`.

mod files;

use std::fs;
use std::path::Path;

fn main() -> std::io::Result<()> {
    for (target, name, bytes) in files::all() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}
