use super::changes::{losses, mean};
use super::map::project;
use super::*;
use crate::model::anatomy::Part;
use crate::model::{Cache, Config, Init};
use crate::studio::settings::tests::small;
use crate::studio::{CorpusName, Run, RunSettings, Style};
use alloc::vec;

/// A model of a few steps and the file that it was kept in.
fn kept(style: Style, kv_heads: usize) -> (Run, Vec<u8>) {
    let text = "the cat and the hat and the bat sat. Ben had a bat. ".repeat(60);
    let settings = RunSettings { corpus: CorpusName::Own, style, kv_heads, layers: 2, ..small() };
    let mut run = Run::open(settings, text.into_bytes(), &mut |_, _, _| {}).unwrap();
    while run.step() < 8 {
        run.advance().unwrap();
    }
    let file = run.save().unwrap();
    (run, file)
}

fn styles() -> [(Style, usize); 3] {
    [(Style::Modern, 1), (Style::Gpt2, 2), (Style::Nanochat, 2)]
}

const TEXT: &str = "Who knew? the cat and the hat sat. Quick foxes saw the bat and the cat.";

#[test]
fn the_lab_reads_as_the_page_does() {
    for (style, kv) in styles() {
        let (mut run, file) = kept(style, kv);
        let mut lab = Lab::open(&file).unwrap();
        lab.read(TEXT).unwrap();
        let (seen, ids, first) = run.inspect(TEXT, None).unwrap();
        assert_eq!((lab.read_ids(), lab.label().step), ((&ids[first..], first), 8));
        assert!(ids.len() > 16, "longer than the context");
        assert!(lab.pass().logits() == seen.logits);
        assert!([lab.pass().attention(0), lab.pass().attention(1)].concat() == seen.attention);
        assert_eq!(lab.residual_norms(), seen.residual_norms);
        let habits = lab.habits();
        assert_eq!(habits.named, seen.habits);
        for (i, (&habit, &share)) in seen.habits.iter().zip(&seen.habit_shares).enumerate() {
            if habit > 0 {
                assert_eq!(habits.shares[i * 5 + habit as usize - 1], share);
            }
        }
        let next = run.next(&ids[first..], 0).unwrap();
        let (guessed, probs) = lab.predicted(15, true).unwrap();
        assert!((next[guessed[0] as usize] - probs[0]).abs() < 1e-5);
    }
}

#[test]
fn no_text_and_places_outside_are_no_panic() {
    let (_, file) = kept(Style::Modern, 1);
    let mut lab = Lab::open(&file).unwrap();
    lab.read("").unwrap();
    assert!(lab.habits().named.is_empty() && lab.residual_norms().is_empty() && lab.losses(true).is_empty());
    assert!(lab.lens(0, None).is_err() && lab.shares(0, 0).is_err() && lab.predicted(0, true).is_err());
    let place = Place { part: Part::Qkv, layer: 0, row: 0, head: 0, column: 0 };
    assert!(lab.sum(place).is_err());
    lab.read("the").unwrap();
    assert!(lab.sum(place).is_ok() && lab.sum(Place { layer: 2, ..place }).is_err());
    assert!(lab.sum(Place { column: 9_999, ..place }).is_err() && lab.vector(Place { row: 99, ..place }).is_err());
    assert!(lab.lens(0, Some(5_000)).is_err() && lab.neighbours(5_000, 3).is_err());
    assert!(lab.recall("", "a").is_err() && lab.recall("a", &"a cat ".repeat(99)).is_err());
    assert!(Lab::open(b"nothing").is_err() && Lab::open(&file[..file.len() - 1]).is_err());
}

#[test]
fn changes_act_are_told_and_are_taken_back() {
    for (style, kv) in styles() {
        let mut lab = Lab::open(&kept(style, kv).1).unwrap();
        lab.read(TEXT).unwrap();
        let (plain, before) = (lab.pass().logits().to_vec(), mean(&lab.losses(true)));
        assert!(lab.ripple().iter().all(|&x| x == 0.0));
        let effect = lab.effect(1, Some(0)).unwrap();
        let without_mlp = lab.effect(0, None).unwrap();
        lab.change(Changes { heads: Vec::from([2]), ..Changes::default() }).unwrap();
        assert!((mean(&lab.losses(true)) - before - effect).abs() < 1e-6);
        assert!((mean(&lab.losses(false)) - before).abs() < 1e-6);
        let ripple = lab.ripple();
        assert!(ripple[..32].iter().all(|&x| x == 0.0), "layer 1 acts behind layer 1 only");
        assert!(ripple[32..].iter().all(|&x| x > 0.0));
        lab.change(Changes { mlps: Vec::from([0]), ..Changes::default() }).unwrap();
        assert!((mean(&lab.losses(true)) - before - without_mlp).abs() < 1e-6);
        let at = lab.model().table().tensors()[0].offset + lab.read_ids().0[3] as usize * 16 + 5;
        lab.change(Changes { edits: Vec::from([(at, 9.0)]), ..Changes::default() }).unwrap();
        assert_eq!((lab.weights()[at], lab.weight_name(at).unwrap().2), (9.0, 5));
        assert!(lab.pass().logits() != plain);
        for wrong in [
            Changes { heads: Vec::from([4]), ..Changes::default() },
            Changes { mlps: Vec::from([2]), ..Changes::default() },
            Changes { edits: Vec::from([(usize::MAX, 1.0)]), ..Changes::default() },
            Changes { edits: Vec::from([(0, f32::NAN)]), ..Changes::default() },
        ] {
            assert!(lab.change(wrong).is_err());
        }
        assert_eq!(lab.changes().edits.len(), 1);
        lab.change(Changes::default()).unwrap();
        assert!(lab.pass().logits() == plain);
    }
}

