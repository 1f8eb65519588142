//! Golden checks: sampling. Which ids are kept must be exact, their probabilities within 1e-5.

use std::collections::BTreeMap;

use glassgpt::generate::{Sampling, distribution};
use serde_json::Value;

use crate::{Check, Fixtures};

/// One result a file.
pub fn checks(fixtures: &Fixtures) -> Vec<(String, Check)> {
    let names = fixtures.names("golden/sampling", ".json");
    names.map(|n| format!("golden/sampling{n}.json")).map(|file| (file.clone(), check(fixtures, &file))).collect()
}

fn check(fixtures: &Fixtures, file: &str) -> Check {
    let json = fixtures.json(file)?;
    let (mut tests, mut worst) = (0, 0.0f64);
    for case in json["cases"].as_array().ok_or("cases: expected a list")? {
        let name = case["name"].as_str().unwrap_or("?");
        let logits: Vec<f32> = list(&case["logits"])?
            .iter()
            .map(|v| v.as_f64().map_or(f32::NEG_INFINITY, |v| v as f32)) // null = -infinity
            .collect();
        for (i, test) in list(&case["tests"])?.iter().enumerate() {
            let share = one(&logits, test, &json["defaults"]).map_err(|e| format!("{name}, test {i}: {e}"))?;
            worst = worst.max(share);
            tests += 1;
        }
    }
    if tests == 0 { Err("no tests".into()) } else { Ok(format!("{tests} tests, worst probability error {worst:.1e}")) }
}

fn one(logits: &[f32], test: &Value, defaults: &Value) -> Result<f64, String> {
    let value = |key: &str| test.get(key).unwrap_or(&defaults[key]);
    let number = |key: &str| value(key).as_f64().ok_or(format!("{key}: expected a number"));
    let sampling = Sampling {
        temperature: number("temperature")? as f32,
        top_k: number("top_k")? as usize,
        top_p: number("top_p")? as f32,
        min_p: number("min_p")? as f32,
        repetition_penalty: number("repetition_penalty")? as f32,
        seed: 0,
    };
    sampling.validate().map_err(|e| e.to_string())?;
    let context: Vec<u32> = list(value("context"))?.iter().filter_map(|v| v.as_u64().map(|v| v as u32)).collect();
    let got = distribution(logits, &sampling, &context);
    let ids = list(&test["ids"])?.iter().map(|v| v.as_u64().unwrap_or(u64::MAX) as u32);
    let probs = list(&test["probs"])?.iter().map(|v| v.as_f64().unwrap_or(f64::NAN));
    let want: BTreeMap<u32, f64> = ids.zip(probs).collect();
    if got.ids.len() != logits.len() || got.probs.len() != logits.len() {
        return Err(format!("{} ids for {} logits", got.ids.len(), logits.len()));
    }
    let mut worst = 0.0f64;
    for (place, (&id, &p)) in got.ids.iter().zip(&got.probs).enumerate() {
        let p = f64::from(p);
        let error = match want.get(&id) {
            Some(_) if place >= got.kept => return Err(format!("id {id} was cut, but must be kept")),
            Some(want) => (p - want).abs(),
            None if p >= 1e-9 => return Err(format!("id {id} has probability {p}, but must be cut")),
            None => 0.0,
        };
        if error.is_nan() || error > 1e-5 {
            return Err(format!("id {id}: {p}, expected {:?}", want.get(&id)));
        }
        worst = worst.max(error);
    }
    Ok(worst)
}

fn list(value: &Value) -> Result<&Vec<Value>, String> {
    value.as_array().ok_or_else(|| format!("expected a list, found {value}"))
}
