"""Compares `tokenizer.json` files with Hugging Face's tokenizers: `python tests/python/tokenizers_json.py [STRINGS]`.

Files that this project writes must load there and give the same ids; files that are written there must open here.
Needs `pip install tokenizers==0.23.3`, node, and what `cargo xtask build` leaves.
"""

import pathlib
import subprocess
import sys
import tempfile

import tokenizers
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from strings import HERE, compare, ours, strings, well_formed

SPLITS = ["gpt2", "digits", "cl100k", "o200k", "qwen"]
QWEN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
LLAMA = QWEN.replace(r"|\p{N}|", r"|\p{N}{1,3}|")


def written_here(texts, folder):
    for what in ["gpt2", "cl100k", "o200k", *(f"trained:{split}" for split in SPLITS)]:
        file = folder / "tokenizer.json"
        subprocess.run(["node", str(HERE / "encode.js"), what, "save", str(file)], check=True)
        theirs = Tokenizer.from_file(str(file))
        expected = [theirs.encode(text, add_special_tokens=False).ids for text in texts]
        yield compare(f"written here, {what}", texts, expected, ours(what, texts))
        yield compare(f"written and read here, {what}", texts, expected, ours(str(file), texts))


def written_there(texts, folder):
    corpus = [(HERE.parents[1] / "README.md").read_text(), (HERE.parents[1] / "www/i18n/zh-hans/shell.js").read_text()]
    plain = pre_tokenizers.ByteLevel(add_prefix_space=False)
    split = lambda pattern: pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(pattern), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    kinds = {"GPT-2": (None, plain), "Llama 3": (None, split(LLAMA)), "Qwen": (normalizers.NFC(), split(QWEN))}
    for name, (normalizer, cut) in kinds.items():
        theirs = Tokenizer(models.BPE(ignore_merges=name == "Llama 3"))
        theirs.pre_tokenizer, theirs.decoder = cut, decoders.ByteLevel()
        if normalizer:
            theirs.normalizer = normalizer
        alphabet = pre_tokenizers.ByteLevel.alphabet()
        theirs.train_from_iterator(corpus, trainers.BpeTrainer(vocab_size=1500, initial_alphabet=alphabet, show_progress=False))
        file = folder / "theirs.json"
        theirs.save(str(file))
        expected = [theirs.encode(text, add_special_tokens=False).ids for text in texts]
        yield compare(f"written there, kind of {name}", texts, expected, ours(str(file), texts))


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    # Special tokens are always read there and never here, so texts must not hold their names.
    texts = [well_formed(text).replace("<|endof", "<endof") for text in strings(count, 2)]
    print(f"tokenizers {tokenizers.__version__}")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        same = [*written_here(texts, folder), *written_there(texts, folder)]
    sys.exit(0 if all(same) else 1)


main()