#[test]
fn guesses_after_the_last_block_are_the_prediction() {
    for (style, kv) in styles() {
        let mut lab = Lab::open(&kept(style, kv).1).unwrap();
        lab.read(TEXT).unwrap();
        let (ids, probs) = lab.predicted(7, true).unwrap();
        let guess = lab.lens(7, None).unwrap();
        assert_eq!((&guess.ids[6..], &guess.probs[6..]), (&ids[..3], &probs[..3]));
        assert_eq!((guess.asked.len(), guess.asked[2]), (3, probs[0]));
        assert!((lab.lens(7, Some(ids[4])).unwrap().asked[2] - probs[4]).abs() < 1e-7);
    }
}

#[test]
fn a_name_far_away_is_read_as_far_as_the_context_goes() {
    let mut lab = Lab::open(&kept(Style::Modern, 2).1).unwrap();
    let text = "the cat and the hat ".repeat(9);
    let (found, tokens, read, name) = lab.recall(&text, "the bat").unwrap();
    assert_eq!((found.len(), read), (name.len(), 16 - (name.len() - 1)));
    assert!(tokens > read);
    let ids = lab.tokenizer().encode(&text);
    let all: Vec<u32> = ids[ids.len() - read..].iter().chain(&name).copied().collect();
    lab.read("").unwrap();
    let mut cache = Cache::new(lab.model().config());
    for (i, &id) in all.iter().enumerate().take(15) {
        let logits = lab.model().decode(lab.weights(), &mut cache, &[id]).unwrap();
        if let Some(k) = (i + 1).checked_sub(read) {
            let want = losses(logits, &[0, all[i + 1]], logits.len())[0];
            assert!((found[k] + want).abs() < 1e-5);
        }
    }
}

#[test]
fn beyond_the_context_windows_agree_where_both_read_the_same() {
    for (style, kv) in styles() {
        let lab = Lab::open(&kept(style, kv).1).unwrap();
        let mut beyond = lab.beyond().unwrap();
        assert!(beyond.windows(&lab) > 3);
        let [whole, sliding] = beyond.window(&lab, 1);
        assert_eq!((whole.len(), sliding.len()), (31, 31));
        assert!(sliding.iter().all(|x| x.is_finite()));
        assert_eq!(whole[30].is_nan(), style == Style::Gpt2);
        if style != Style::Gpt2 {
            whole[..15].iter().zip(&sliding).for_each(|(a, b)| assert!((a - b).abs() < 1e-5));
            assert_ne!(whole[30], sliding[30]);
        }
        assert!(beyond.window(&lab, 9_999)[0].is_empty());
        let mut race = lab.race();
        assert_eq!((lab.pass_once(&mut race), lab.step_once(&mut race).unwrap()), (16, 1));
        (0..40).for_each(|_| assert_eq!(lab.step_once(&mut race).unwrap(), 1));
    }
}

#[test]
fn the_map_has_the_two_widest_axes_and_keeps_their_sign() {
    let model = Model::new(Config::modern(60, 8, 1, 2, 12)).unwrap();
    let mut rows = model.init(3, Init::Preset)[..60 * 12].to_vec();
    // Two directions along which the rows differ more than along any other.
    rows.chunks_exact_mut(12).enumerate().for_each(|(i, row)| {
        row[4] += (i % 7) as f32;
        row[9] -= (i % 5) as f32 * 0.7;
    });
    let map = project(&rows, 12, &[]);
    assert!(are_axes(&map.axes) && map.axes[4].abs() > 0.9 && map.axes[12 + 9].abs() > 0.9);
    let mean: Vec<f32> = (0..12).map(|i| rows.iter().skip(i).step_by(12).sum::<f32>() / 60.0).collect();
    for (row, point) in rows.chunks_exact(12).zip(map.points.chunks_exact(2)) {
        for (axis, &found) in map.axes.chunks_exact(12).zip(point) {
            let want: f32 = (0..12).map(|i| (row[i] - mean[i]) * axis[i]).sum();
            assert!((want - found).abs() < 1e-4);
        }
    }
    let variance = |k: usize| map.points.iter().skip(k).step_by(2).map(|x| x * x).sum::<f32>() / 60.0;
    let total: f32 = rows.chunks_exact(12).flat_map(|r| r.iter().zip(&mean).map(|(x, m)| (x - m) * (x - m))).sum();
    assert!((variance(0) / (total / 60.0) - map.explained[0]).abs() < 1e-3);
    assert!(map.explained[0] > map.explained[1] && map.explained[1] > 0.1);
    let other_way: Vec<f32> = map.axes.iter().map(|x| -x).collect();
    let turned = project(&rows, 12, &other_way);
    assert!(turned.points.iter().zip(&map.points).all(|(a, b)| (a + b).abs() < 1e-3));
}

