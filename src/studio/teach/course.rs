//! Everything that the stages of a course share: text, vocabulary, sizes, and the recipe.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::chat::Chat;
use super::kept::Kept;
use super::lesson::Lesson;
use super::tools;
use crate::align::{Dpo, Drilled, Example, Lora, Masked, Pair, Reader, Replayed, Rows, Targets, pack};
use crate::data::{Dialogue, Lang, Part, Task, Tone, stories};
use crate::error::{Error, Result};
use crate::model::{ALLOWED_BYTES, Config, Init, Model};
use crate::rng::{Purpose, Rng};
use crate::studio::Run;
use crate::tokenizer::{SPECIALS, Split as Cut, Tokenizer, TrainOptions};
use crate::train::{Documents, Learner, NextToken, Schedule, Settings, Split, Weights, window_starts};

/// Fewest tokens of context in which a question with two people and its answer fit.
const LEAST_CONTEXT: usize = 64;

/// How the weights start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// With a circuit that looks back.
    LookBack,
    /// At random.
    Random,
}

/// Sizes and rates of all stages.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Recipe {
    /// Language of the world.
    pub lang: Lang,
    /// Bytes of text to pre-train on.
    pub corpus_bytes: usize,
    /// Tokens of the vocabulary.
    pub vocab_size: usize,
    /// Tokens that the model sees.
    pub context: usize,
    /// Blocks.
    pub layers: usize,
    /// Heads.
    pub heads: usize,
    /// Values of the residual stream.
    pub width: usize,
    /// How the weights start.
    pub start: Start,
    /// Rows of a step of pre-training, fine-tuning and tools.
    pub rows: usize,
    /// Steps of pre-training, and its rate.
    pub pretrain: (u64, f32),
    /// First steps of pre-training with a copy drill.
    pub drill: u64,
    /// Steps of fine-tuning, and its rate.
    pub tune: (u64, f32),
    /// Rows of a step of fine-tuning or tools that are text of pre-training, and what their tokens count.
    pub replay: (usize, f32),
    /// Steps of learning to use tools, and the rate.
    pub tools: (u64, f32),
    /// Share of dialogues among the examples for tools, in percent.
    pub chat_percent: usize,
    /// Own answers of the model to draw those dialogues from.
    pub pool: usize,
    /// Rounds through the pairs of DPO, and its rate.
    pub dpo: (u64, f32),
    /// What a nat counts by which a pair's margin has grown: the less, the farther DPO goes from its start.
    pub beta: f64,
    /// Pairs of a step.
    pub pairs: usize,
    /// Rows beside pairs or sampled answers that keep the content right, an even number, and what their mean loss counts.
    pub kept: (usize, f32),
    /// Steps of the policy gradient, and its rate.
    pub policy: (u64, f32),
    /// Prompts of a step of the policy gradient, and answers to each.
    pub groups: (usize, usize),
    /// Weight of the policy gradient's penalty; with another one, the rows that are kept beside it count in proportion.
    pub kl: f64,
}

impl Recipe {
    /// The recipe of a language.
    pub fn of(lang: Lang) -> Self {
        let chinese = lang == Lang::ZhHans;
        Self {
            lang,
            corpus_bytes: 1_500_000,
            vocab_size: if chinese { 840 } else { 768 },
            context: 96,
            layers: 3,
            heads: 3,
            width: 96,
            start: Start::LookBack,
            rows: 8,
            pretrain: (if chinese { 740 } else { 700 }, 3e-3),
            drill: 80,
            tune: (800, 2e-3),
            replay: (1, 1.0),
            tools: (700, 1.2e-3),
            chat_percent: 30,
            pool: 1500,
            dpo: (6, 2.2e-4),
            beta: 0.1,
            pairs: 8,
            kept: (8, 2.0),
            policy: (25, 5e-4),
            groups: (8, 8),
            kl: 0.2,
        }
    }
}

