"""Instances: what is made of the patterns' examples still has the finding, with other names."""

from pathlib import Path
from random import Random

import pytest

from chatbt.orchestrator.grounding.ground import ground_of
from chatbt.orchestrator.prompts import explain
from chatbt.source.document import Document
from chatbt.specialists.cards import card_of
from chatbt.specialists.registry import patterns
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import problems
from training import instances
from training.mutate import mutated
from training.names import Vocabulary, is_kept_back, words

_CASES = Path(__file__).parents[1] / "specialists"


@pytest.fixture(scope="module")
def made() -> list[instances.Instance]:
    """A few instances of every pattern."""
    return list(instances.make(seed=3, each=3, held_out=1, cases=_CASES))


def test_every_pattern_has_instances_of_both_kinds(made: list[instances.Instance]) -> None:
    for held_out in (False, True):
        assert {one.asked.pattern for one in made if one.held_out is held_out} == set(patterns())


def test_the_same_seed_makes_the_same_instances() -> None:
    bases = [instances.Base("CC001", "def add(item, bucket=[]):\n    bucket.append(item)\n", "example:CC001")]
    first, again, other = (
        [one.asked.code for one in instances.by_mutation(bases, 4, seed=seed, held_out=False)] for seed in (1, 1, 2)
    )
    assert first == again != other


def test_the_line_that_is_named_is_where_the_finding_is(made: list[instances.Instance]) -> None:
    for one in made:
        line = one.asked.code.splitlines()[one.asked.line - 1].strip()
        assert one.asked.before in ("", line)


def test_names_in_the_message_stand_in_the_code() -> None:
    bases = [instances.Base("CC001", "def add(item, bucket=[]):\n    bucket.append(item)\n", "example:CC001")]
    for one in instances.by_mutation(bases, 8, seed=5, held_out=False):
        name = one.asked.message.split("`")[1]
        assert f"{name}=[]" in one.asked.code


def test_the_rewritten_code_has_the_imports_that_it_needs() -> None:
    base = instances.Base("SL004", "flat = sum(lists, [])\n", "example:SL004")
    (one,) = instances.by_mutation([base], 1, seed=1, held_out=False)
    assert one.rewritten.startswith("from itertools import chain\n\n")
    assert one.asked.after in one.rewritten


def test_what_is_learned_is_what_the_product_asks() -> None:
    for pattern in patterns().values():
        code = card_of(pattern).before
        checker = Checker(Document.from_text("example.py", code), instances.profile_of(pattern.id))
        for problem in problems(checker, suggestions=True):
            if problem.report is not None:
                learned = instances.instance_of(checker, problem, "example", held_out=False)
                assert learned is not None
                assert explain(learned.asked) == explain(ground_of(checker, problem).asked())


def test_the_prompt_of_an_example_is_the_one_that_the_pair_has_learned() -> None:
    checker = Checker(Document.from_text("example.py", _ADD), instances.profile_of("CC001"))
    (problem,) = problems(checker)
    assert explain(ground_of(checker, problem).asked()) == _LEARNED


_ADD = "def add(item, bucket=[]):\n    bucket.append(item)\n    return bucket\n"
_LEARNED = """\
CC001 Mutable default argument, line 1 of `add`
every call that leaves out `bucket` shares this list
at: `def add(item, bucket=[]):`
fix: Default `bucket` to None and make the list inside (review)
```python
def add(item, bucket=[]):
    bucket.append(item)
    return bucket
```
explain"""


def test_an_instance_survives_its_file(made: list[instances.Instance]) -> None:
    assert all(instances.Instance.of(one.as_dict()) == one for one in made[:20])


def test_a_long_function_is_shown_around_its_finding() -> None:
    code = "def f(a=[]):\n" + "    a.append(1)\n" * 40 + "    if a == None:\n        return\n" + "    a.pop()\n" * 10
    base = instances.Base("PY019", code, "example:PY019")
    for one in instances.by_mutation([base], 6, seed=1, held_out=False):
        lines = one.asked.code.splitlines()
        assert len(lines) <= 20 and lines[0].startswith(("def ", "class "))
        assert "== None" in lines[one.asked.line - 1]


def test_a_stem_keeps_its_prefixes_when_it_is_renamed() -> None:
    code = (
        "class A:\n    def get_width(self):\n        return self._width\n"
        "    def set_width(self, v):\n        self._width = v\n"
    )
    random = Random(2)
    made = mutated(code, random, Vocabulary(random))
    assert made is not None
    getter, setter = (made.split(prefix)[1].split("(")[0] for prefix in ("get_", "set_"))
    assert getter == setter and made.count(f"self._{getter}") == 2


def test_attributes_of_modules_keep_their_names() -> None:
    random = Random(4)
    for _ in range(10):
        made = mutated("import os\nx = os.path.exists(a)\n", random, Vocabulary(random))
        assert made is not None and "os.path.exists(" in made


def test_held_out_names_have_words_that_training_never_uses() -> None:
    held_out, training = Vocabulary(Random(1), held_out=True), Vocabulary(Random(1))
    assert all(is_kept_back(held_out.word()) for _ in range(50))
    assert not any(is_kept_back(training.word()) for _ in range(50))
    assert len(words()) > 3000
