//! A model that may call tools: it writes a call, the runtime answers, the model goes on. Knows nothing of what the tools
//! are: ids of a request go out, ids of a result come back.
//! After Schick et al. 2023, arXiv:2302.04761.

use alloc::vec::Vec;

use super::sampling::Sampling;
use super::speaker::Speaker;
use crate::error::Result;
use crate::rng::Rng;

/// The special tokens of a call: `tool` request `result` answer-of-the-runtime `assistant`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marks {
    /// Ends an answer.
    pub end: u32,
    /// After it the model speaks.
    pub assistant: u32,
    /// Begins a request.
    pub tool: u32,
    /// Ends a request; what follows is the runtime's.
    pub result: u32,
}

/// Who wrote something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writer {
    /// The model.
    Model,
    /// The runtime: a tool's result, and the mark that hands back.
    Runtime,
}

/// Tokens that were written in one go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// By whom.
    pub writer: Writer,
    /// What.
    pub ids: Vec<u32>,
}

/// How a conversation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The model ended its answer.
    Answered,
    /// It asked for a result without a request.
    Malformed,
    /// The runtime refused a request.
    Refused,
    /// It called more often than allowed.
    TooManyCalls,
    /// It wrote more than allowed, or the context is full.
    TooLong,
}

/// What was written after a prompt, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transcript {
    /// Pieces in order; model and runtime take turns.
    pub pieces: Vec<Piece>,
    /// How it ended.
    pub outcome: Outcome,
}

impl Transcript {
    /// The model's last words, without marks: its answer, if it [`Outcome::Answered`].
    pub fn answer(&self, marks: &Marks) -> &[u32] {
        match self.pieces.last() {
            Some(Piece { writer: Writer::Model, ids }) => ids.strip_suffix(&[marks.end]).unwrap_or(ids),
            _ => &[],
        }
    }

    /// Requests that were answered.
    pub fn calls(&self) -> usize {
        self.pieces.iter().filter(|p| p.writer == Writer::Runtime).count()
    }
}

/// What a model may do at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Tokens between two results.
    pub tokens: usize,
    /// Calls.
    pub calls: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { tokens: 24, calls: 3 }
    }
}

/// Gives the ids of a result for the ids of a request, or refuses with `None`.
pub type Runtime<'a> = &'a mut dyn FnMut(&[u32]) -> Option<Vec<u32>>;

