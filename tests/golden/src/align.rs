//! Golden checks: fine-tuning, preferences, rewards, policy gradients and adapters, through the crate's own loop.

use glassgpt::align::{
    Answer, Average, Dpo, Example, Lora, Masked, Pair, Penalty, PolicyGradient, PolicySettings, Reader, Surrogate,
    Targets, bradley_terry, pool, pool_backward,
};
use glassgpt::model::{ALLOWED_BYTES, Activations, Config, Model, Table};
use glassgpt::train::{Batch, Learner, Objective, Schedule, Settings, View, Weights};
use safetensors::SafeTensors;
use serde_json::Value;

use crate::safe::{self, Over};
use crate::train::{Row, Worst, floats, ids, list, rows_of};
use crate::{Check, Fixtures, hf, model};

type Run = fn(&File) -> Check;

/// Kinds of files and what checks them.
const FAMILIES: [(&str, Run); 5] =
    [("sft_", sft), ("dpo_", dpo), ("reward_", reward), ("pg_", policy), ("lora_", lora)];

/// One result a file.
pub fn checks(fixtures: &Fixtures) -> Vec<(String, Check)> {
    let mut out = Vec::new();
    for (family, run) in FAMILIES {
        for name in fixtures.names(&format!("golden/{family}"), ".json") {
            let stem = format!("golden/{family}{name}");
            out.push((format!("{stem}.json"), File::open(fixtures, &stem).and_then(|file| run(&file))));
        }
    }
    out
}

/// A golden file with its tensors and the model it is about.
struct File<'a> {
    fixtures: &'a Fixtures,
    json: Value,
    truth: SafeTensors<'a>,
    other: SafeTensors<'a>,
    config: Config,
}

impl<'a> File<'a> {
    fn open(fixtures: &'a Fixtures, stem: &str) -> Result<Self, String> {
        let json = fixtures.json(&format!("{stem}.json"))?;
        let part = |kind: &str| safe::open(fixtures.get(&format!("{stem}.{kind}.safetensors"))?);
        let (truth, other) = (part("f64")?, part("f32")?);
        let config = hf::config(&json)?;
        Ok(Self { fixtures, json, truth, other, config })
    }

    /// Weights of the file that the JSON names `key`.
    fn weights(&self, key: &str) -> Result<Vec<f32>, String> {
        let model = Model::new(self.config.clone()).map_err(|e| e.to_string())?;
        model::weights(&model, self.named(key)?)
    }

    fn named(&self, key: &str) -> Result<&[u8], String> {
        let name = self.json[key].as_str().ok_or(format!("{key}: expected a file name"))?;
        self.fixtures.get(&format!("golden/{name}"))
    }

    fn number(&self, key: &str) -> Result<f64, String> {
        self.json[key].as_f64().ok_or(format!("{key}: expected a number"))
    }

    fn reader(&self, key: &str, rows: usize) -> Result<Reader, String> {
        Reader::new(&self.config, &self.weights(key)?, rows).map_err(|e| e.to_string())
    }

    /// Values against the tensor `name`.
    fn close(&self, name: &str, found: &[f32], worst: &mut Worst) -> Result<(), String> {
        let (t, s) = (safe::tensor(&self.truth, name)?, safe::tensor(&self.other, name)?);
        worst.keep(name, safe::close(name, found, &t, &s, Over::Tensor)?);
        Ok(())
    }

    fn gradients(&self, table: &Table, gradient: &[f32], worst: &mut Worst) -> Result<(), String> {
        table.tensors().iter().try_for_each(|t| self.close(&format!("grad.{}", t.name), &gradient[t.range()], worst))
    }

    /// Loss and gradient of one step of `rows` rows in `shards` shards, before its update.
    fn step<V: View>(
        &self,
        learner: &mut Learner<V>,
        objective: &mut dyn Objective,
        worst: &mut Worst,
    ) -> Result<f64, String> {
        let mut loss = 0.0;
        for shard in 0..learner.settings().shards_per_step() {
            let (part, gradient) = learner.shard_gradient(objective, shard);
            let gradient = gradient.to_vec();
            learner.add_shard(part, &gradient);
            loss += part;
        }
        worst.see("loss", loss, self.number("loss_f64")?, 1e-5)?;
        Ok(loss)
    }

