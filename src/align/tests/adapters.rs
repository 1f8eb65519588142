use super::*;
use crate::model::Config;

fn model() -> Model {
    Model::new(config()).unwrap()
}

fn source(step: u64, row: usize, out: &mut Example) {
    *out = answered(&mut Rng::new(step % 2, Purpose::Test, row as u64));
}

fn adapted(base: &[f32], targets: Targets, rank: usize) -> Learner<Lora> {
    let lora = Lora::new(&model(), base.to_vec(), targets, rank, 2.0).unwrap();
    let settings = settings(4, 2);
    let weights = Weights::fresh(lora.init(1), &settings);
    Learner::with_view(config(), lora, settings, weights, 0, ALLOWED_BYTES).unwrap()
}

#[test]
fn adapters_start_as_the_model_and_change_nothing_but_their_targets() {
    let base = params(1);
    for (targets, count) in [(Targets::Attention, 8), (Targets::Mlp, 6), (Targets::Blocks, 14)] {
        let mut learner = adapted(&base, targets, 2);
        assert_eq!(bits(learner.view().merged()), bits(&base));
        assert_eq!(learner.view().table().tensors().len(), 2 * count);
        let mut objective = Masked::new(source, 4);
        let first = step(&mut learner, &mut objective);
        let last = (0..60).map(|_| step(&mut learner, &mut objective)).last().unwrap();
        assert!(last.loss_nats < first.loss_nats - 0.1, "{targets:?}: {first:?} {last:?}");
        assert_eq!(bits(learner.view().base()), bits(&base));
        for tensor in model().table().tensors() {
            let (now, then) = (&learner.shown_params()[tensor.range()], &base[tensor.range()]);
            let target = tensor.is_block_matrix()
                && (targets == Targets::Blocks || { (targets == Targets::Attention) == tensor.name.contains("attn") });
            assert_eq!(now != then, target, "{}", tensor.name);
        }
    }
}

#[test]
fn the_gradient_of_adapters_is_the_derivative_in_both_layouts_of_matrices() {
    for config in [config(), Config { document_start: None, ..Config::gpt2(VOCAB, 16, 1, 2, 16) }] {
        let model = Model::new(config.clone()).unwrap();
        let mut rng = Rng::new(3, Purpose::Test, 0);
        let base: Vec<f32> = (0..model.table().total()).map(|_| 0.3 * rng.normal() as f32).collect();
        let of = |adapters: &[f32]| {
            let lora = Lora::new(&model, base.clone(), Targets::Blocks, 3, 0.5).unwrap();
            let settings = settings(4, 2);
            let weights = Weights::fresh(adapters.to_vec(), &settings);
            let mut learner = Learner::with_view(config.clone(), lora, settings, weights, 0, ALLOWED_BYTES).unwrap();
            loss_and_gradient(&mut learner, &mut Masked::new(source, 4))
        };
        let count = Lora::new(&model, base.clone(), Targets::Blocks, 3, 0.5).unwrap().table().total();
        let at: Vec<f32> = (0..count).map(|_| 0.2 * rng.normal() as f32).collect();
        assert_slope("adapters", &at, &of(&at).1, |a| of(a).0);
    }
}

#[test]
fn merging_is_adding_the_product_and_taking_it_out_gives_the_base_again() {
    let base = params(4);
    let mut lora = Lora::new(&model(), base.clone(), Targets::Attention, 2, 1.5).unwrap();
    let mut rng = Rng::new(5, Purpose::Test, 0);
    let adapters: Vec<f32> = (0..lora.table().total()).map(|_| rng.normal() as f32).collect();
    lora.changed(&adapters);
    let mut merged = lora.merged().to_vec();
    let name = "model.layers.1.self_attn.q_proj";
    let part = |end: &str| &adapters[lora.table().get(&[name, end].concat()).unwrap().range()];
    let (a, b) = (part(".lora_A.weight"), part(".lora_B.weight"));
    let range = model().table().get(&[name, ".weight"].concat()).unwrap().range();
    for (i, (&now, &then)) in merged[range.clone()].iter().zip(&base[range]).enumerate() {
        let (row, column) = (i / 16, i % 16);
        let product: f32 = (0..2).map(|r| b[row * 2 + r] * a[r * 16 + column]).sum();
        assert!((now - then - 1.5 * product).abs() < 1e-5, "{row} {column}");
    }
    let logits = |params: &[f32]| {
        let mut batch = crate::train::Batch::default();
        batch.clear(4);
        batch.push(&[0, 3, 5, 2], &[3, 5, 2, 1], 1.0);
        reader(params).logits(&batch).to_vec()
    };
    let before = logits(&base);
    assert_ne!(before, logits(&merged));
    lora.unmerge(&mut merged, &adapters);
    let worst = before.iter().zip(logits(&merged)).fold(0.0f32, |w, (a, b)| w.max((a - b).abs()));
    // Adding and subtracting products of size 3 leaves a rounding of 1e-7 in each weight.
    assert!(worst < 1e-5, "{worst}");
}

#[test]
fn ranks_and_weights_that_do_not_fit_are_refused_by_name() {
    let refused = |rank, base: Vec<f32>| Lora::new(&model(), base, Targets::Blocks, rank, 1.0).err().unwrap();
    for rank in [0, 17, usize::MAX] {
        assert!(matches!(refused(rank, params(1)), crate::Error::Setting { name: "rank", .. }));
    }
    assert!(matches!(refused(2, vec![0.0; 3]), crate::Error::Setting { name: "weights", .. }));
    let lora = Lora::new(&model(), params(1), Targets::Mlp, 2, 1.0).unwrap();
    let settings = Settings { average: true, ..settings(4, 2) };
    let weights = Weights::fresh(lora.init(1), &settings);
    let error = Learner::with_view(config(), lora, settings, weights, 0, ALLOWED_BYTES).err().unwrap();
    assert!(matches!(error, crate::Error::Setting { name: "average", .. }));
}

#[test]
fn the_same_seed_gives_the_same_bits_and_another_instance_the_same_shards() {
    let base = params(6);
    let (mut one, mut two) = (adapted(&base, Targets::Blocks, 2), adapted(&base, Targets::Blocks, 2));
    let (mut a, mut b) = (Masked::new(source, 4), Masked::new(source, 4));
    for _ in 0..4 {
        let report = step(&mut one, &mut a);
        let mut given = None;
        for shard in 0..2 {
            let (loss, gradient) = two.shard_gradient(&mut b, shard);
            let gradient = gradient.to_vec();
            given = two.receive_shard(loss, |room| room.copy_from_slice(&gradient)).unwrap();
        }
        assert_eq!(given, Some(report));
    }
    assert_eq!(bits(one.shown_params()), bits(two.shown_params()));
}
