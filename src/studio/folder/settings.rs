//! A model's configuration and that of a `config.json`: one to the other.

use super::FOLDER;
use crate::error::{Error, Result};
use crate::formats::{Architecture, HfConfig};
use crate::model::{Config, Norm, Position};
use alloc::format;
use alloc::string::ToString;

/// What a file describes; sizes are not checked.
pub(super) fn config_of(file: &HfConfig) -> Config {
    let HfConfig { vocab_size, context, layers, heads, width, .. } = *file;
    let base = match file.architecture {
        Architecture::Gpt2 => Config::gpt2(vocab_size, context, layers, heads, width),
        Architecture::Qwen3 => Config::modern(vocab_size, context, layers, heads, width),
        Architecture::NanoChat => Config::nanochat(vocab_size, context, layers, heads, width),
    };
    Config {
        kv_heads: file.kv_heads,
        mlp_width: file.mlp_width,
        norm_eps: file.norm_eps as f32,
        position: match base.position {
            Position::Rope { back, .. } => Position::Rope { theta: file.theta, back },
            other => other,
        },
        softcap: file.softcap.map(|cap| cap as f32),
        tied: file.tied,
        document_start: file.document_start,
        ..base
    }
}

/// What describes a model.
///
/// # Errors
/// [`Error::Unsupported`] where no architecture does.
pub(super) fn file_of(config: &Config, begin: Option<u32>) -> Result<HfConfig> {
    // The shortest decimal number that is this one in f32: 1e-5, not 0.000009999999747378752.
    let decimal = |x: f32| x.to_string().parse().unwrap_or(f64::from(x));
    let architecture = match config.norm {
        Norm::Layer => Architecture::Gpt2,
        Norm::Rms => Architecture::Qwen3,
        Norm::RmsPlain => Architecture::NanoChat,
    };
    let file = HfConfig {
        architecture,
        vocab_size: config.vocab_size,
        context: config.context,
        layers: config.layers,
        heads: config.heads,
        kv_heads: config.kv_heads,
        width: config.width,
        mlp_width: config.mlp_width,
        norm_eps: decimal(config.norm_eps),
        theta: if let Position::Rope { theta, .. } = config.position { theta } else { 10_000.0 },
        softcap: config.softcap.map(decimal),
        tied: config.tied,
        begin,
        document_start: config.document_start,
    };
    if config_of(&file) == *config {
        return Ok(file);
    }
    Err(Error::Unsupported {
        file: FOLDER,
        expected: "a model exactly of the kind GPT-2, Qwen3 or nanochat".into(),
        found: format!(
            "another mixture: {:?}, {:?}, {:?}, {:?}",
            config.position, config.norm, config.qk_norm, config.mlp
        ),
    })
}