    fn learner(&self, settings: Settings) -> Result<Learner, String> {
        let weights = Weights::fresh(self.weights("weights")?, &settings);
        Learner::new(self.config.clone(), settings, weights, 0, ALLOWED_BYTES).map_err(|e| e.to_string())
    }
}

fn settings(rows: usize, shards: usize) -> Settings {
    Settings { batch: rows, shards, average: false, schedule: Schedule::Constant, ..Settings::default() }
}

fn done(loss: f64, worst: &Worst) -> Check {
    Ok(format!("loss {loss:.6}, worst {:.2} of the tolerance ({})", worst.share, worst.name))
}

fn sft(file: &File) -> Check {
    let rows: Vec<Vec<u32>> = list(&file.json["rows"])?.iter().map(ids).collect::<Result<_, _>>()?;
    let masks: Vec<Vec<u32>> = list(&file.json["assistant"])?.iter().map(ids).collect::<Result<_, _>>()?;
    let examples: Vec<Example> = rows
        .into_iter()
        .zip(masks)
        .map(|(ids, mask)| Example { weights: mask.iter().map(|&m| m as f32).collect(), ids })
        .collect();
    let counted: f64 = examples.iter().map(Example::counted).sum();
    if counted != file.number("counted")? {
        return Err(format!("{counted} counted targets, expected {}", file.json["counted"]));
    }
    let mut worst = Worst::default();
    // Logits of the whole batch, padded as the file says.
    let mut reader = file.reader("weights", examples.len())?;
    let (tokens, batch) = hf::ids(&file.json["padded_tokens"])?;
    let time = tokens.len() / batch;
    let mut padded = Batch::default();
    padded.clear(time);
    tokens.chunks_exact(time).for_each(|row| padded.push(row, row, 0.0));
    let logits = reader.logits(&padded).to_vec();
    file.close("logits", &logits, &mut worst)?;
    // At once, and every row alone.
    let mut loss = 0.0;
    for shards in [1, examples.len()] {
        let mut learner = file.learner(settings(examples.len(), shards))?;
        let given = examples.clone();
        let source = move |_: u64, row: usize, out: &mut Example| out.clone_from(&given[row]);
        loss = file.step(&mut learner, &mut Masked::new(source, examples.len()), &mut worst)?;
        file.gradients(learner.model().table(), learner.gradient(), &mut worst)?;
    }
    done(loss, &worst)
}

/// A prompt and its answer.
fn answered(prompt: &Value, answer: &Value) -> Result<Example, String> {
    Ok(Example::answered(&ids(prompt)?, &ids(answer)?))
}

fn dpo(file: &File) -> Check {
    let (beta, mut worst) = (file.number("beta")?, Worst::default());
    let (mut policy, mut reference) = (file.reader("weights", 1)?, file.reader("reference", 1)?);
    let mut pairs = Vec::new();
    for pair in list(&file.json["pairs"])? {
        let [chosen, rejected] = ["chosen", "rejected"].map(|key| answered(&pair["prompt"], &pair[key]));
        pairs.push(Pair::new(&mut reference, chosen?, rejected?));
    }
    let truth = |of: &str, key: &str| floats(&file.json[of][key]);
    let margins = floats(&file.json["margins_f64"])?;
    for (i, pair) in pairs.iter().enumerate() {
        let mut rewards = [0.0; 2];
        for (which, (key, answer)) in [("chosen", &pair.chosen), ("rejected", &pair.rejected)].into_iter().enumerate() {
            let log_prob = policy.log_prob(answer);
            worst.see("log p", log_prob, truth("policy_logps_f64", key)?[i], 5e-5)?;
            worst.see("log p of the reference", pair.reference[which], truth("reference_logps_f64", key)?[i], 5e-5)?;
            rewards[which] = beta * (log_prob - pair.reference[which]);
            worst.see("reward", rewards[which], truth("rewards_f64", key)?[i], beta * 5e-5)?;
        }
        worst.see("margin", rewards[0] - rewards[1], margins[i], beta * 5e-5)?;
    }
    let n = pairs.len();
    let mut objective = Dpo::new(pairs, beta, n, 1);
    let mut learner = file.learner(objective.sized(settings(2, 1)))?;
    let loss = file.step(&mut learner, &mut objective, &mut worst)?;
    let report = objective.report();
    worst.see("accuracy", report.accuracy, file.number("accuracy")?, 1e-9)?;
    worst.see("mean margin", report.margin, margins.iter().sum::<f64>() / n as f64, beta * 5e-5)?;
    file.gradients(learner.model().table(), learner.gradient(), &mut worst)?;
    done(loss, &worst)
}

