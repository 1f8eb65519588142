//! Golden checks of Muon: every `golden/muon_*.json`.

use crate::safe::{self, Over};
use crate::{Check, Fixtures};
use glassgpt::kernels::muon::{Muon, Work};
use safetensors::SafeTensors;
use serde_json::Value;

/// One result a file.
pub fn checks(fixtures: &Fixtures) -> Vec<(String, Check)> {
    let names = fixtures.names("golden/muon_", ".json");
    names.map(|name| (format!("muon_{name}"), file(fixtures, &format!("golden/muon_{name}")))).collect()
}

struct Files<'a> {
    inputs: SafeTensors<'a>,
    f32s: SafeTensors<'a>,
    f64s: SafeTensors<'a>,
    worst: f64,
    worst_name: String,
    compared: usize,
}

impl Files<'_> {
    fn input(&self, name: &str) -> Result<Vec<f32>, String> {
        Ok(safe::tensor(&self.inputs, name)?.f32())
    }

    fn close(&mut self, name: &str, x: &[f32]) -> Result<(), String> {
        let (t, s) = (safe::tensor(&self.f64s, name)?, safe::tensor(&self.f32s, name)?);
        let share = safe::close(name, x, &t, &s, Over::Tensor)?;
        self.compared += 1;
        if share > self.worst {
            (self.worst, self.worst_name) = (share, name.into());
        }
        Ok(())
    }
}

fn number(json: &Value, name: &str) -> Result<f64, String> {
    json[name].as_f64().ok_or_else(|| format!("no {name}"))
}

fn file(fixtures: &Fixtures, stem: &str) -> Check {
    let json = fixtures.json(&format!("{stem}.json"))?;
    let part = |kind: &str| fixtures.get(&format!("{stem}.{kind}.safetensors"));
    let (inputs, f32s, f64s) = (safe::open(part("inputs")?)?, safe::open(part("f32")?)?, safe::open(part("f64")?)?);
    let mut files = Files { inputs, f32s, f64s, worst: 0.0, worst_name: String::new(), compared: 0 };
    for case in json["cases"].as_array().ok_or("no cases")? {
        for (weight, shape) in json["weights"].as_object().ok_or("no weights")? {
            let side = |i: usize| shape[i].as_u64().map(|n| n as usize).ok_or("a shape without two sides");
            run(&json, case, weight, [side(0)?, side(1)?], &mut files)?;
        }
    }
    Ok(format!("{} tensors, worst {:.2} of the tolerance ({})", files.compared, files.worst, files.worst_name))
}

/// All steps of one matrix under one case.
fn run(json: &Value, case: &Value, weight: &str, shape: [usize; 2], files: &mut Files) -> Result<(), String> {
    let case_name = case["case"].as_str().ok_or("a case without a name")?;
    let iterations = number(case, "ns_steps")? as usize;
    let scale = match case["rule"].as_str() {
        Some("match_rms_adamw") => Muon::adamw_scale(shape[0], shape[1]),
        Some("original") => (shape[0] as f32 / shape[1] as f32).max(1.0).sqrt(),
        other => return Err(format!("unknown rule {other:?}")),
    };
    let told = number(&case["scales"], weight)?;
    if (f64::from(scale) - told).abs() > 1e-6 {
        return Err(format!("{case_name}: scale {scale}, expected {told}"));
    }
    let mut work = Work::new([shape].into_iter());
    let mut p = files.input(&format!("{weight}.weight"))?;
    let mut m = vec![0.0; p.len()];
    for (step, lr) in (1..).zip(json["lrs"].as_array().ok_or("no lrs")?) {
        let g = files.input(&format!("{weight}.grad.{step}"))?;
        let rule = Muon {
            lr: lr.as_f64().ok_or("a learning rate is no number")? as f32,
            momentum: number(json, "momentum")? as f32,
            weight_decay: number(json, "weight_decay")? as f32,
            iterations,
            scale,
        };
        let ortho = rule.direction(&g, &mut m.clone(), shape, 1.0, &mut work).to_vec();
        files.close(&format!("ortho.ns{iterations}.{weight}.{step}"), &ortho)?;
        rule.step(&mut p, &g, &mut m, shape, 1.0, &mut work);
        files.close(&format!("momentum.{weight}.{step}"), &m)?;
        files.close(&format!("weight.{case_name}.{weight}.{step}"), &p)?;
    }
    Ok(())
}
