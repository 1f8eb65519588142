//! `config.json` of Hugging Face folders: the sizes and choices of `GPT2LMHeadModel`, `Qwen3ForCausalLM` and
//! `NanoChatForCausalLM`. What would change the numbers of a model and is not known here is refused by its name.
//! Source: the configuration classes of transformers 4.57 and 5.

use crate::error::{Error, Result};
use alloc::format;
use alloc::string::{String, ToString};
use serde_json::{Map, Value, json};

const FILE: &str = "config.json";
/// Sizes above this are no sizes.
const MOST: u64 = 1 << 32;
/// Own key: the id at which attention starts anew. Other programs pass over it.
const DOCUMENT_START: &str = "glassgpt_document_start";

/// One of the architectures that are read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    /// `GPT2LMHeadModel`: linear layers are stored (in, out).
    Gpt2,
    /// `Qwen3ForCausalLM`.
    Qwen3,
    /// `NanoChatForCausalLM`.
    NanoChat,
}

impl Architecture {
    const ALL: [Self; 3] = [Self::Gpt2, Self::Qwen3, Self::NanoChat];

    /// The name of its class in transformers.
    pub fn class(self) -> &'static str {
        match self {
            Self::Gpt2 => "GPT2LMHeadModel",
            Self::Qwen3 => "Qwen3ForCausalLM",
            Self::NanoChat => "NanoChatForCausalLM",
        }
    }

    /// What stands before the names of its tensors, the head's apart; files from elsewhere may leave it out.
    pub fn prefix(self) -> &'static str {
        if self == Self::Gpt2 { "transformer." } else { "model." }
    }

    fn model_type(self) -> &'static str {
        match self {
            Self::Gpt2 => "gpt2",
            Self::Qwen3 => "qwen3",
            Self::NanoChat => "nanochat",
        }
    }
}

/// What a `config.json` says of a model. Sizes are not checked against each other.
#[derive(Debug, Clone, PartialEq)]
pub struct HfConfig {
    /// Kind of model.
    pub architecture: Architecture,
    /// Token ids.
    pub vocab_size: usize,
    /// Tokens that the model can see.
    pub context: usize,
    /// Blocks.
    pub layers: usize,
    /// Query heads.
    pub heads: usize,
    /// Key-value heads.
    pub kv_heads: usize,
    /// Values of the residual stream.
    pub width: usize,
    /// Values inside the MLP.
    pub mlp_width: usize,
    /// Added inside the root of every norm.
    pub norm_eps: f64,
    /// Base of the wave lengths of rotations; not used by GPT-2.
    pub theta: f64,
    /// Logits are `cap · tanh(logits / cap)`.
    pub softcap: Option<f64>,
    /// Whether the head is the embedding.
    pub tied: bool,
    /// Id of the token that begins a text.
    pub begin: Option<u32>,
    /// Id at which attention starts anew; only files of this project say so.
    pub document_start: Option<u32>,
}

fn refuse(expected: &str, found: impl ToString) -> Error {
    Error::Format { file: FILE, expected: expected.into(), found: found.to_string() }
}

/// The fields of a file; null is as good as none.
struct Fields(Map<String, Value>);

impl Fields {
    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    fn size(&self, name: &str) -> Result<usize> {
        self.size_if_any(name)?.ok_or_else(|| refuse(name, "none"))
    }

    fn size_if_any(&self, name: &str) -> Result<Option<usize>> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let size = value.as_u64().filter(|size| (1..MOST).contains(size)).and_then(|size| usize::try_from(size).ok());
        size.map(Some).ok_or_else(|| refuse(&format!("{name} as a size"), shown(value)))
    }

    fn number(&self, name: &str, default: f64) -> Result<f64> {
        let Some(value) = self.get(name) else { return Ok(default) };
        value.as_f64().ok_or_else(|| refuse(&format!("{name} as a number"), shown(value)))
    }

    fn flag(&self, name: &str, default: bool) -> Result<bool> {
        let Some(value) = self.get(name) else { return Ok(default) };
        value.as_bool().ok_or_else(|| refuse(&format!("{name} as true or false"), shown(value)))
    }

    /// An id, or the first of a list of them.
    fn id(&self, name: &str) -> Option<u32> {
        let value = self.get(name)?;
        value.as_array().map_or(Some(value), |list| list.first())?.as_u64().and_then(|id| u32::try_from(id).ok())
    }

    /// Refuses a setting that has another value than the only one that is known here, which is also its default.
    fn only(&self, name: &str, known: &[Value]) -> Result<()> {
        let Some(value) = self.get(name).filter(|value| !known.contains(value)) else { return Ok(()) };
        let known = known.iter().map(ToString::to_string).reduce(|a, b| format!("{a} or {b}")).unwrap_or_default();
        Err(Error::Unsupported {
            file: FILE,
            expected: format!("{name} {known}"),
            found: format!("{name} {}", shown(value)),
        })
    }
}

