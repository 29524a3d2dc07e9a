"""What the models are asked: four sets of prompts, and one of random identifiers."""

from __future__ import annotations

import ast
import string
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

SETS = ("explanations", "completions", "rewrites", "questions")
IDENTIFIERS = "identifiers"
_QUESTIONS = (
    "Why does it matter?",
    "Is the fix safe?",
    "What should I write instead?",
    "How do I silence it?",
    "What is wrong with it?",
)
_LINES = range(12, 41)
"""How long a function is that is completed."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is asked, as tokens, and the set it belongs to."""

    group: str
    tokens: tuple[int, ...]


def prompts(group: str, count: int, tokenizer: Any, longest: int, seed: int) -> list[Prompt]:
    """At most `count` prompts of a set. What is more than `longest` tokens loses its beginning."""
    if group in {"completions", IDENTIFIERS}:
        texts = completions(seed) if group == "completions" else identifiers(seed)
        asked = [tokenizer.encode(text, add_special_tokens=False) for text in islice(texts, count)]
    else:
        asked = [_chat(text, tokenizer) for text in islice(_on_findings(group), count)]
    return [Prompt(group, tuple(tokens[-longest:])) for tokens in asked]


def _on_findings(group: str) -> Iterator[str]:
    """Each set asks about findings of its own."""
    text = files("chatbt.dsde.bench").joinpath("findings.txt").read_text(encoding="utf-8")
    shares = ("explanations", "rewrites", "questions")
    for number, finding in enumerate(text.rstrip("\n").split("\n%%\n")[shares.index(group) :: len(shares)]):
        question = _QUESTIONS[number % len(_QUESTIONS)]
        yield f"{finding}\n" + {"explanations": "explain", "rewrites": "rewrite", "questions": question}[group]


def _chat(text: str, tokenizer: Any) -> list[int]:
    if not tokenizer.chat_template:
        return list(tokenizer.encode(f"{text}\n", add_special_tokens=False))
    chat = tokenizer.apply_chat_template(
        [{"role": "user", "content": text}], add_generation_prompt=True, tokenize=False
    )
    return list(tokenizer.encode(chat, add_special_tokens=False))


def completions(seed: int) -> Iterator[str]:
    """The first halves of functions of the running interpreter's library, drawn by `seed`, of one file each."""
    random = Random(seed)
    modules = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
    random.shuffle(modules)
    for module in modules:
        text = module.read_text(encoding="utf-8")
        functions = [
            node
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef) and node.end_lineno and node.end_lineno - node.lineno in _LINES
        ]
        if functions:
            chosen = random.choice(functions)
            middle = (chosen.lineno + (chosen.end_lineno or 0)) // 2
            yield "\n".join(text.splitlines()[chosen.lineno - 1 : middle]) + "\n"


def identifiers(seed: int) -> Iterator[str]:
    """Assignments between names that mean nothing and never come back."""
    random = Random(seed)
    while True:
        yield "".join(f"{_name(random)} = {_name(random)}({_name(random)})\n" for _ in range(12))


def _name(random: Random) -> str:
    return "".join(random.choices(string.ascii_lowercase + "_", k=random.randint(4, 9)))
