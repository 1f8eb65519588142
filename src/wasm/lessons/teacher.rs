//! A model taught: the JavaScript class `Teacher`. Its types are those of `www/engine/teacher-protocol.js`.

use crate::align::Example;
use crate::data::{Lang, LookUp, OwnExample, read_examples, write_examples};
use crate::error::Error;
use crate::studio::teach::{self, Author, Called, Course, Recipe, Shared, Start};
use crate::studio::{Inspection, Phase, Run};
use crate::wasm::convert::{
    check_length, check_shard, floats, from_js, id_tokens, js_error, looked, object, rows, set, text_tokens, to_js,
};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use js_sys::{Float32Array, Function, Object, Uint8Array};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

type Js<T = JsValue> = core::result::Result<T, JsValue>;

/// What a course is made from.
#[derive(Deserialize)]
struct Wish {
    lang: Lang,
    quick: bool,
    seed: u64,
}

fn start_of(name: &str) -> Start {
    if name == "random" { Start::Random } else { Start::LookBack }
}

/// A course with its stages.
#[wasm_bindgen]
pub struct Teacher {
    inner: teach::Teacher<'static>,
}

#[wasm_bindgen]
impl Teacher {
    /// Makes text and vocabulary; `progress(share)` is told how far they are.
    #[wasm_bindgen(constructor)]
    pub fn new(wish: JsValue, progress: &Function) -> Js<Teacher> {
        let Wish { lang, quick, seed } = from_js(wish)?;
        let recipe = if quick { Recipe::quick(lang) } else { Recipe::of(lang) };
        let mut report = |share: f64| {
            // What it returns or throws does not matter.
            let _ = progress.call1(&JsValue::NULL, &share.into());
            true
        };
        let course = Course::new(recipe, &mut report).map_err(js_error)?;
        // Lessons borrow it, and a worker has one course in its life.
        let course: &'static Course = Box::leak(Box::new(course));
        Ok(Self { inner: teach::Teacher::new(course, seed) })
    }

    /// A course with the model of a checkpoint file, its text and vocabulary; the weights are stage 1.
    #[wasm_bindgen(js_name = ofCheckpoint)]
    pub fn of_checkpoint(file: &[u8], wish: JsValue, progress: &Function) -> Js<Teacher> {
        let Wish { lang, seed, .. } = from_js(wish)?;
        let mut report = |_: Phase, done: usize, total: usize| {
            let _ = progress.call1(&JsValue::NULL, &(done as f64 / total.max(1) as f64).into());
        };
        let run = Run::load(file, &mut report).map_err(js_error)?;
        let course: &'static Course = Box::leak(Box::new(Course::of_run(&run, lang).map_err(js_error)?));
        let mut inner = teach::Teacher::new(course, seed);
        inner.put(1, run.session().shown_params().to_vec()).map_err(js_error)?;
        Ok(Self { inner })
    }

    /// `CourseInfo`.
    pub fn info(&self) -> Js {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Info<'a> {
            recipe: &'a Recipe,
            vocab_size: usize,
            parameters: usize,
            train_tokens: usize,
            /// Of training on one token.
            flops_per_token: f64,
            specials: Vec<(&'a str, u32)>,
        }
        let course = self.inner.course();
        to_js(&Info {
            recipe: course.recipe(),
            vocab_size: course.model().config().vocab_size,
            parameters: course.model().table().total(),
            train_tokens: course.split().train.len(),
            flops_per_token: course.flops(1),
            specials: course.chat().tokenizer().specials().collect(),
        })
    }

    /// Weights before any training.
    pub fn initial(&self, start: &str) -> Js<Float32Array> {
        self.inner.initial(start_of(start)).map(|weights| floats(&weights)).map_err(js_error)
    }

    /// Weights of a stage, or of the one that is learning (0).
    pub fn weights(&self, stage: u32) -> Js<Float32Array> {
        self.inner.params(stage).map(floats).map_err(js_error)
    }

    /// Keeps weights as a stage.
    pub fn put(&mut self, stage: u32, weights: Vec<f32>) -> Js<()> {
        self.inner.put(stage, weights).map_err(js_error)
    }

