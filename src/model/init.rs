//! Initial weights, read from the table.

use super::config::Config;
use super::table::{Start, Table};
use crate::rng::{Purpose, Rng};
use alloc::vec;
use alloc::vec::Vec;

/// How the weights start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Init {
    /// The style's own start values, as in the table.
    #[default]
    Preset,
    /// GPT-2's: N(0, 0.02²), residual projections N(0, (0.02/√(2L))²), norms 1, biases 0.
    Gpt2Classic,
}

/// Weights of `seed`: each tensor draws from a stream of its own.
pub(super) fn init(config: &Config, table: &Table, seed: u64, init: Init) -> Vec<f32> {
    let mut params = vec![0.0; table.total()];
    for (index, tensor) in table.tensors().iter().enumerate() {
        let values = &mut params[tensor.range()];
        let start = match init {
            Init::Preset => tensor.start,
            Init::Gpt2Classic => classic(config, &tensor.name, tensor.decayed),
        };
        match start {
            Start::Constant(value) => values.fill(value),
            Start::Normal(deviation) => {
                let mut r = Rng::new(seed, Purpose::Init, index as u64);
                values.iter_mut().for_each(|v| *v = (r.normal() * f64::from(deviation)) as f32);
            }
            Start::Waves(rms) => waves(values, config.width, rms),
        }
    }
    params
}

fn classic(config: &Config, name: &str, matrix: bool) -> Start {
    let residual = ["c_proj.weight", "o_proj.weight", "down_proj.weight", "fc2.weight"];
    if matrix {
        let depth = if residual.iter().any(|end| name.ends_with(end)) { 2.0 * config.layers as f32 } else { 1.0 };
        Start::Normal(0.02 / libm::sqrtf(depth))
    } else {
        Start::Constant(if name.ends_with("bias") { 0.0 } else { 1.0 })
    }
}

/// Row t: sin(t·ω_i) and cos(t·ω_i), ω_i = 10000^(-2i/C) (Vaswani et al. 2017, section 3.5), scaled to `rms`.
fn waves(values: &mut [f32], width: usize, rms: f32) {
    // A sine and a cosine have mean square 1/2 together.
    let scale = f64::from(rms) * core::f64::consts::SQRT_2;
    for (t, row) in values.chunks_exact_mut(width).enumerate() {
        for (i, value) in row.iter_mut().enumerate() {
            let angle = t as f64 * libm::pow(10_000.0, -((i / 2 * 2) as f64) / width as f64);
            *value = (scale * if i % 2 == 0 { libm::sin(angle) } else { libm::cos(angle) }) as f32;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{Config, Init, Model};

    fn deviation(x: &[f32]) -> f64 {
        let n = x.len() as f64;
        let mean = x.iter().map(|&v| f64::from(v)).sum::<f64>() / n;
        libm::sqrt(x.iter().map(|&v| (f64::from(v) - mean) * (f64::from(v) - mean)).sum::<f64>() / n)
    }

    #[test]
    fn presets_start_as_their_recipes_say() {
        for (config, embedding, gain, name) in [
            (Config::modern(300, 32, 2, 2, 64), 0.1, 0.3, ("model.embed_tokens.weight", "model.norm.weight")),
            (Config::gpt2(300, 32, 2, 2, 64), 0.2, 0.2, ("transformer.wte.weight", "transformer.ln_f.weight")),
        ] {
            let model = Model::new(config).unwrap();
            let params = model.init(1, Init::Preset);
            let of = |name: &str| &params[model.table().get(name).unwrap().range()];
            assert!((deviation(of(name.0)) - embedding).abs() < 0.05 * embedding);
            assert!(of(name.1).iter().all(|&g| g == gain));
            for tensor in model.table().tensors() {
                if tensor.name.ends_with("c_proj.weight") || tensor.name.ends_with("down_proj.weight") {
                    assert!(params[tensor.range()].iter().all(|&x| x == 0.0), "{}", tensor.name);
                }
                if tensor.name.contains("c_fc.weight") || tensor.name.contains("gate_proj") {
                    assert!((deviation(&params[tensor.range()]) - 0.125).abs() < 0.01, "{}", tensor.name);
                }
            }
        }
    }

    #[test]
    fn learned_positions_start_as_waves_of_the_stated_size() {
        let model = Model::new(Config::gpt2(50, 64, 1, 2, 32)).unwrap();
        let params = model.init(1, Init::Preset);
        let waves = &params[model.table().get("transformer.wpe.weight").unwrap().range()];
        let rms = libm::sqrt(waves.iter().map(|&x| f64::from(x * x)).sum::<f64>() / waves.len() as f64);
        assert!((rms - 0.2).abs() < 1e-3, "{rms}");
    }

    #[test]
    fn a_seed_gives_the_same_weights_and_another_seed_others() {
        let model = Model::new(Config::modern(50, 16, 1, 2, 16)).unwrap();
        assert_eq!(model.init(1, Init::Preset), model.init(1, Init::Preset));
        assert_ne!(model.init(1, Init::Preset), model.init(2, Init::Preset));
    }

    #[test]
    fn the_classic_start_is_small_everywhere() {
        let model = Model::new(Config::gpt2(200, 16, 2, 2, 64)).unwrap();
        let params = model.init(1, Init::Gpt2Classic);
        let of = |name: &str| &params[model.table().get(name).unwrap().range()];
        assert!((deviation(of("transformer.wte.weight")) - 0.02).abs() < 0.001);
        assert!((deviation(of("transformer.h.0.mlp.c_proj.weight")) - 0.01).abs() < 0.001);
    }
}
