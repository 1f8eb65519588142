//! Trains a run as the page does, saves and reloads it on the way, and writes its checkpoint:
//! the weights are those of the page with the same settings, bit for bit.
//!
//! `cargo run --release --example checkpoint -- SETTINGS STEPS RELOADS FILE`, with the settings as JSON
//! (`RunSettings` in `www/engine/protocol.js`).

use glassgpt::studio::{Run, RunSettings};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [settings, steps, reloads, file] = &arguments[..] else {
        return Err("give settings, steps, reloads and a file".into());
    };
    let (settings, steps, reloads): (RunSettings, u64, u64) =
        (serde_json::from_str(settings)?, steps.parse()?, reloads.parse()?);
    let mut run = Run::open(settings, Vec::new(), &mut |_, _, _| {})?;
    for leg in 0..=reloads {
        let end = steps * (leg + 1) / (reloads + 1);
        while run.step() < end {
            run.advance()?;
        }
        if leg < reloads {
            run = Run::load(&run.save()?, &mut |_, _, _| {})?;
        }
    }
    std::fs::write(file, run.save()?)?;
    Ok(())
}
