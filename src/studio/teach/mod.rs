//! From a predictor to an assistant: pre-training, fine-tuning on dialogues, preferences, tools, each stage a [`Lesson`] of
//! the one learning loop, and the examinations of what it has learnt.
//!
//! ```no_run
//! use glassgpt::data::{Lang, Part};
//! use glassgpt::studio::teach::{Course, Recipe, examine};
//!
//! let course = Course::new(Recipe::of(Lang::En), &mut |_| true)?;
//! let base = course.pretrain(1)?.complete(&mut |_| true)?;
//! let assistant = course.tune(&base, 1)?.complete(&mut |_| true)?;
//! let marks = examine::exact(&course, &assistant, &course.questions(Part::Combinations, 240));
//! println!("{:.2} of the answers are exact", marks?.share());
//! # Ok::<(), glassgpt::Error>(())
//! ```

mod chat;
mod course;
mod examination;
pub mod examine;
mod kept;
mod lesson;
mod recall;
mod spoken;
mod taste;
mod teacher;
#[cfg(test)]
mod tests;
mod tools;
mod work;

pub use chat::Chat;
pub use course::{Course, Recipe, Start, Tuning};
pub use examination::{Compared, Exam, Examination, Findings, Share, Shown};
pub use kept::Kept;
pub use lesson::Lesson;
pub use spoken::{Author, Called, Form, Question, Spoken};
pub use taste::{Click, Judge, PolicyLesson, learn_taste};
pub use teacher::{LEARNING, Teacher};
pub use tools::{Reply, reply};
pub use work::{Plan, PolicyProgress, Progress, Shared};
