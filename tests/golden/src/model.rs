//! Golden checks of whole models: forward, every gradient, attention, residual stream, cached decoding.

use crate::safe::{self, Over, Tensor};
use crate::{Check, Fixtures, hf};
use glassgpt::kernels::loss::{self, IGNORE};
use glassgpt::model::{Activations, Cache, Model};
use safetensors::SafeTensors;
use serde_json::Value;

/// Kinds of model files.
const FAMILIES: [&str; 4] = ["gpt2_", "llama_", "qwen3_", "nanochat_"];

/// One result a file.
pub fn checks(fixtures: &Fixtures) -> Vec<(String, Check)> {
    let mut out = Vec::new();
    for family in FAMILIES {
        for name in fixtures.names(&format!("golden/{family}"), ".json") {
            out.push((format!("{family}{name}"), file(fixtures, &format!("golden/{family}{name}"))));
        }
    }
    out
}

/// Weights of a file, laid out as the model's table says.
pub fn weights(model: &Model, bytes: &[u8]) -> Result<Vec<f32>, String> {
    let file = safe::open(bytes)?;
    let mut params = vec![0.0; model.table().total()];
    for tensor in model.table().tensors() {
        let found = safe::tensor(&file, &tensor.name)?;
        if found.shape != tensor.shape {
            return Err(format!("{}: shape {:?}, expected {:?}", tensor.name, found.shape, tensor.shape));
        }
        params[tensor.range()].copy_from_slice(&found.f32());
    }
    Ok(params)
}

/// Weights by the formula of the README: SplitMix64 of (seed, index, element).
fn made_weights(model: &Model, json: &Value) -> Result<Vec<f32>, String> {
    let mut params = vec![0.0; model.table().total()];
    let seed = json["seed"].as_u64().ok_or("no seed")?;
    for entry in json["tensors"].as_array().ok_or("no tensors")? {
        let name = entry["name"].as_str().ok_or("a tensor without a name")?;
        let tensor = model.table().get(name).ok_or_else(|| format!("unknown tensor {name}"))?;
        let number = |key: &str| entry[key].as_f64().ok_or_else(|| format!("{name} without {key}"));
        let (index, exponent, offset) = (number("index")? as u64, number("exponent")? as i32, number("offset")? as f32);
        let values = &mut params[tensor.range()];
        for (j, value) in values.iter_mut().enumerate() {
            let mut z =
                (seed << 48).wrapping_add(index << 32).wrapping_add(j as u64).wrapping_add(0x9E37_79B9_7F4A_7C15);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^= z >> 31;
            let u = (z >> 40) as i64 - (1 << 23);
            *value = offset + (u as f64 * 2f64.powi(exponent - 23)) as f32;
        }
        let sum: f64 = values.iter().map(|&v| f64::from(v)).sum();
        if (sum - number("sum")?).abs() > 1e-9 * values.len() as f64 {
            return Err(format!("{name}: made values add up to {sum}"));
        }
    }
    Ok(params)
}

struct Files<'a> {
    f32s: SafeTensors<'a>,
    f64s: SafeTensors<'a>,
    worst: f64,
    worst_name: String,
}

impl Files<'_> {
    fn both(&self, name: &str) -> Result<(Tensor, Tensor), String> {
        let s = safe::tensor(&self.f32s, name)?;
        // Attention of the large model is stored once, as f32.
        let t = safe::tensor(&self.f64s, name).or_else(|_| safe::tensor(&self.f32s, name))?;
        Ok((t, s))
    }

    fn close(&mut self, name: &str, x: &[f32]) -> Result<(), String> {
        let (t, s) = self.both(name)?;
        let share = safe::close(name, x, &t, &s, Over::Tensor)?;
        if share > self.worst {
            (self.worst, self.worst_name) = (share, name.into());
        }
        Ok(())
    }
}

