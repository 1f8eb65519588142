"""Random strings of the kinds that tokenizers stumble over, and the ids that this project gives them."""

import json
import pathlib
import random
import subprocess

HERE = pathlib.Path(__file__).parent

SCRIPTS = [
    (0x20, 0x7E), (0x20, 0x7E), (0x20, 0x7E), (0xA0, 0x17F), (0x370, 0x3FF), (0x400, 0x4FF), (0x590, 0x5FF),
    (0x600, 0x6FF), (0x900, 0x97F), (0xE00, 0xE7F), (0x1100, 0x11FF), (0x1E00, 0x1EFF), (0x2000, 0x206F),
    (0x2150, 0x218F), (0x2460, 0x24FF), (0x3000, 0x30FF), (0x3400, 0x3500), (0x4E00, 0x9FFF), (0x4E00, 0x9FFF),
    (0xAC00, 0xD7A3), (0xFF00, 0xFFEF), (0x10330, 0x1034F), (0x1D400, 0x1D7FF), (0x1F300, 0x1FAFF), (0x20000, 0x20100),
]
SPACES = [" ", " ", " ", "  ", "\n", "\r\n", "\r", "\t", "\n\n", " \n ", "\x0b", "\x0c", "\x85", "\xa0", "\u1680", "\u2003",
          "\u2028", "\u2029", "\u202f", "\u3000", "\ufeff", "\u180e", "\u200b"]
PIECES = ["'s", "'S", "'ll", "'LL", "'Re", "'ve", "'m", "'d", "'t", "'\u017f", "\u2019s", "don't", "I'VE", "12", "1234567", "\u00bd",
          "\u2167", "\u0663", "<|endoftext|>", "<|endofprompt|>", "://", "...", "!!!", "\\n", "{}", "_", "-", "/", "\u0301",
          "e\u0301", "\u0e33", "\u200d", "\ufe0f", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1e9\U0001f1ea",
          "\U0001f44b\U0001f3fd", "\u01c5", "\u02b0", "ABC", "Abc", "aBC", "\u0130", "\u00df", "\u4e16\u754c", "\u3007", "\u3005",
          "\ud83d", "\udc4b", "\ud800", "\udfff", "\x00", "\x01", "\x1b", "\x7f", "\ufffd", "\uffff", "\U0010ffff"]


def character(rng):
    first, last = rng.choice(SCRIPTS)
    return chr(rng.randint(first, last))


def part(rng):
    kind = rng.random()
    if kind < 0.35:
        first, last = rng.choice(SCRIPTS)
        return "".join(chr(rng.randint(first, last)) for _ in range(rng.randint(1, 8)))
    if kind < 0.5:
        return rng.choice(SPACES) * rng.choice([1, 1, 1, 2, 5])
    if kind < 0.7:
        return rng.choice(PIECES)
    if kind < 0.8:
        return rng.choice(["the", " and", "Hello", " world", "function", " return", "\u8fd9\u662f", "\u4f60\u597d"])
    if kind < 0.85:
        return character(rng) * rng.randint(2, 60)
    if kind < 0.9:
        return chr(rng.choice([rng.randint(0, 0x1F), rng.randint(0x7F, 0x9F), rng.randint(0xD800, 0xDFFF)]))
    return character(rng)


def strings(count, seed=1):
    rng = random.Random(seed)
    return ["".join(part(rng) for _ in range(rng.randint(0, 14))) for _ in range(count)]


def well_formed(text):
    """Halves of surrogate pairs as U+FFFD, whole pairs as the character, as JavaScript and tiktoken do."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def ours(what, texts):
    """Ids by this project. `what`: as encode.js takes it."""
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    command = ["node", str(HERE / "encode.js"), what]
    out = subprocess.run(command, input=lines, capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def compare(name, texts, expected, found):
    """Prints a line; tells whether all are equal."""
    wrong = [i for i in range(len(texts)) if expected[i] != found[i]]
    for i in wrong[:5]:
        print(f"  {texts[i]!r}\n    expected {expected[i]}\n    found    {found[i]}")
    tokens = sum(map(len, expected))
    same = len(found) == len(texts) and not wrong
    print(f"{name}: {len(texts)} strings, {tokens} tokens, {'all equal' if same else f'{len(wrong)} DIFFER'}")
    return same