impl Recipe {
    /// Every stage in seconds, to see what happens: too small to learn much.
    pub fn quick(lang: Lang) -> Self {
        Self {
            corpus_bytes: 120_000,
            vocab_size: if lang == Lang::ZhHans { 640 } else { 448 },
            context: 64,
            layers: 2,
            heads: 2,
            width: 48,
            pretrain: (60, 4e-3),
            drill: 20,
            tune: (60, 3e-3),
            tools: (40, 3e-3),
            pool: 8,
            dpo: (3, 3e-4),
            policy: (4, 1e-3),
            groups: (3, 4),
            ..Self::of(lang)
        }
    }
}

/// What a fine-tuning learns from.
#[derive(Debug, Clone, PartialEq)]
pub struct Tuning {
    /// The learner's own dialogues (user, answer): three of ten.
    pub own: Vec<(String, String)>,
    /// Whether text of pre-training is read on beside the dialogues.
    pub replay: bool,
    /// Steps.
    pub steps: u64,
}

/// A prepared course: the text is made and cut into tokens, nothing is learnt yet.
pub struct Course {
    recipe: Recipe,
    chat: Chat,
    model: Model,
    split: Split,
}

/// Dialogues and tasks that are looked through for characters; all phrases come up.
const LOOKED_THROUGH: u64 = 1000;

/// Characters that dialogues and tasks have and the text has not, each twice: learnt from too, they become tokens, as those
/// of the text are.
fn unseen<'a>(lang: Lang, text: impl Iterator<Item = &'a str>) -> String {
    let seen: BTreeSet<char> = text.flat_map(str::chars).collect();
    let mut unseen = BTreeSet::new();
    for n in 0..LOOKED_THROUGH {
        let dialogue = Dialogue::draw(lang, &mut Rng::new(1, Purpose::Dialogue, n), Part::Train, None, None);
        let task = Task::draw(lang, &mut Rng::new(1, Purpose::Task, n), Part::Train, None, false);
        for words in [dialogue.user, dialogue.long, dialogue.short, task.user, task.answer] {
            unseen.extend(words.chars().filter(|c| !c.is_ascii() && !seen.contains(c)));
        }
    }
    unseen.into_iter().flat_map(|c| [c, c]).collect()
}

impl Course {
    /// Makes the text and the vocabulary. `progress` is told the share that is done and stops by returning false: the
    /// vocabulary is then smaller than wanted.
    ///
    /// # Errors
    /// [`Error::Setting`](crate::Error::Setting) and [`Error::Memory`](crate::Error::Memory) for a recipe out of range;
    /// [`Error::CorpusTooShort`](crate::Error::CorpusTooShort).
    pub fn new(recipe: Recipe, progress: &mut dyn FnMut(f64) -> bool) -> Result<Self> {
        let corpus = stories(recipe.lang, recipe.corpus_bytes, 1);
        let options = TrainOptions {
            vocab_size: recipe.vocab_size,
            split: Cut::Digits,
            specials: SPECIALS.map(String::from).to_vec(),
        };
        let half = corpus.documents.len() / 2;
        let unseen = unseen(recipe.lang, corpus.documents());
        let documents = corpus.documents().take(half).chain([unseen.as_str()]);
        let (tokenizer, _) =
            Tokenizer::train(documents, &options, &mut |done, wanted| progress(done as f64 / wanted.max(1) as f64))?;
        let chat = Chat::new(recipe.lang, tokenizer)?;
        let tokenizer = chat.tokenizer();
        let end = chat.marks().end;
        let mut documents = Documents::new();
        for document in corpus.documents() {
            documents.push(&tokenizer.encode_documents(core::iter::once(document), end));
        }
        let bytes = |id| if tokenizer.is_special(id) { 0 } else { tokenizer.token_bytes(id).map_or(0, <[u8]>::len) };
        let split = documents.split(recipe.context, bytes)?;
        let config = Config {
            document_start: Some(end),
            ..Config::modern(tokenizer.vocab_size(), recipe.context, recipe.layers, recipe.heads, recipe.width)
        };
        config.validate(recipe.rows, ALLOWED_BYTES)?;
        Ok(Self { model: Model::new(config)?, recipe, chat, split })
    }