    /// Forgets a stage.
    pub fn remove(&mut self, stage: u32) {
        self.inner.remove(stage);
    }

    /// Begins the lesson of a `Plan`.
    pub fn begin(&mut self, plan: JsValue) -> Js<()> {
        self.inner.begin(from_js(plan)?).map_err(js_error)
    }

    /// One slice; whether it completed a step.
    pub fn advance(&mut self) -> Js<bool> {
        self.inner.advance().map_err(js_error)
    }

    /// Shards of a step that helpers can take part in: `[shards, added]`; null where they cannot.
    pub fn shards(&mut self) -> Js {
        to_js(&self.inner.shared().map(|lesson| lesson.shards()))
    }

    /// What a `Helper` of the engine is made of.
    pub fn lesson(&mut self) -> Js<String> {
        Ok(self.shared()?.lesson())
    }

    /// Writes the weights that gradients are taken at into `target`.
    #[wasm_bindgen(js_name = copyWeights)]
    pub fn copy_weights(&mut self, target: &Float32Array) -> Js<()> {
        let weights = self.shared()?.weights();
        check_length(target, weights.len())?;
        target.copy_from(weights);
        Ok(())
    }

    /// The rows of a shard of the present step: `{ tokens, targets, weights }`.
    #[wasm_bindgen(js_name = shardBatch)]
    pub fn shard_batch(&mut self, shard: usize) -> Js<Object> {
        let shared = self.shared()?;
        check_shard(shard, shared.shards()[0])?;
        Ok(rows(shared.shard_batch(shard)))
    }

    /// `advance` with the next shard's loss and gradient from a helper.
    #[wasm_bindgen(js_name = addShard)]
    pub fn add_shard(&mut self, loss_nats: f64, gradient: &Float32Array) -> Js<bool> {
        check_length(gradient, self.inner.course().model().table().total())?;
        self.shared()?.receive_shard(loss_nats, &mut |room| gradient.copy_to(room)).map_err(js_error)
    }

    fn shared(&mut self) -> Js<&mut dyn Shared> {
        self.inner.shared().ok_or_else(|| {
            let expected = "one that helpers can take part in".into();
            js_error(Error::Setting { name: "lesson", expected, found: "none".into() })
        })
    }

    /// `LessonProgress`, or null without a lesson.
    pub fn progress(&self) -> Js {
        to_js(&self.inner.progress())
    }

    /// Whether there is nothing more to advance.
    #[wasm_bindgen(js_name = isFinished)]
    pub fn is_finished(&self) -> bool {
        self.inner.is_finished()
    }

    /// Ends the lesson as a stage; gives the numbers that were trained.
    pub fn keep(&mut self, stage: u32) -> Js<u32> {
        self.inner.keep(stage).map(|trained| trained as u32).map_err(js_error)
    }

    /// Forgets the lesson.
    pub fn abandon(&mut self) {
        self.inner.abandon();
    }

    /// Of a lesson with adapters: `[number, number]`, the largest difference of a logit with the adapters taken out, and
    /// with them in; otherwise null.
    pub fn unmerged(&self, from: u32) -> Js {
        to_js(&self.inner.unmerged(from).map_err(js_error)?)
    }

    /// `Spoken`.
    pub fn ask(&self, stage: u32, question: JsValue) -> Js<Object> {
        let spoken = self.inner.ask(stage, &from_js(question)?).map_err(js_error)?;
        let out = object();
        set(&out, "tokens", id_tokens(self.inner.course().chat().tokenizer(), &spoken.ids)?);
        let author = |author: &Author| match author {
            Author::Given => 0,
            Author::Model => 1,
            Author::Page => 2,
        };
        set(&out, "authors", Uint8Array::from(&spoken.authors.iter().map(author).collect::<Vec<u8>>()[..]));
        set(&out, "probabilities", floats(&spoken.probabilities));
        set(&out, "answer", spoken.answer);
        set(&out, "calls", to_js(&spoken.calls)?);
        set(&out, "outcome", spoken.outcome);
        Ok(out)
    }