/// Both axes have length 1 and are square to each other.
fn are_axes(axes: &[f32]) -> bool {
    let dot = |a: usize, b: usize| (0..12).map(|i| axes[a * 12 + i] * axes[b * 12 + i]).sum::<f32>();
    (dot(0, 0) - 1.0).abs() < 1e-4 && (dot(1, 1) - 1.0).abs() < 1e-4 && dot(0, 1).abs() < 1e-4
}

#[test]
fn neighbours_are_the_nearest_by_cosine() {
    let lab = Lab::open(&kept(Style::Modern, 1).1).unwrap();
    let near = lab.neighbours(40, 5).unwrap();
    let (v, c) = (lab.model().config().vocab_size, 16);
    let row = |id: usize| &lab.weights()[id * c..(id + 1) * c];
    let cosine = |id: usize| {
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
        dot(row(id), row(40)) / (dot(row(id), row(id)) * dot(row(40), row(40))).sqrt()
    };
    let mut all: Vec<f32> = (0..v).filter(|&id| id != 40).map(cosine).collect();
    all.sort_by(|a, b| b.total_cmp(a));
    assert_eq!(near.len(), 5);
    near.iter().zip(all).for_each(|(found, want)| assert!((found.1 - want).abs() < 1e-5));
}

#[test]
fn weights_of_an_earlier_step_are_read_as_the_page_reads_the_past() {
    let (mut run, file) = kept(Style::Modern, 2);
    let mut lab = Lab::open(&file).unwrap();
    lab.read(TEXT).unwrap();
    lab.change(Changes { heads: vec![0], ..Changes::default() }).unwrap();
    assert!(lab.reweigh(vec![0.0; 3], 0).is_err() && !lab.changes().is_empty());
    let past = run.params(Some(0)).unwrap().to_vec();
    lab.reweigh(past, 0).unwrap();
    lab.read(TEXT).unwrap();
    let (seen, ..) = run.inspect(TEXT, Some(0)).unwrap();
    assert!(lab.pass().logits() == seen.logits && lab.changes().is_empty());
    assert_eq!(lab.label().step, 0);
}

/// Between the documents of the held-out text stands what training puts there, and no line feed, which was never learned.
#[test]
fn held_out_documents_are_marked_as_those_of_training() {
    for corpus in [CorpusName::StoriesEn, CorpusName::StoriesZh] {
        let settings = RunSettings { corpus, context: 32, ..small() };
        let mut run = Run::open(settings, Vec::new(), &mut |_, _, _| {}).unwrap();
        while run.step() < 60 {
            run.advance().unwrap();
        }
        let lab = Lab::open(&run.save().unwrap()).unwrap();
        let ids = lab.held_out_ids();
        let end = lab.tokenizer().special(SPECIALS[0]).unwrap();
        let line_feed = lab.tokenizer().encode("\n")[0];
        assert_eq!(ids[0], end);
        assert!(ids[1..].contains(&end) && !ids.contains(&line_feed), "{corpus:?}");
        let loss = |ids: &[u32]| mean(&ids.chunks_exact(32).map(|window| lab.held_out(window)[0]).collect::<Vec<_>>());
        let fed = ids.iter().map(|&id| if id == end { line_feed } else { id }).collect::<Vec<_>>();
        assert!(loss(&ids) < loss(&fed), "{corpus:?}: {} against {}", loss(&ids), loss(&fed));
    }
}

#[test]
fn held_out_text_is_none_that_was_learned_from_and_its_loss_is_the_models() {
    let (run, file) = kept(Style::Gpt2, 2);
    let mut lab = Lab::open(&file).unwrap();
    let ids = lab.held_out_ids();
    let context = run.settings().context;
    assert!(ids.len() >= context);
    // The end of the text, and no more of it than validation has at least.
    let all = lab.tokenizer().encode(&"the cat and the hat and the bat sat. Ben had a bat. ".repeat(60));
    assert!(all.ends_with(&ids) && ids.len() <= (all.len() / 20).max(context));
    let window = &ids[..context];
    let [plain, same] = lab.held_out(window);
    assert_eq!(plain, same);
    let text = lab.tokenizer().decode_lossy(window).unwrap();
    lab.read(&text).unwrap();
    assert_eq!(lab.read_ids().0, window);
    assert!((mean(&lab.losses(false)) - plain).abs() < 1e-6);
    lab.change(Changes { mlps: vec![1], ..Changes::default() }).unwrap();
    let [still, changed] = lab.held_out(window);
    assert_eq!(still, plain);
    assert!((mean(&lab.losses(true)) - changed).abs() < 1e-6 && changed != plain);
}