    /// A course with the model of a run, its text and its vocabulary; the run's weights are the base.
    ///
    /// # Errors
    /// [`Error::Unsupported`] as [`Chat::new`]; [`Error::Setting`] named `context` for one in which no dialogue fits.
    pub fn of_run(run: &Run, lang: Lang) -> Result<Self> {
        let model = run.session().model();
        let config = model.config();
        if config.context < LEAST_CONTEXT {
            let (expected, found) = (alloc::format!("{LEAST_CONTEXT}.."), config.context.to_string());
            return Err(Error::Setting { name: "context", expected, found });
        }
        let recipe = Recipe {
            vocab_size: config.vocab_size,
            context: config.context,
            layers: config.layers,
            heads: config.heads,
            width: config.width,
            start: Start::Random,
            ..Recipe::of(lang)
        };
        config.validate(recipe.rows, ALLOWED_BYTES)?;
        let chat = Chat::new(lang, run.tokenizer().clone())?;
        Ok(Self { model: Model::new(config.clone())?, recipe, chat, split: run.session().split().clone() })
    }

    /// The recipe.
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// The format of dialogues.
    pub fn chat(&self) -> &Chat {
        &self.chat
    }

    /// The language.
    pub fn lang(&self) -> Lang {
        self.recipe.lang
    }

    /// The model: configuration and table.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The text of pre-training.
    pub fn split(&self) -> &Split {
        &self.split
    }

    /// A reader of these weights with room for a few rows.
    ///
    /// # Errors
    /// As [`Reader::new`].
    pub fn reader(&self, params: &[f32]) -> Result<Reader> {
        Reader::new(self.model.config(), params, 4)
    }

    /// Held-out questions, the same every time.
    pub fn questions(&self, part: Part, count: u64) -> Vec<Dialogue> {
        let draw = |n| {
            let mut rng = Rng::new(part as u64, Purpose::HeldOut, n);
            Dialogue::draw(self.lang(), &mut rng, part, None, None)
        };
        (0..count).map(draw).collect()
    }

    /// Floating-point operations of training on `tokens` tokens.
    pub fn flops(&self, tokens: u64) -> f64 {
        (self.model.config().flops_per_token(self.recipe.context) * tokens) as f64
    }

    fn learner(&self, params: Vec<f32>, settings: Settings) -> Result<Learner> {
        let weights = Weights::fresh(params, &settings);
        Learner::new(self.model.config().clone(), settings, weights, 0, ALLOWED_BYTES)
    }

    /// Settings of a stage after pre-training.
    pub(super) fn settings(&self, (steps, learning_rate): (u64, f32), min: f32, seed: u64) -> Settings {
        Settings {
            batch: self.recipe.rows,
            shards: self.recipe.rows,
            steps,
            learning_rate,
            warmup: 0,
            schedule: Schedule::Late { min },
            weight_decay: 0.0,
            average: false,
            seed,
            ..Settings::default()
        }
    }

    /// Weights before any training.
    ///
    /// # Errors
    /// As [`Model::init_look_back`].
    pub fn initial(&self, start: Start, seed: u64) -> Result<Vec<f32>> {
        match start {
            Start::LookBack => self.model.init_look_back(seed),
            Start::Random => Ok(self.model.init(seed, Init::Preset)),
        }
    }

    /// Next-token prediction on the stories, with a copy drill at the beginning.
    ///
    /// # Errors
    /// As [`Learner::new`] and [`Model::init_look_back`].
    pub fn pretrain(&self, seed: u64) -> Result<Lesson<'_, Drilled<'_>>> {
        self.pretrain_from(self.recipe.start, seed)
    }

    /// The same from other initial weights.
    ///
    /// # Errors
    /// As [`Learner::new`] and [`Model::init_look_back`].
    pub fn pretrain_from(&self, start: Start, seed: u64) -> Result<Lesson<'_, Drilled<'_>>> {
        let recipe = &self.recipe;
        let params = self.initial(start, seed)?;
        let settings = Settings {
            warmup: 20,
            schedule: Schedule::Constant,
            weight_decay: 0.1,
            average: true,
            ..self.settings(recipe.pretrain, 0.0, seed)
        };
        let text = NextToken { ids: &self.split.train, time: recipe.context, rows: recipe.rows, seed };
        let ordinary = (self.model.config().vocab_size - SPECIALS.len()) as u32;
        let drill = if start == Start::LookBack { recipe.drill } else { 0 };
        Ok(Lesson::new(self, self.learner(params, settings)?, Drilled::new(text, drill, ordinary)))
    }