/// Scores at the last token, through the whole model.
fn reward(file: &File) -> Check {
    let model = Model::new(file.config.clone()).map_err(|e| e.to_string())?;
    let (params, c) = (file.weights("weights")?, file.config.width);
    let head = safe::tensor(&safe::open(file.named("score_weights")?)?, "score.weight")?.f32();
    let pairs = list(&file.json["pairs"])?;
    let texts: Vec<Vec<u32>> = ["chosen", "rejected"]
        .iter()
        .flat_map(|key| pairs.iter().map(move |pair| ids(&pair[*key])))
        .collect::<Result<_, _>>()?;
    let (n, time) = (texts.len(), texts.iter().map(Vec::len).max().unwrap_or(1));
    let padded: Vec<u32> = texts.iter().flat_map(|t| (0..time).map(|i| t.get(i).copied().unwrap_or(0))).collect();
    let mut acts = Activations::new(&file.config, n, time);
    model.forward(&params, &mut acts, &padded, n, time);
    let last = |text: &[u32]| (0..time).map(|i| f32::from(u8::from(i + 1 == text.len()))).collect::<Vec<_>>();
    let mut pooled = vec![0.0; n * c];
    for (i, text) in texts.iter().enumerate() {
        pool(&mut pooled[i * c..][..c], &acts.hidden()[i * time * c..][..time * c], &last(text));
    }
    let dot = |row: &[f32]| row.iter().zip(&head).map(|(&h, &w)| f64::from(h) * f64::from(w)).sum::<f64>();
    let scores: Vec<f64> = pooled.chunks_exact(c).map(dot).collect();
    let mut worst = Worst::default();
    file.close("scores", &scores.iter().map(|&s| s as f32).collect::<Vec<_>>(), &mut worst)?;

    let half = n / 2;
    let (mut loss, mut dscores) = (0.0, vec![0.0; n]);
    for i in 0..half {
        let (nats, slope) = bradley_terry(scores[i] - scores[half + i]);
        loss += nats / half as f64;
        (dscores[i], dscores[half + i]) = (slope / half as f64, -slope / half as f64);
    }
    worst.see("loss", loss, file.number("loss_f64")?, 1e-5)?;
    let (mut dhead, mut dhidden) = (vec![0.0f32; c], vec![0.0; n * time * c]);
    for (i, text) in texts.iter().enumerate() {
        let d = dscores[i] as f32;
        dhead.iter_mut().zip(&pooled[i * c..]).for_each(|(g, &h)| *g += d * h);
        let dpooled: Vec<f32> = head.iter().map(|w| d * w).collect();
        pool_backward(&mut dhidden[i * time * c..][..time * c], &dpooled, &last(text));
    }
    let mut gradient = vec![0.0; params.len()];
    model.backward_hidden(&params, &mut gradient, &mut acts, &padded, &dhidden);
    file.close("grad.score.weight", &dhead, &mut worst)?;
    file.gradients(model.table(), &gradient, &mut worst)?;
    done(loss, &worst)
}

