//! Configurations as Hugging Face writes them.

use glassgpt::model::{Config, Mlp, Norm, Position, QkNorm};
use serde_json::Value;

/// Most tokens in a row of a golden file: its context where the configuration gives none.
fn longest_row(json: &Value) -> usize {
    match json {
        Value::Array(items) if items.iter().any(|v| !v.is_number()) => items.iter().map(longest_row).max().unwrap_or(0),
        Value::Array(items) => items.len(),
        Value::Object(fields) => fields.values().map(longest_row).max().unwrap_or(0),
        _ => 0,
    }
}

/// The configuration of a golden file, which names it `config`.
pub fn config(file: &Value) -> Result<Config, String> {
    let json = &file["config"];
    let number = |name: &str| json[name].as_u64().map(|n| n as usize).ok_or_else(|| format!("config without {name}"));
    if json.get("n_embd").is_some() {
        let base = Config::gpt2(
            number("vocab_size")?,
            number("n_positions")?,
            number("n_layer")?,
            number("n_head")?,
            number("n_embd")?,
        );
        let position = match json["position"].as_str() {
            None => Position::Learned,
            Some("none") => Position::None,
            Some("alibi") => Position::Alibi,
            Some(other) => return Err(format!("unknown position {other}")),
        };
        let norm_eps = json["layer_norm_epsilon"].as_f64().unwrap_or(1e-5) as f32;
        let mlp_width = json["n_inner"].as_u64().map_or(base.mlp_width, |n| n as usize);
        return Ok(Config { position, norm_eps, mlp_width, ..base });
    }
    let heads = number("num_attention_heads")?;
    let theta = json["rope_theta"].as_f64().or(json["rope_parameters"]["rope_theta"].as_f64()).unwrap_or(10_000.0);
    let rows = longest_row(&file["tokens"]).max(longest_row(&file["batches"]));
    let time = file["time"].as_u64().map_or(rows, |time| time as usize);
    let context = json["max_position_embeddings"].as_u64().map_or(time, |n| n as usize);
    let kind = json["model_type"].as_str().unwrap_or("llama");
    let base = Config {
        kv_heads: json["num_key_value_heads"].as_u64().map_or(heads, |n| n as usize),
        mlp_width: number("intermediate_size")?,
        norm_eps: json["rms_norm_eps"].as_f64().unwrap_or(1e-6) as f32,
        position: Position::Rope { theta, back: kind == "nanochat" },
        tied: json["tie_word_embeddings"].as_bool().unwrap_or(false),
        softcap: json["final_logit_softcapping"].as_f64().map(|c| c as f32),
        ..Config::modern(number("vocab_size")?, context, number("num_hidden_layers")?, heads, number("hidden_size")?)
    };
    match kind {
        "llama" => Ok(Config { qk_norm: QkNorm::None, ..base }),
        "qwen3" => Ok(base),
        "nanochat" => {
            let norm = Norm::RmsPlain;
            Ok(Config { norm, qk_norm: QkNorm::Plain, mlp: Mlp::Relu2, embedding_norm: true, ..base })
        }
        other => Err(format!("unknown model_type {other}")),
    }
}

/// Rows of ids in JSON, flattened, and the number of rows; negative = ignored.
pub fn ids(json: &Value) -> Result<(Vec<u32>, usize), String> {
    let rows = json.as_array().ok_or("ids are not a list")?;
    let row = |r: &Value| -> Result<Vec<u32>, String> {
        let ids = r.as_array().ok_or("a row of ids is not a list")?;
        ids.iter()
            .map(|id| id.as_i64().map(|id| u32::try_from(id).unwrap_or(u32::MAX)).ok_or("an id is no number".into()))
            .collect()
    };
    let flat = rows.iter().map(row).collect::<Result<Vec<_>, _>>()?.concat();
    Ok((flat, rows.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_context_holds_the_longest_row_of_the_file() {
        let config_json = json!({ "vocab_size": 9, "hidden_size": 4, "num_attention_heads": 1, "intermediate_size": 4,
            "num_hidden_layers": 1 });
        let context = |file: Value| config(&file).map(|c| c.context);
        let long = vec![1; 200];
        assert_eq!(context(json!({ "config": config_json, "tokens": [long, [1, 2]] })), Ok(200));
        assert_eq!(
            context(json!({ "config": config_json, "batches": [{ "tokens": [[1]] }, { "tokens": [long] }] })),
            Ok(200)
        );
        assert_eq!(context(json!({ "config": config_json, "time": 16, "token_array": long })), Ok(16));
    }
}