fn file(fixtures: &Fixtures, stem: &str) -> Check {
    let json = fixtures.json(&format!("{stem}.json"))?;
    let model = Model::new(hf::config(&json)?).map_err(|e| e.to_string())?;
    let params = match fixtures.get(&format!("{stem}.weights.safetensors")) {
        Ok(bytes) => weights(&model, bytes)?,
        Err(_) => made_weights(&model, &json)?,
    };
    let part = |kind: &str| fixtures.get(&format!("{stem}.{kind}.safetensors"));
    let (f32s, f64s) = (safe::open(part("f32")?)?, safe::open(part("f64")?)?);
    let mut files = Files { f32s, f64s, worst: 0.0, worst_name: String::new() };

    let (tokens, batch) = hf::ids(&json["tokens"])?;
    let (targets, _) = hf::ids(&json["targets"])?;
    let time = tokens.len() / batch;
    let mut acts = Activations::new(model.config(), batch, time);
    model.forward(&params, &mut acts, &tokens, batch, time);
    forward(&model, &acts, &json, &mut files)?;
    cached(&model, &params, &tokens, time, &mut files)?;

    let counted = targets.iter().filter(|&&t| t != IGNORE).count() as f32;
    let capped = acts.logits().to_vec();
    let mut losses = vec![0.0; targets.len()];
    loss::cross_entropy_backward(acts.logits_mut(), &mut losses, &targets, &vec![1.0 / counted; targets.len()]);
    let mean = losses.iter().map(|&l| f64::from(l)).sum::<f64>() / f64::from(counted);
    let expected = json["loss_f64"].as_f64().ok_or("no loss_f64")?;
    if (mean - expected).abs() > 1e-5 {
        return Err(format!("loss {mean}, expected {expected}"));
    }
    let mut grads = vec![0.0; params.len()];
    model.backward(&params, &mut grads, &mut acts, &tokens, Some(&capped));
    match json.get("tensors") {
        Some(list) => slices(&model, &grads, list, &mut files)?,
        None => {
            for tensor in model.table().tensors() {
                files.close(&format!("grad.{}", tensor.name), &grads[tensor.range()])?;
            }
        }
    }
    Ok(format!("loss {mean:.6}, worst {:.2} of the tolerance ({})", files.worst, files.worst_name))
}

/// Logits, attention, residual stream, hidden states; where `positions` are named, only those times are stored.
fn forward(model: &Model, acts: &Activations, json: &Value, files: &mut Files) -> Result<(), String> {
    let (c, layers) = (model.config().width, model.config().layers);
    let time = acts.hidden().len() / c / json["tokens"].as_array().map_or(1, Vec::len);
    let kept: Option<Vec<usize>> =
        json["positions"].as_array().map(|p| p.iter().filter_map(|t| t.as_u64().map(|t| t as usize)).collect());
    let at = |x: &[f32]| match &kept {
        None => x.to_vec(),
        Some(kept) => x
            .chunks_exact(time * c)
            .flat_map(|row| kept.iter().flat_map(|t| row[t * c..(t + 1) * c].to_vec()).collect::<Vec<_>>())
            .collect(),
    };
    files.close("logits", acts.logits())?;
    files.close("resid.embed", &at(acts.residual(0)))?;
    files.close("hidden", &at(acts.hidden()))?;
    for l in 0..layers {
        files.close(&format!("resid.{l}"), &at(acts.residual(l + 1)))?;
        let name = format!("attn.{l}");
        let stored = safe::tensor(&files.f32s, &name)?.data.len();
        files.close(&name, &acts.attention(l)[..stored])?;
    }
    Ok(())
}

/// Token by token through the cache: the same logits within the same tolerance.
fn cached(model: &Model, params: &[f32], tokens: &[u32], time: usize, files: &mut Files) -> Result<(), String> {
    let mut logits = Vec::new();
    for row in tokens.chunks_exact(time) {
        let mut cache = Cache::new(model.config());
        for &id in row {
            logits.extend_from_slice(model.decode(params, &mut cache, &[id]).map_err(|e| e.to_string())?);
        }
    }
    files.close("logits", &logits)
}

/// Gradients of the large model: every n-th value and four sums.
fn slices(model: &Model, grads: &[f32], list: &Value, files: &mut Files) -> Result<(), String> {
    for entry in list.as_array().ok_or("tensors is no list")? {
        let name = entry["name"].as_str().ok_or("a tensor without a name")?;
        let tensor = model.table().get(name).ok_or_else(|| format!("unknown tensor {name}"))?;
        let g = &grads[tensor.range()];
        let number = |key: &str| entry["grad"][key].as_f64().ok_or_else(|| format!("{name} without grad.{key}"));
        let stride = number("stride")? as usize;
        let slice: Vec<f32> = g.iter().step_by(stride).copied().collect();
        files.close(&format!("slice.{name}"), &slice)?;
        let values = || g.iter().map(|&v| f64::from(v));
        let sums = [
            ("sum", values().sum::<f64>()),
            ("abs_sum", values().map(f64::abs).sum()),
            ("alternating_sum", values().enumerate().map(|(j, v)| if j % 2 == 0 { v } else { -v }).sum()),
            ("norm", values().map(|v| v * v).sum::<f64>().sqrt()),
        ];
        for (key, found) in sums {
            let expected = number(key)?;
            if (found - expected).abs() > 1e-4 * number("abs_sum")? {
                return Err(format!("{name}: gradient {key} {found}, expected {expected}"));
            }
        }
    }
    Ok(())
}
