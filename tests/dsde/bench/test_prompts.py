"""What the models are asked."""

from __future__ import annotations

import ast
from itertools import islice

from chatbt.dsde.bench.prompts import IDENTIFIERS, SETS, completions, identifiers, prompts
from tests.dsde.tiny import tokenizer

MANY = 10_000


def test_a_set_has_as_many_prompts_as_were_asked_for() -> None:
    made = tokenizer()
    assert {len(prompts(group, 5, made, MANY, 1)) for group in (*SETS, IDENTIFIERS)} == {5}


def test_each_set_asks_about_findings_of_its_own() -> None:
    made = tokenizer()
    heads = [
        made.decode(prompt.tokens).partition("\n")[0]
        for group in ("explanations", "rewrites", "questions")
        for prompt in prompts(group, 9, made, MANY, 1)
    ]
    assert len(set(heads)) == len(heads) == 27


def test_a_prompt_that_is_too_long_keeps_its_end() -> None:
    made = tokenizer()
    whole, cut = (prompts("explanations", 1, made, longest, 1)[0].tokens for longest in (MANY, 20))
    assert cut == whole[-20:]


def test_the_same_seed_cuts_the_same_functions() -> None:
    assert list(islice(completions(3), 4)) == list(islice(completions(3), 4))
    assert list(islice(completions(3), 4)) != list(islice(completions(4), 4))


def test_a_completion_begins_with_the_head_of_a_function() -> None:
    for text in islice(completions(1), 5):
        head = text.lstrip()
        assert head.startswith(("def ", "async def "))
        assert text.endswith("\n")
        assert 6 <= text.count("\n") <= 25


def test_identifiers_are_python_whose_names_come_once() -> None:
    tree = ast.parse(next(identifiers(2)))
    names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
    assert len(names) == 36
    assert len(set(names)) > 30