/// A value in an error: not all of it where it is long.
fn shown(value: &Value) -> String {
    value.to_string().chars().take(60).collect()
}

impl HfConfig {
    /// Reads a file.
    ///
    /// # Errors
    /// [`Error::Format`] where it is none or a size is missing; [`Error::Unsupported`] that names an architecture or a
    /// setting that is not known here.
    pub fn read(file: &[u8]) -> Result<Self> {
        let text = core::str::from_utf8(file).map_err(|e| refuse("JSON", e))?;
        let fields: Map<String, Value> = serde_json::from_str(text).map_err(|e| refuse("a JSON object", e))?;
        let fields = Fields(fields);
        let architecture = architecture(&fields)?;
        let document_start = fields.id(DOCUMENT_START);
        let read = if architecture == Architecture::Gpt2 { gpt2(&fields)? } else { rotary(&fields, architecture)? };
        Ok(Self { document_start, ..read })
    }

    /// The file, as transformers 4.57 and 5 read it.
    pub fn write(&self) -> String {
        let mut out = json!({
            "architectures": [self.architecture.class()],
            "model_type": self.architecture.model_type(),
            "vocab_size": self.vocab_size,
            "bos_token_id": self.begin,
            "eos_token_id": self.begin,
            "pad_token_id": null,
            "tie_word_embeddings": self.tied,
            "dtype": "float32",
        });
        let own = match self.architecture {
            Architecture::Gpt2 => json!({
                "n_positions": self.context,
                "n_embd": self.width,
                "n_layer": self.layers,
                "n_head": self.heads,
                "n_inner": self.mlp_width,
                "activation_function": "gelu_new",
                "layer_norm_epsilon": self.norm_eps,
                // This project trains without dropout, and so may whoever goes on.
                "resid_pdrop": 0.0,
                "embd_pdrop": 0.0,
                "attn_pdrop": 0.0,
            }),
            Architecture::Qwen3 | Architecture::NanoChat => json!({
                "max_position_embeddings": self.context,
                "hidden_size": self.width,
                "intermediate_size": self.mlp_width,
                "num_hidden_layers": self.layers,
                "num_attention_heads": self.heads,
                "num_key_value_heads": self.kv_heads,
                "head_dim": self.width / self.heads.max(1),
                "hidden_act": if self.architecture == Architecture::Qwen3 { "silu" } else { "relu2" },
                "rms_norm_eps": self.norm_eps,
                // Both spellings: that of version 4, and that of version 5.
                "rope_theta": self.theta,
                "rope_parameters": { "rope_type": "default", "rope_theta": self.theta },
                "attention_bias": false,
                "attention_dropout": 0.0,
            }),
        };
        let fields = out.as_object_mut().into_iter().zip(own.as_object());
        fields.for_each(|(out, own)| out.extend(own.iter().map(|(name, value)| (name.clone(), value.clone()))));
        if self.architecture == Architecture::NanoChat {
            out["final_logit_softcapping"] = json!(self.softcap);
        }
        if let Some(id) = self.document_start {
            out[DOCUMENT_START] = json!(id);
        }
        format!("{out:#}\n")
    }
}