    /// Fine-tuning of `base` on dialogues, all weights.
    ///
    /// # Errors
    /// As [`Learner::new`].
    pub fn tune(&self, base: &[f32], seed: u64) -> Result<Lesson<'_, Masked<impl Rows>>> {
        self.tune_with(base, Vec::new(), seed)
    }

    /// The same, three of ten dialogues being the learner's own (user, answer).
    ///
    /// # Errors
    /// As [`Learner::new`].
    pub fn tune_with(
        &self,
        base: &[f32],
        own: Vec<(String, String)>,
        seed: u64,
    ) -> Result<Lesson<'_, Masked<impl Rows>>> {
        self.tune_as(base, Tuning { own, replay: true, steps: self.recipe.tune.0 }, seed)
    }

    /// The same in all its forms.
    ///
    /// # Errors
    /// As [`Learner::new`].
    pub fn tune_as<'a>(
        &'a self,
        base: &[f32],
        tuning: Tuning,
        seed: u64,
    ) -> Result<Lesson<'a, Masked<impl Rows + use<'a>>>> {
        let settings = Settings { warmup: 20, ..self.settings((tuning.steps, self.recipe.tune.1), 0.02, seed) };
        let objective = Masked::new(self.dialogues(tuning, seed), self.recipe.rows);
        Ok(Lesson::new(self, self.learner(base.to_vec(), settings)?, objective))
    }

    /// The same with adapters of rank `rank` for `targets`, the weights themselves staying; `rate` is the learning rate.
    ///
    /// # Errors
    /// As [`Lora::new`] and [`Learner::with_view`].
    pub fn tune_adapters<'a>(
        &'a self,
        base: &[f32],
        targets: Targets,
        rank: usize,
        rate: f32,
        seed: u64,
    ) -> Result<Lesson<'a, Masked<impl Rows + use<'a>>, Lora>> {
        let settings = Settings { warmup: 20, ..self.settings((self.recipe.tune.0, rate), 0.02, seed) };
        let lora = Lora::new(&self.model, base.to_vec(), targets, rank, 2.0)?;
        let weights = Weights::fresh(lora.init(seed), &settings);
        let config = self.model.config().clone();
        let learner = Learner::with_view(config, lora, settings, weights, 0, ALLOWED_BYTES)?;
        let tuning = Tuning { own: Vec::new(), replay: true, steps: self.recipe.tune.0 };
        Ok(Lesson::new(self, learner, Masked::new(self.dialogues(tuning, seed), self.recipe.rows)))
    }

    /// Rows of dialogues; the first quarter of the steps tells of one person.
    fn dialogues(&self, Tuning { own, replay, steps }: Tuning, seed: u64) -> impl Rows {
        let replay = if replay { self.recipe.replay } else { (0, 0.0) };
        self.rows(seed, Purpose::Dialogue, replay, move |course, rng, step| {
            if !own.is_empty() && rng.below(10) < 3 {
                let (user, answer) = rng.choose(&own);
                return course.chat.example(user, answer);
            }
            course.dialogue(rng, (step < steps / 4).then_some(1))
        })
    }

    /// A dialogue of fine-tuning in one of the tones.
    pub(super) fn dialogue(&self, rng: &mut Rng, people: Option<usize>) -> Example {
        let dialogue = Dialogue::draw(self.lang(), rng, Part::Train, None, people);
        let tone = *rng.choose(&Tone::ALL);
        self.chat.example(&dialogue.user, &self.lang().speak(rng, &dialogue, tone))
    }

    /// Rows packed with examples of `make`, the last ones text of pre-training.
    fn rows(
        &self,
        seed: u64,
        purpose: Purpose,
        (replay, weight): (usize, f32),
        mut make: impl FnMut(&Self, &mut Rng, u64) -> Example,
    ) -> impl Rows {
        let (rows, context, end) = (self.recipe.rows, self.recipe.context, self.chat.marks().end);
        move |step: u64, row: usize, out: &mut Example| {
            if row + replay >= rows {
                let train = &self.split.train;
                let start = window_starts(train.len(), context, seed, step, row..row + 1).next().unwrap_or(0);
                out.push(&train[start..start + context + 1], weight);
            } else {
                let mut rng = Rng::new(seed, purpose, step * rows as u64 + row as u64);
                pack(out, context, end, |example| {
                    *example = make(self, &mut rng, step);
                    true
                });
            }
        }
    }

    /// Direct preference optimisation of `params` on pairs (user, chosen, rejected), with dialogues of fine-tuning beside
    /// them that keep the content of answers.
    ///
    /// # Errors
    /// As [`Learner::new`] and [`Reader::new`].
    ///
    /// # Panics
    /// If there is no pair, or the recipe keeps an odd number of rows.
    pub fn prefer<'a>(
        &'a self,
        params: &[f32],
        pairs: &[(String, String, String)],
        seed: u64,
    ) -> Result<Lesson<'a, Replayed<Dpo, Kept<'a>>>> {
        let mut reference = self.reader(params)?;
        let pair = |(user, chosen, rejected): &(String, String, String)| {
            let [chosen, rejected] = [chosen, rejected].map(|answer| {
                let mut example = self.chat.example(user, answer);
                example.truncate(self.recipe.context + 1); // as much as the model sees
                example
            });
            Pair::new(&mut reference, chosen, rejected)
        };
        let Recipe { dpo: (rounds, rate), beta, pairs: each, kept: (rows, weight), .. } = self.recipe;
        let dpo = Dpo::new(pairs.iter().map(pair).collect(), beta, each, seed);
        let settings = dpo.sized(self.settings((rounds * dpo.steps_per_round(), rate), 0.0, seed));
        let objective = Replayed::new(dpo, settings.batch, Kept { course: self, seed }, rows, weight);
        let settings = objective.sized(settings);
        Ok(Lesson::new(self, self.learner(params.to_vec(), settings)?, objective))
    }

    /// Learning to use tools (`tool`), or to answer the same tasks without; some of the examples are the model's own
    /// answers to questions, which keep its manners and skills as they are.
    ///
    /// # Errors
    /// As [`Learner::new`]; those of answering.
    pub fn tools(&self, params: &[f32], tool: bool, seed: u64) -> Result<Lesson<'_, Masked<impl Rows>>> {
        let pool: Result<_> = (0..self.recipe.pool).map(|n| tools::own_answer(self, params, seed, n)).collect();
        self.tools_with(params, tool, pool?, seed)
    }

    /// The same with these answers (user, answer) as the model's own.
    ///
    /// # Errors
    /// As [`Learner::new`].
    pub fn tools_with<'a>(
        &'a self,
        params: &[f32],
        tool: bool,
        pool: Vec<(String, String)>,
        seed: u64,
    ) -> Result<Lesson<'a, Masked<impl Rows + use<'a>>>> {
        let (lang, steps, percent) = (self.lang(), self.recipe.tools.0, self.recipe.chat_percent);
        let source = self.rows(seed, Purpose::Task, self.recipe.replay, move |course, rng, step| {
            if rng.below(100) < percent && !pool.is_empty() {
                let (user, answer) = rng.choose(&pool);
                course.chat.example(user, answer)
            } else {
                let task = tools::draw(lang, rng, step < steps / 4);
                course.chat.task(&task, tool)
            }
        });
        let settings = Settings { warmup: 20, ..self.settings(self.recipe.tools, 0.02, seed) };
        let objective = Masked::new(source, self.recipe.rows);
        Ok(Lesson::new(self, self.learner(params.to_vec(), settings)?, objective))
    }

    pub(super) fn policy_learner(&self, params: &[f32], settings: Settings) -> Result<Learner> {
        self.learner(params.to_vec(), settings)
    }
}