fn policy(file: &File) -> Check {
    let completions = list(&file.json["completions"])?;
    let advantages = floats(&file.json["advantages"])?;
    let nested = |key: &str| -> Result<Vec<Vec<f64>>, String> { list(&file.json[key])?.iter().map(floats).collect() };
    let old = if file.json.get("old_logps").is_some() { nested("old_logps")? } else { Vec::new() };
    let mut answers = Vec::new();
    for (i, completion) in completions.iter().enumerate() {
        let example = answered(&file.json["prompt"], completion)?;
        let old_log_probs = old.get(i).cloned().unwrap_or_default();
        answers.push(Answer { example, advantage: advantages[i], old_log_probs });
    }
    let (surrogate, average) = match file.json["kind"].as_str() {
        Some("reinforce") => (Surrogate::Reinforce, Average::Tokens),
        Some("grpo") => (Surrogate::Clipped { clip: file.number("clip")? }, Average::TokensOfAnswers),
        other => return Err(format!("unknown kind {other:?}")),
    };
    let kl = file.number("kl_coef")?;
    let set = PolicySettings { surrogate, penalty: Penalty::K3, kl, average, temperature: 1.0 };
    let (n, mut worst) = (answers.len(), Worst::default());
    let mut policy = file.reader("weights", 1)?;
    for (answer, truth) in answers.iter().zip(nested("policy_logps_f64")?) {
        worst.see("log p", policy.log_prob(&answer.example), truth.iter().sum(), 5e-5)?;
    }
    let mut loss = 0.0;
    for shards in [1, n] {
        let mut objective = PolicyGradient::new(set, file.reader("reference", n)?);
        objective.set(answers.clone());
        let mut learner = file.learner(settings(n, shards))?;
        loss = file.step(&mut learner, &mut objective, &mut worst)?;
        let tokens: usize = completions.iter().filter_map(Value::as_array).map(Vec::len).sum();
        let k3 = objective.report().divergence * n as f64 / tokens as f64;
        worst.see("mean k3", k3, file.number("mean_k3_f64")?, 5e-5)?;
        file.gradients(learner.model().table(), learner.gradient(), &mut worst)?;
    }
    done(loss, &worst)
}

fn lora(file: &File) -> Check {
    let rows: Vec<Row> = rows_of(&file.json)?;
    let base = file.weights("weights")?;
    let model = Model::new(file.config.clone()).map_err(|e| e.to_string())?;
    let (rank, scale) = (file.number("rank")? as usize, file.number("scale")? as f32);
    let mut adapters = Lora::new(&model, base.clone(), Targets::Attention, rank, scale).map_err(|e| e.to_string())?;
    let given = safe::open(file.named("adapters")?)?;
    let mut start = Vec::new();
    for tensor in adapters.table().tensors() {
        let found = safe::tensor(&given, &tensor.name)?;
        if found.shape != tensor.shape {
            return Err(format!("{}: shape {:?}, expected {:?}", tensor.name, tensor.shape, found.shape));
        }
        start.extend(found.f32());
    }
    let mut worst = Worst::default();
    adapters.changed(&start);
    let mut merged = adapters.merged().to_vec();
    for tensor in model.table().tensors() {
        let name = format!("merged.{}", tensor.name);
        if file.truth.tensor(&name).is_ok() {
            file.close(&name, &merged[tensor.range()], &mut worst)?;
        }
    }
    let mut reader = Reader::new(&file.config, &merged, rows.len()).map_err(|e| e.to_string())?;
    let mut batch = Batch::default();
    batch.clear(rows[0].0.len());
    rows.iter().for_each(|(tokens, targets)| batch.push(tokens, targets, 0.0));
    file.close("logits", reader.logits(&batch), &mut worst)?;
    adapters.unmerge(&mut merged, &start);
    let error = merged.iter().zip(&base).fold(0.0f32, |e, (x, y)| e.max((x - y).abs()));
    if error > 1e-6 {
        return Err(format!("taking the adapters out again leaves an error of {error:e}"));
    }

    let set = settings(rows.len(), 1);
    let weights = Weights::fresh(start, &set);
    let mut learner =
        Learner::with_view(file.config.clone(), adapters, set, weights, 0, ALLOWED_BYTES).map_err(|e| e.to_string())?;
    let counted = rows.iter().flat_map(|(_, y)| y).filter(|&&t| t != u32::MAX).count();
    let mut objective = Given(rows, 1.0 / counted as f32);
    let loss = file.step(&mut learner, &mut objective, &mut worst)?;
    file.gradients(learner.view().table(), learner.gradient(), &mut worst)?;
    done(loss, &worst)
}

/// Rows as they are.
struct Given(Vec<Row>, f32);

impl Objective for Given {
    fn fill(&mut self, _step: u64, rows: std::ops::Range<usize>, batch: &mut Batch) {
        batch.clear(self.0[0].0.len());
        self.0[rows].iter().for_each(|(tokens, targets)| batch.push(tokens, targets, self.1));
    }
}
