//! One stage of a course: a learner and its task, in slices.

use alloc::vec::Vec;

use super::course::Course;
use crate::error::Result;
use crate::train::{Learner, Objective, Own, StepReport, View};

/// A stage on its way.
pub struct Lesson<'a, O, V = Own> {
    course: &'a Course,
    learner: Learner<V>,
    objective: O,
}

impl<'a, O: Objective, V: View> Lesson<'a, O, V> {
    pub(super) fn new(course: &'a Course, learner: Learner<V>, objective: O) -> Self {
        Self { course, learner, objective }
    }

    /// Does one shard: one bounded slice of work. `Some` when this completed a step.
    ///
    /// # Errors
    /// As [`Learner::advance`].
    pub fn advance(&mut self) -> Result<Option<StepReport>> {
        self.learner.advance(&mut self.objective)
    }

    /// Completes the current step.
    ///
    /// # Errors
    /// As [`Lesson::advance`].
    pub fn step(&mut self) -> Result<StepReport> {
        loop {
            if let Some(report) = self.advance()? {
                return Ok(report);
            }
        }
    }

    /// Whether the planned steps are done.
    pub fn is_finished(&self) -> bool {
        self.learner.step() >= self.learner.settings().steps
    }

    /// All steps that are left; `watch` sees each report and stops by returning false. Gives the weights as they are then.
    ///
    /// # Errors
    /// As [`Lesson::advance`].
    pub fn complete(mut self, watch: &mut dyn FnMut(&StepReport) -> bool) -> Result<Vec<f32>> {
        while !self.is_finished() {
            if !watch(&self.step()?) {
                break;
            }
        }
        Ok(self.params().to_vec())
    }

    /// The weights to look at and go on with.
    pub fn params(&self) -> &[f32] {
        self.learner.shown_params()
    }

    /// The loop.
    pub fn learner(&self) -> &Learner<V> {
        &self.learner
    }

    /// The task, with its own report.
    pub fn objective(&self) -> &O {
        &self.objective
    }

    /// The task, to look at its rows.
    pub fn objective_mut(&mut self) -> &mut O {
        &mut self.objective
    }

    /// The loop and its task, to share a step's work.
    pub(super) fn parts(&mut self) -> (&mut Learner<V>, &mut O) {
        (&mut self.learner, &mut self.objective)
    }

    /// The course.
    pub fn course(&self) -> &'a Course {
        self.course
    }
}
