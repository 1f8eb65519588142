//! The learning loop.
//!
//! [`Session`] is a pre-training run; [`Learner`] the loop underneath, for any [`Objective`]. Token ids in, weights and
//! losses out: nothing here knows of files, browsers or tokenizers.

mod baseline;
mod batch;
mod evaluation;
mod helper;
mod history;
mod learner;
mod objective;
mod pass;
mod schedule;
mod scoring;
mod session;
mod settings;
mod split;
mod state;
mod stepper;
#[cfg(test)]
mod tests;
mod view;

pub use baseline::{BaselineRun, Baselines, NGrams, uniform};
pub use batch::{Batch, window_starts};
pub use evaluation::{Evaluation, EvaluationRun};
pub use helper::Helper;
pub use history::History;
pub use learner::Learner;
pub use objective::{NextToken, Objective};
pub use schedule::Schedule;
pub use scoring::{MOST_SCORED, Scores, ScoringRun};
pub use session::Session;
pub use settings::{Optimizer, Settings};
pub use split::{Documents, Split};
pub use state::{NamedTensor, State};
pub use stepper::{StepReport, Stepper, Weights};
pub use view::{Own, View};