/// Lets the model answer a prompt, with a runtime for its calls.
///
/// # Errors
/// Those of [`Speaker::begin`] and [`Speaker::choose`]: of the prompt and of the weights. What the model does wrong is an
/// [`Outcome`].
pub fn with_tools(
    speaker: &mut Speaker,
    prompt: &[u32],
    marks: &Marks,
    limits: Limits,
    sampling: &Sampling,
    rng: &mut Rng,
    runtime: Runtime,
) -> Result<Transcript> {
    speaker.begin(prompt)?;
    let mut pieces = Vec::new();
    for call in 0.. {
        let mut ids = Vec::new();
        speaker.say(limits.tokens, &[marks.end, marks.result], sampling, rng, &mut ids)?;
        let last = ids.last().copied();
        let request = match ids.iter().rposition(|&id| id == marks.tool) {
            Some(at) => ids.get(at + 1..ids.len() - 1).map(<[u32]>::to_vec),
            None => None,
        };
        pieces.push(Piece { writer: Writer::Model, ids });
        let outcome = match (last, request) {
            (Some(id), _) if id == marks.end => Outcome::Answered,
            (Some(id), Some(request)) if id == marks.result => {
                if call == limits.calls {
                    Outcome::TooManyCalls
                } else if let Some(mut result) = runtime(&request) {
                    result.push(marks.assistant);
                    let mut heard = [marks.result].to_vec();
                    heard.extend_from_slice(&result);
                    let fits = heard.len() < speaker.room();
                    pieces.push(Piece { writer: Writer::Runtime, ids: result });
                    if fits {
                        speaker.hear(&heard)?;
                        continue;
                    }
                    Outcome::TooLong
                } else {
                    Outcome::Refused
                }
            }
            (Some(id), None) if id == marks.result => Outcome::Malformed,
            _ => Outcome::TooLong,
        };
        return Ok(Transcript { pieces, outcome });
    }
    unreachable!("the loop ends by its limit of calls")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Config, Mlp, Model, Norm, Position, QkNorm};
    use crate::rng::Purpose;
    use alloc::vec;

    const MARKS: Marks = Marks { end: 0, assistant: 1, tool: 2, result: 3 };
    const GREEDY: Sampling =
        Sampling { temperature: 0.0, top_k: 0, top_p: 1.0, min_p: 0.0, repetition_penalty: 1.0, seed: 0 };

    /// A model without context: after token i comes `next[i]`, always.
    fn automaton(next: &[u32]) -> (Model, Vec<f32>) {
        let v = next.len();
        let config = Config {
            position: Position::None,
            norm: Norm::RmsPlain,
            qk_norm: QkNorm::None,
            mlp: Mlp::Relu2,
            tied: false,
            mlp_width: 4,
            ..Config::modern(v, 40, 1, 1, 16)
        };
        let model = Model::new(config).unwrap();
        let mut params = vec![0.0; model.table().total()];
        let place = |name: &str| model.table().get(name).unwrap().range();
        let (embedding, head) = (place("model.embed_tokens.weight"), place("lm_head.weight"));
        for (i, &to) in next.iter().enumerate() {
            params[embedding.clone()][i * 16 + i] = 1.0;
            params[head.clone()][to as usize * 16 + i] = 5.0;
        }
        (model, params)
    }

    fn run(next: &[u32], limits: Limits, runtime: Runtime) -> Transcript {
        let (model, params) = automaton(next);
        let mut speaker = Speaker::new(&model, &params);
        let mut rng = Rng::new(1, Purpose::Test, 0);
        with_tools(&mut speaker, &[5], &MARKS, limits, &GREEDY, &mut rng, runtime).unwrap()
    }

    #[test]
    fn a_request_goes_out_its_result_comes_in_and_the_model_goes_on() {
        // 5 → tool 7 8 result | 6 assistant | 9 end
        let next = [0, 9, 7, 0, 0, 2, 0, 8, 3, 0];
        let mut seen = Vec::new();
        let transcript = run(&next, Limits::default(), &mut |request| {
            seen.push(request.to_vec());
            Some(vec![6])
        });
        assert_eq!(seen, [[7, 8]]);
        let of = |writer, ids: &[u32]| Piece { writer, ids: ids.to_vec() };
        assert_eq!(
            transcript.pieces,
            [of(Writer::Model, &[2, 7, 8, 3]), of(Writer::Runtime, &[6, 1]), of(Writer::Model, &[9, 0])]
        );
        assert_eq!((transcript.outcome, transcript.calls()), (Outcome::Answered, 1));
        assert_eq!(transcript.answer(&MARKS), [9]);
    }

    #[test]
    fn endless_calls_end_at_the_limit_and_endless_talk_too() {
        // After its result the model calls again, for ever.
        let calling = [0, 2, 7, 0, 0, 2, 0, 3];
        let transcript = run(&calling, Limits { tokens: 24, calls: 3 }, &mut |_| Some(vec![6]));
        assert_eq!((transcript.outcome, transcript.calls()), (Outcome::TooManyCalls, 3));
        let long = run(&calling, Limits { tokens: 24, calls: 1_000 }, &mut |_| Some(vec![6]));
        assert_eq!(long.outcome, Outcome::TooLong, "the context is full");
        let talking = [0, 2, 4, 0, 0, 6, 6];
        let transcript = run(&talking, Limits::default(), &mut |_| None);
        assert_eq!((transcript.outcome, transcript.pieces[0].ids.len()), (Outcome::TooLong, 24));
        let vast = run(&calling, Limits::default(), &mut |_| Some(vec![6; 500]));
        assert_eq!((vast.outcome, vast.calls()), (Outcome::TooLong, 1));
    }

    #[test]
    fn a_result_without_a_request_and_a_refused_request_end_it() {
        let transcript = run(&[0, 0, 0, 0, 0, 3], Limits::default(), &mut |_| Some(vec![4]));
        assert_eq!((transcript.outcome, transcript.calls()), (Outcome::Malformed, 0));
        let transcript = run(&[0, 0, 3, 0, 0, 2], Limits::default(), &mut |request| {
            assert!(request.is_empty());
            None
        });
        assert_eq!(transcript.outcome, Outcome::Refused);
    }
}
