//! The small files of a folder: what transformers wants to know of the vocabulary, and how to go on there.

use crate::formats::HfConfig;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::{Value, json};

/// Python that trains the folder's model on, with transformers: `continue.py`.
pub const CONTINUE: &str = r#"import torch, transformers
model = transformers.AutoModelForCausalLM.from_pretrained(".")
ids = transformers.AutoTokenizer.from_pretrained(".")(open("text.txt", encoding="utf-8").read(), return_tensors="pt").input_ids[0]
rows, adam = ids.unfold(0, model.config.max_position_embeddings, 1), torch.optim.AdamW(model.parameters(), lr=1e-3)
for step in range(200):
    batch = rows[torch.randint(len(rows), (8,))]; loss = model(batch, labels=batch).loss; loss.backward(); adam.step(); adam.zero_grad(); print(step, loss.item())
"#;

/// Names and contents.
pub(super) fn files(
    context: usize,
    begin: Option<u32>,
    name: Option<&str>,
    config: &HfConfig,
) -> Vec<(String, Vec<u8>)> {
    let tokenizer = json!({
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": name,
        "eos_token": name,
        "clean_up_tokenization_spaces": false,
        "model_max_length": context,
        "model_input_names": ["input_ids", "attention_mask"],
    });
    let mut tokens = json!({});
    if let Some(name) = name {
        tokens = json!({ "bos_token": name, "eos_token": name });
    }
    let generation = json!({ "bos_token_id": begin, "eos_token_id": begin });
    let text = |value: &Value| format!("{value:#}\n").into_bytes();
    Vec::from([
        ("generation_config.json".into(), text(&generation)),
        ("tokenizer_config.json".into(), text(&tokenizer)),
        ("special_tokens_map.json".into(), text(&tokens)),
        ("continue.py".into(), CONTINUE.as_bytes().to_vec()),
        ("README.md".into(), readme(config).into_bytes()),
    ])
}

fn readme(config: &HfConfig) -> String {
    let HfConfig { layers, heads, width, context, vocab_size, .. } = config;
    let class = config.architecture.class();
    format!(
        "# A small language model, trained with glassgpt\n\n`{class}`: {layers} layers, {heads} heads, width {width}, \
         context {context}, {vocab_size} tokens, f32.\n\nTo train it on with `pip install torch transformers`, put a \
         text beside these files as `text.txt` and run `python continue.py`:\n\n```python\n{CONTINUE}```\n"
    )
}