    /// `Cards`: answers of a stage to choose from.
    pub fn cards(&self, stage: u32, seed: u32, number: u32) -> Js {
        let params = self.inner.params(stage).map_err(js_error)?;
        let cards = self.inner.course().cards(params, u64::from(seed), u64::from(number)).map_err(js_error)?;
        #[derive(Serialize)]
        struct Cards {
            user: String,
            answers: Vec<Card>,
        }
        #[derive(Serialize)]
        struct Card {
            tone: crate::data::Tone,
            text: String,
        }
        let answers = cards.1.into_iter().map(|(tone, text)| Card { tone, text }).collect();
        to_js(&Cards { user: cards.0, answers })
    }

    /// `Looked`: what a stage does with a text.
    pub fn look(&self, stage: u32, text: &str) -> Js<Object> {
        self.looked(self.inner.inspect(stage, text).map_err(js_error)?)
    }

    /// The same before any training.
    #[wasm_bindgen(js_name = lookAtStart)]
    pub fn look_at_start(&self, start: &str, text: &str) -> Js<Object> {
        self.looked(self.inner.inspect_start(start_of(start), text).map_err(js_error)?)
    }

    fn looked(&self, (ids, found): (Vec<u32>, Inspection)) -> Js<Object> {
        let course = self.inner.course();
        looked(course.chat().tokenizer(), course.model().config(), &ids, &found)
    }

    /// A text in which something is mentioned twice: `[string, string]`, up to the second mention, and its word.
    pub fn twice(&self, number: u32) -> Vec<String> {
        let (before, value) = self.inner.twice(u64::from(number));
        [before, value].into()
    }

    /// A dialogue of fine-tuning: its tokens and what each counts.
    pub fn example(&self, number: u32) -> Js<Object> {
        let Example { ids, weights } = self.inner.example(u64::from(number));
        let out = object();
        set(&out, "tokens", id_tokens(self.inner.course().chat().tokenizer(), &ids)?);
        set(&out, "weights", floats(&weights));
        Ok(out)
    }

    /// A held-out question (`task`: or a task) and its answer: `[string, string]`.
    pub fn draw(&self, number: u32, task: bool) -> Vec<String> {
        let number = u64::from(number);
        let (user, answer) = if task { self.inner.task(number) } else { self.inner.held_out(number) };
        [user, answer].into()
    }

    /// `TokenList` of a text.
    pub fn tokenize(&self, text: &str) -> Object {
        text_tokens(self.inner.course().chat().tokenizer(), text)
    }

    /// Begins an `Exam`.
    pub fn examine(&mut self, exam: JsValue) -> Js<()> {
        self.inner.examine(from_js(exam)?).map_err(js_error)
    }

    /// Asks one question of it: `[asked, in all]`.
    pub fn question(&mut self) -> Js<Vec<f64>> {
        let (asked, all) = self.inner.question().map_err(js_error)?;
        Ok([asked as f64, all as f64].into())
    }

    /// Ends it with its `Findings`.
    pub fn findings(&mut self) -> Js {
        to_js(&self.inner.findings())
    }
}

/// What the tools say to a request that somebody else than a model writes.
#[wasm_bindgen(js_name = callTool)]
pub fn call_tool(request: String, table: JsValue, lang: JsValue) -> Js {
    let rows: Vec<(String, String)> = from_js(table)?;
    let mut table = LookUp::new();
    rows.iter().for_each(|(name, fact)| table.set(name, fact));
    to_js(&Called::of(request, &table, from_js(lang)?))
}

/// `{ examples, errors }` of lines of JSON.
#[wasm_bindgen(js_name = readExamples)]
pub fn read_lines(text: &str) -> Js {
    #[derive(Serialize)]
    struct Lines {
        examples: Vec<OwnExample>,
        errors: Vec<crate::data::LineError>,
    }
    let (examples, errors) = read_examples(text);
    to_js(&Lines { examples, errors })
}

/// Examples as lines of JSON.
#[wasm_bindgen(js_name = writeExamples)]
pub fn write_lines(examples: JsValue) -> Js<String> {
    Ok(write_examples(&from_js::<Vec<OwnExample>>(examples)?))
}
