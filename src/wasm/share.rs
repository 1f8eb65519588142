//! The shards of a step, for instances that share its work. Gradients and weights cross into arrays of the caller, which
//! are used again and again.

use super::convert::{check_length, check_shard, js_error, rows};
use super::run::Engine;
use crate::model::ALLOWED_BYTES;
use crate::train;
use alloc::string::String;
use js_sys::{Array, Float32Array, Object};
use wasm_bindgen::prelude::*;

type Js<T> = Result<T, JsValue>;

#[wasm_bindgen]
impl Engine {
    /// Shards of a step.
    pub fn shards(&mut self) -> usize {
        self.0.session_mut().settings().shards_per_step()
    }

    /// Shards of the current step that are added.
    #[wasm_bindgen(js_name = shardsAdded)]
    pub fn shards_added(&mut self) -> usize {
        self.0.session_mut().learner().shards_added()
    }

    /// Length of weights and gradients.
    #[wasm_bindgen(js_name = weightCount)]
    pub fn weight_count(&mut self) -> usize {
        self.0.session_mut().model().table().total()
    }

    /// What a `Helper` is made of.
    pub fn lesson(&mut self) -> String {
        self.0.session_mut().lesson()
    }

    /// Writes the weights in training into `target`.
    #[wasm_bindgen(js_name = copyWeights)]
    pub fn copy_weights(&mut self, target: &Float32Array) -> Js<()> {
        let params = &self.0.session_mut().learner().weights().params;
        check_length(target, params.len())?;
        target.copy_from(params);
        Ok(())
    }

    /// The rows of a shard of the current step: `{ tokens, targets, weights }`.
    #[wasm_bindgen(js_name = shardBatch)]
    pub fn shard_batch(&mut self, shard: usize) -> Js<Object> {
        check_shard(shard, self.shards())?;
        Ok(rows(self.0.session_mut().shard_batch(shard)))
    }

    /// `advance` with the next shard's loss and gradient from a helper.
    #[wasm_bindgen(js_name = addShard)]
    pub fn add_shard(&mut self, loss_nats: f64, gradient: &Float32Array) -> Js<Array> {
        check_length(gradient, self.weight_count())?;
        let notes = self.0.receive_shard(loss_nats, |room| gradient.copy_to(room)).map_err(js_error)?;
        notes.iter().map(|n| self.note(n)).collect()
    }
}

/// Gradients for a run of another instance.
#[wasm_bindgen]
pub struct Helper(train::Helper);

#[wasm_bindgen]
impl Helper {
    /// A helper without weights yet; `lesson` as an `Engine` gives it.
    #[wasm_bindgen(constructor)]
    pub fn new(lesson: &str) -> Js<Helper> {
        train::Helper::new(lesson, ALLOWED_BYTES).map(Self).map_err(js_error)
    }

    /// Takes the weights of a step.
    #[wasm_bindgen(js_name = setWeights)]
    pub fn set_weights(&mut self, weights: &Float32Array) -> Js<()> {
        check_length(weights, self.0.params_mut().len())?;
        weights.copy_to(self.0.params_mut());
        Ok(())
    }

    /// Part of the loss of a shard's rows; writes their gradient into `target`.
    pub fn gradient(&mut self, tokens: &[u32], targets: &[u32], weights: &[f32], target: &Float32Array) -> Js<f64> {
        check_length(target, self.0.params_mut().len())?;
        let time = self.0.context();
        let (loss_nats, gradient) = self.0.gradient(|batch| {
            batch.clear(time);
            batch.tokens.extend_from_slice(tokens);
            batch.targets.extend_from_slice(targets);
            batch.weights.extend_from_slice(weights);
            batch.rows = tokens.len() / time;
        });
        target.copy_from(gradient);
        Ok(loss_nats)
    }
}
