//! What a model is taught after pre-training, as tasks for the one learning loop ([`Learner`](crate::train::Learner)).
//!
//! Each lesson differs only in its rows and in the gradient at the logits: [`Masked`] (fine-tuning: some tokens count),
//! [`Dpo`] (pairs), [`PolicyGradient`] (answers with an advantage); [`Replayed`] keeps another task's rows beside. [`Lora`] changes which numbers are trained;
//! [`RewardHead`] is trained on what a model has read. Token ids in, weights out: nothing here knows of text.

mod dpo;
mod drill;
mod example;
mod lora;
mod masked;
mod policy;
mod reader;
mod replayed;
mod reward;
#[cfg(test)]
mod tests;

pub use dpo::{Dpo, DpoReport, Pair};
pub use drill::Drilled;
pub use example::{Example, pack};
pub use lora::{Lora, Targets};
pub use masked::{Masked, Rows};
pub use policy::{Answer, Average, Penalty, PolicyGradient, PolicyReport, PolicySettings, Surrogate, advantages};
pub use reader::Reader;
pub use replayed::Replayed;
pub use reward::{HeadSettings, RewardHead, bradley_terry, pool, pool_backward};
