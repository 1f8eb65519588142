//! Everything that a run needs to go on bit for bit, as plain numbers and one JSON text.
//! Knows nothing of files: whoever writes one gets named tensors and the text, and gives them back.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::settings::Settings;
use super::stepper::Weights;
use crate::error::{Error, Result};
use crate::model::{Config, Model};

/// A run at the end of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// The model.
    pub config: Config,
    /// The settings, as tuned.
    pub settings: Settings,
    /// Steps done.
    pub step: u64,
    /// [`Split::hash`](super::Split::hash) of the text.
    pub corpus: u64,
    /// Weights and optimizer state.
    pub weights: Weights,
}

/// A tensor by name: shape and values, row-major.
pub type NamedTensor<'a> = (String, Vec<usize>, &'a [f32]);

/// The part of a [`State`] that is no tensor.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Header {
    pub config: Config,
    pub settings: Settings,
    step: u64,
    /// In hexadecimal: JavaScript numbers cannot hold 64 bits.
    corpus: String,
}

impl Header {
    pub fn new(config: &Config, settings: &Settings, step: u64, corpus: u64) -> Self {
        Self { config: config.clone(), settings: settings.clone(), step, corpus: format!("{corpus:016x}") }
    }

    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default() // plain structs: cannot fail
    }

    /// # Errors
    /// [`Error::Format`] if the text is not that of a run; [`Error::Setting`] or [`Error::Memory`] for a run that could
    /// not have been.
    pub fn from_json(text: &str, allowed_bytes: u64) -> Result<Self> {
        let header: Self = serde_json::from_str(text).map_err(|e| unusable("the JSON of a run", &e.to_string()))?;
        header.settings.validate()?;
        header.config.validate(header.settings.rows_per_shard(), allowed_bytes)?;
        Ok(header)
    }
}

/// Prefixes of the tensors' names, in the order of [`Weights`]. The weights themselves bear the model's own names, so
/// that any reader of such files finds them.
const PREFIXES: [&str; 4] = ["", "momentum.", "variance.", "average."];

impl State {
    /// The JSON text and the tensors, in a fixed order.
    ///
    /// # Errors
    /// [`Error::Setting`] if the configuration is not one that a run could have.
    pub fn to_parts(&self) -> Result<(String, Vec<NamedTensor<'_>>)> {
        let model = Model::new(self.config.clone())?;
        let text = Header::new(&self.config, &self.settings, self.step, self.corpus).to_json();
        let w = &self.weights;
        let lists = [&w.params, &w.momentum, &w.variance, &w.average];
        let mut tensors = Vec::new();
        for (prefix, list) in PREFIXES.into_iter().zip(lists).filter(|(_, list)| !list.is_empty()) {
            for tensor in model.table().tensors() {
                tensors.push((format!("{prefix}{}", tensor.name), tensor.shape.clone(), &list[tensor.range()]));
            }
        }
        Ok((text, tensors))
    }

    /// The state of these parts. `tensor(name)` gives a tensor's values.
    ///
    /// # Errors
    /// [`Error::Format`] if the text is not that of a run, or a tensor is missing or of another size; [`Error::Setting`] or
    /// [`Error::Memory`] for a run that could not have been: all of them before the weights are allocated.
    pub fn from_parts<'a>(text: &str, tensor: impl Fn(&str) -> Option<&'a [f32]>, allowed_bytes: u64) -> Result<Self> {
        let Header { config, settings, step, corpus } = Header::from_json(text, allowed_bytes)?;
        let corpus = u64::from_str_radix(&corpus, 16).map_err(|_| unusable("a hexadecimal corpus number", &corpus))?;
        let model = Model::new(config)?;
        let list = |prefix: &str, used: bool| {
            let mut list = Vec::new();
            for entry in model.table().tensors().iter().filter(|_| used) {
                let name = format!("{prefix}{}", entry.name);
                let found =
                    tensor(&name).ok_or_else(|| unusable(&format!("the tensor {name}"), "none of this name"))?;
                if found.len() != entry.len() {
                    let (expected, found) = (format!("{name} of {} numbers", entry.len()), found.len().to_string());
                    return Err(unusable(&expected, &found));
                }
                list.extend_from_slice(found);
            }
            Ok(list)
        };
        let [own, momentum, variance, average] = PREFIXES;
        let weights = Weights {
            params: list(own, true)?,
            momentum: list(momentum, true)?,
            variance: list(variance, settings.optimizer.keeps_variance())?,
            average: list(average, settings.average)?,
        };
        let config = model.config().clone();
        Ok(Self { config, settings, step, corpus, weights })
    }
}

fn unusable(expected: &str, found: &str) -> Error {
    Error::Format { file: "checkpoint", expected: expected.into(), found: found.into() }
}
