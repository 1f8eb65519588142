//! Which numbers are trained, where they are not simply the model's weights.

use crate::model::{Model, Table};

/// What is trained of a model.
pub trait View {
    /// What is trained, tensor by tensor.
    fn table<'a>(&'a self, model: &'a Model) -> &'a Table;

    /// The model's weights for the numbers that are `trained`, as they were when [`View::changed`] was called last.
    fn params<'a>(&'a self, trained: &'a [f32]) -> &'a [f32];

    /// The gradient of what is trained, from that of the model's weights.
    fn gradient<'a>(&'a mut self, trained: &[f32], gradient: &'a [f32]) -> &'a [f32];

    /// Told after each change of what is trained.
    fn changed(&mut self, trained: &[f32]);
}

/// The model's own weights, all of them.
#[derive(Debug, Clone, Copy)]
pub struct Own;

impl View for Own {
    fn table<'a>(&'a self, model: &'a Model) -> &'a Table {
        model.table()
    }

    fn params<'a>(&'a self, trained: &'a [f32]) -> &'a [f32] {
        trained
    }

    fn gradient<'a>(&'a mut self, _trained: &[f32], gradient: &'a [f32]) -> &'a [f32] {
        gradient
    }

    fn changed(&mut self, _trained: &[f32]) {}
}
