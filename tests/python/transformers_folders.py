"""Hugging Face folders both ways, against the python package `transformers`.

Ours to theirs: models of every style, trained here, must give the same ids, logits and greedy text there, train on
there by the `continue.py` of the folder, and what they save must be read here. Theirs to ours: models made by
transformers in f32, f16 and bf16, with sizes unlike our presets, must give the same here.

    pip install torch transformers && python tests/python/transformers_folders.py [--large]

With --large also GPT-2's own sizes (124 M random weights) and vocabulary; that needs node and what `cargo xtask build` leaves.
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer, GPT2Config, NanoChatConfig, Qwen3Config

ROOT = Path(__file__).resolve().parents[2]
TOLERANCE = 1e-4
TEXTS = ["One day", "The little fox and the red ball.", "Zuri said: \"I can't!\" 12345 你好 \n\n \u00e9\u0301 🦊"]


def ours(*arguments):
    program = ROOT / "target/release/examples/folder"
    return subprocess.run([program, *map(str, arguments)], check=True, stdout=subprocess.PIPE, text=True).stdout


@torch.no_grad()
def compare(folder, texts=TEXTS, special_text=True):
    """The largest difference of a logit; ids and greedy text are asserted."""
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    worst = 0.0
    for text in texts:
        here = json.loads(ours("read", folder, text))
        ids = tokenizer(text, split_special_tokens=True, add_special_tokens=False).input_ids
        assert ids == here["ids"], (text, ids, here["ids"])
        assert tokenizer.decode(ids, clean_up_tokenization_spaces=False) == text or not special_text, text
        logits = model(torch.tensor([ids])).logits[0]
        worst = max(worst, (logits - torch.tensor(here["logits"]).view(len(ids), -1)).abs().max().item())
        assert worst < TOLERANCE, (folder, text, worst)
        out = list(ids)
        for _ in here["greedy_ids"]:
            out.append(model(torch.tensor([out])).logits[0, -1].argmax().item())
        theirs, mine = out[len(ids):], here["greedy_ids"]
        decoded = tokenizer.decode(mine, clean_up_tokenization_spaces=False)
        assert decoded == here["greedy_text"], (decoded, here["greedy_text"])
        # Behind the end of a text, a model that learned from many begins anew here; there, generation ends.
        if "glassgpt_document_start" in (Path(folder) / "config.json").read_text() and tokenizer.eos_token_id in mine:
            end = mine.index(tokenizer.eos_token_id) + 1
            theirs, mine = theirs[:end], mine[:end]
        assert theirs == mine, (text, theirs, mine)
    return worst


def trained_here(work, style):
    folder = work / style
    ours("write", style, 150, folder)
    worst = compare(folder)
    model = AutoModelForCausalLM.from_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    end = tokenizer.convert_tokens_to_ids("<|end|>")
    assert tokenizer.bos_token_id == tokenizer.eos_token_id == end == model.config.bos_token_id
    # The lines of the folder train it on.
    (folder / "text.txt").write_text("The red ball rolls down the hill and the little fox runs after it. " * 60)
    log = subprocess.run([sys.executable, "continue.py"], cwd=folder, check=True, capture_output=True, text=True).stdout
    losses = [float(line.split()[1]) for line in log.splitlines()]
    assert losses[-1] < losses[0] / 2, (losses[0], losses[-1])
    # What they save is read here.
    saved = work / f"{style}-saved"
    model.save_pretrained(saved)
    tokenizer.save_pretrained(saved)
    again = compare(saved)
    ours("copy", saved, work / f"{style}-copy")
    first, last = [(work / f"{style}{end}" / "model.safetensors").read_bytes() for end in ("", "-copy")]
    assert first == last, "weights changed on the way"
    return f"logits within {max(worst, again):.1e}, greedy text the same, weights back bit for bit; continue.py: loss {losses[0]:.2f} to {losses[-1]:.2f}"


def made_there(work, name, config, dtype):
    folder = work / f"{name}-{dtype}"
    torch.manual_seed(1)
    model = AutoModelForCausalLM.from_config(config)
    for parameter in model.parameters():
        parameter.data += 0.05 * torch.randn_like(parameter)
    model.to(getattr(torch, dtype)).save_pretrained(folder)
    AutoTokenizer.from_pretrained(work / "modern").save_pretrained(folder)
    return f"logits within {compare(folder):.1e}, greedy text the same"


def bare_names(work):
    """GPT-2 as the published files have it: names without `transformer.`, masks beside the weights."""
    from safetensors.torch import load_file, save_file

    folder = work / "gpt2-bare"
    folder.mkdir()
    for file in (work / "gpt2-float32").iterdir():
        if file.suffix == ".json":
            (folder / file.name).write_bytes(file.read_bytes())
    tensors = load_file(work / "gpt2-float32" / "model.safetensors")
    tensors = {name.removeprefix("transformer."): value for name, value in tensors.items()}
    tensors["h.0.attn.bias"] = torch.ones(1, 1, 40, 40).tril()
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})
    return f"logits within {compare(folder):.1e}, greedy text the same"


def large(work):
    """The layout of the published GPT-2, with its 124 M weights drawn at random and its vocabulary."""
    folder = work / "gpt2-large"
    torch.manual_seed(0)
    AutoModelForCausalLM.from_config(GPT2Config()).save_pretrained(folder)
    subprocess.run(["node", ROOT / "tests/python/encode.js", "gpt2", "save", folder / "tokenizer.json"], check=True)
    return f"logits within {compare(folder, TEXTS[:2]):.1e}, greedy text the same"


def main():
    size, rope = 400, {"rope_type": "default", "rope_theta": 50_000.0}
    configs = {
        "gpt2": GPT2Config(vocab_size=size, n_positions=96, n_embd=48, n_layer=2, n_head=3, n_inner=100, layer_norm_epsilon=1e-6, bos_token_id=395, eos_token_id=395),
        "qwen3": Qwen3Config(vocab_size=size + 8, hidden_size=48, intermediate_size=70, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, head_dim=12,
                             max_position_embeddings=96, rope_parameters=rope, tie_word_embeddings=False, bos_token_id=395, eos_token_id=395),
        "nanochat": NanoChatConfig(vocab_size=size, hidden_size=48, intermediate_size=70, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
                                   max_position_embeddings=96, rope_parameters=rope, final_logit_softcapping=20.0, bos_token_id=395, eos_token_id=395, pad_token_id=None),
    }
    subprocess.run(["cargo", "build", "--quiet", "--release", "--example", "folder"], cwd=ROOT, check=True)
    print(f"torch {torch.__version__.split('+')[0]}, transformers {transformers.__version__}")
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        for style in ["modern", "gpt2", "nanochat"]:
            print(f"- ours, {style}: {trained_here(work, style)}")
        for name, config in configs.items():
            for dtype in ["float32", "float16", "bfloat16"]:
                print(f"- theirs, {name} {dtype}: {made_there(work, name, config, dtype)}")
        print(f"- theirs, gpt2 without prefix: {bare_names(work)}")
        if "--large" in sys.argv:
            print(f"- theirs, gpt2 in its own sizes: {large(work)}")


if __name__ == "__main__":
    main()