/// By the name of the class, else by the type of the model.
fn architecture(fields: &Fields) -> Result<Architecture> {
    let class = fields.get("architectures").and_then(|list| list.get(0)).and_then(Value::as_str);
    let kind = fields.get("model_type").and_then(Value::as_str);
    let known = Architecture::ALL.into_iter().find(|known| match (class, kind) {
        (Some(class), _) => class == known.class() || (*known == Architecture::Gpt2 && class == "GPT2Model"),
        (None, kind) => kind == Some(known.model_type()),
    });
    known.ok_or_else(|| {
        let classes = Architecture::ALL.map(Architecture::class).join(", ");
        match class.or(kind) {
            Some(other) => Error::Unsupported {
                file: FILE,
                expected: classes,
                found: format!("the architecture {}", shown(&other.into())),
            },
            None => refuse(&format!("one of the architectures {classes}"), "none"),
        }
    })
}

/// Defaults are those of `GPT2Config`.
fn gpt2(fields: &Fields) -> Result<HfConfig> {
    fields.only("activation_function", &["gelu_new".into(), "gelu_pytorch_tanh".into()])?;
    fields.only("scale_attn_weights", &[true.into()])?;
    fields.only("scale_attn_by_inverse_layer_idx", &[false.into()])?;
    fields.only("add_cross_attention", &[false.into()])?;
    let (width, heads) = (fields.size("n_embd")?, fields.size("n_head")?);
    Ok(HfConfig {
        architecture: Architecture::Gpt2,
        vocab_size: fields.size("vocab_size")?,
        context: fields.size("n_positions")?,
        layers: fields.size("n_layer")?,
        heads,
        kv_heads: heads,
        width,
        mlp_width: fields.size_if_any("n_inner")?.unwrap_or(width.saturating_mul(4)),
        norm_eps: fields.number("layer_norm_epsilon", 1e-5)?,
        theta: 10_000.0,
        softcap: None,
        tied: fields.flag("tie_word_embeddings", true)?,
        begin: fields.id("bos_token_id").or(fields.id("eos_token_id")),
        document_start: None,
    })
}

/// Defaults are those of `Qwen3Config` and `NanoChatConfig` as far as they are alike; sizes must be there.
fn rotary(fields: &Fields, architecture: Architecture) -> Result<HfConfig> {
    let nanochat = architecture == Architecture::NanoChat;
    fields.only("hidden_act", &[if nanochat { "relu2" } else { "silu" }.into()])?;
    fields.only("attention_bias", &[false.into()])?;
    fields.only("use_sliding_window", &[false.into()])?;
    fields.only("rope_scaling", &[])?;
    let rope = match fields.get("rope_parameters") {
        Some(Value::Object(rope)) => Fields(rope.clone()),
        Some(other) => return Err(refuse("rope_parameters as an object", shown(other))),
        None => Fields(Map::new()),
    };
    rope.only("rope_type", &["default".into()])?;
    rope.only("partial_rotary_factor", &[1.0.into(), 1.into()])?;
    let (width, heads) = (fields.size("hidden_size")?, fields.size("num_attention_heads")?);
    let head_dim = fields.size_if_any("head_dim")?;
    if let Some(found) = head_dim.filter(|dim| dim.checked_mul(heads) != Some(width)) {
        return Err(Error::Unsupported {
            file: FILE,
            expected: format!("head_dim {width} / {heads}"),
            found: format!("head_dim {found}"),
        });
    }
    let begin = fields.id("bos_token_id").or(fields.id("eos_token_id"));
    Ok(HfConfig {
        architecture,
        vocab_size: fields.size("vocab_size")?,
        context: fields.size("max_position_embeddings")?,
        layers: fields.size("num_hidden_layers")?,
        heads,
        kv_heads: fields.size_if_any("num_key_value_heads")?.unwrap_or(heads),
        width,
        mlp_width: fields.size("intermediate_size")?,
        norm_eps: fields.number("rms_norm_eps", 1e-6)?,
        theta: rope.number("rope_theta", fields.number("rope_theta", 10_000.0)?)?,
        // Null is no cap here; what is not said is the default of `NanoChatConfig`.
        softcap: match fields.0.get("final_logit_softcapping") {
            Some(Value::Null) => None,
            _ if nanochat => Some(fields.number("final_logit_softcapping", 15.0)?),
            _ => None,
        },
        tied: fields.flag("tie_word_embeddings", false)?,
        begin,
        document_start: None,
    })
}

#[cfg(test)]
mod tests;
