"""Compares the published vocabularies with tiktoken: `python tests/python/fuzz_tiktoken.py [STRINGS] [SEED]`.

Needs `pip install tiktoken==0.14.0`, node, and what `cargo xtask build` leaves. No network: the rank files are those in
target/vocabularies, whose digests the build has checked against OpenAI's.
"""

import base64
import pathlib
import sys

import tiktoken
import tiktoken_ext.openai_public as public

from strings import compare, ours, strings

RANKS = pathlib.Path(__file__).parents[2] / "target" / "vocabularies"
ENCODINGS = {"gpt2": "r50k_base", "cl100k": "cl100k_base", "o200k": "o200k_base"}


def encoding(name):
    """tiktoken's own encoding, its ranks read from here."""
    def load(_url, expected_hash=None):
        lines = (RANKS / f"{name}.tiktoken").read_text().splitlines()
        return {base64.b64decode(token): int(rank) for token, rank in (line.split() for line in lines)}

    public.load_tiktoken_bpe = load
    return tiktoken.Encoding(**getattr(public, ENCODINGS[name])())


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    texts = strings(count, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    print(f"tiktoken {tiktoken.__version__}")
    same = []
    for name in ENCODINGS:
        reference = encoding(name)
        expected = [reference.encode(text, disallowed_special=()) for text in texts]
        same.append(compare(name, texts, expected, ours(name, texts)))
    sys.exit(0 if all(same) else 1)


main()
