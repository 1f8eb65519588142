use super::*;

fn base(architecture: Architecture) -> HfConfig {
    HfConfig {
        architecture,
        vocab_size: 300,
        context: 48,
        layers: 2,
        heads: 4,
        kv_heads: if architecture == Architecture::Gpt2 { 4 } else { 2 },
        width: 32,
        mlp_width: 96,
        norm_eps: 1e-5,
        theta: 10_000.0,
        softcap: if architecture == Architecture::NanoChat { Some(15.0) } else { None },
        tied: architecture != Architecture::NanoChat,
        begin: Some(299),
        document_start: None,
    }
}

/// The error for a file in which one field is another.
fn refused(architecture: Architecture, name: &str, value: Value) -> Option<Error> {
    let mut json: Value = serde_json::from_str(&base(architecture).write()).unwrap();
    json[name] = value;
    HfConfig::read(json.to_string().as_bytes()).err()
}

#[test]
fn what_is_written_is_read() {
    for architecture in Architecture::ALL {
        let config = base(architecture);
        assert_eq!(HfConfig::read(config.write().as_bytes()), Ok(config.clone()));
        let marked = HfConfig { document_start: Some(5), begin: None, ..config };
        assert_eq!(HfConfig::read(marked.write().as_bytes()), Ok(marked));
    }
    let uncapped = HfConfig { softcap: None, ..base(Architecture::NanoChat) };
    assert_eq!(HfConfig::read(uncapped.write().as_bytes()), Ok(uncapped));
}

#[test]
fn the_published_gpt2_is_known() {
    let file = r#"{"activation_function": "gelu_new", "architectures": ["GPT2LMHeadModel"], "attn_pdrop": 0.1,
        "bos_token_id": 50256, "eos_token_id": 50256, "initializer_range": 0.02, "layer_norm_epsilon": 1e-05,
        "model_type": "gpt2", "n_ctx": 1024, "n_embd": 768, "n_head": 12, "n_layer": 12, "n_positions": 1024,
        "resid_pdrop": 0.1, "task_specific_params": {"text-generation": {"max_length": 50}}, "vocab_size": 50257}"#;
    let config = HfConfig::read(file.as_bytes()).unwrap();
    let sizes = [config.vocab_size, config.context, config.layers, config.heads, config.width, config.mlp_width];
    assert_eq!(sizes, [50_257, 1_024, 12, 12, 768, 3_072]);
    assert_eq!((config.tied, config.begin, config.norm_eps), (true, Some(50_256), 1e-5));
}

#[test]
fn settings_that_would_change_the_numbers_are_refused_by_name() {
    use Architecture::{Gpt2, NanoChat, Qwen3};
    for (architecture, name, value) in [
        (Gpt2, "activation_function", json!("gelu")),
        (Gpt2, "scale_attn_weights", json!(false)),
        (Gpt2, "scale_attn_by_inverse_layer_idx", json!(true)),
        (Gpt2, "add_cross_attention", json!(true)),
        (Gpt2, "architectures", json!(["GPT2ForSequenceClassification"])),
        (Gpt2, "architectures", json!(["LlamaForCausalLM"])),
        (Qwen3, "hidden_act", json!("gelu")),
        (Qwen3, "attention_bias", json!(true)),
        (Qwen3, "use_sliding_window", json!(true)),
        (Qwen3, "head_dim", json!(16)),
        (Qwen3, "rope_scaling", json!({ "rope_type": "yarn" })),
        (Qwen3, "rope_parameters", json!({ "rope_type": "linear", "factor": 2.0 })),
        (NanoChat, "hidden_act", json!("silu")),
    ] {
        let error = refused(architecture, name, value.clone());
        assert!(matches!(error, Some(Error::Unsupported { file: FILE, .. })), "{name} {value}: {error:?}");
    }
}

#[test]
fn what_is_no_such_file_is_refused() {
    for (name, value) in [
        ("vocab_size", json!(null)),
        ("vocab_size", json!(-1)),
        ("vocab_size", json!(0)),
        ("vocab_size", json!(1e300)),
        ("n_layer", json!("two")),
        ("n_positions", json!([1])),
        ("layer_norm_epsilon", json!("small")),
        ("tie_word_embeddings", json!(1)),
    ] {
        let error = refused(Architecture::Gpt2, name, value.clone());
        assert!(matches!(error, Some(Error::Format { file: FILE, .. })), "{name} {value}: {error:?}");
    }
    for file in ["", "[]", "{}", "{\"architectures\": []}", "\u{feff}{}", "{\"model_type\": 5}"] {
        assert!(matches!(HfConfig::read(file.as_bytes()), Err(Error::Format { .. })), "{file:?}");
    }
    assert!(HfConfig::read(&[0xff, b'{']).is_err());
}

proptest::proptest! {
    #[test]
    fn a_changed_file_is_read_or_refused(
        changes in proptest::collection::vec((0usize..4096, proptest::sample::select(&b"0123456789,:{}[]\"eE.- "[..])), 1..5),
        which in 0usize..3
    ) {
        let mut file = base(Architecture::ALL[which]).write().into_bytes();
        let length = file.len();
        for (at, byte) in changes {
            file[at % length] = byte;
        }
        let _ = HfConfig::read(&file);
    }
}
