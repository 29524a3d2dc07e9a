"""The wordings: every pattern has its own, they fit its messages, and the judge finds them right."""

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from chatbt.orchestrator.prompts import conversation, explain, finding
from chatbt.specialists.registry import patterns
from training import instances
from training.compose import explanation, question, tree
from training.judge import judge
from training.wordings import FOLDER, PARTS, slots_of, wording_of

_CASES = Path(__file__).parents[1] / "specialists"


@pytest.fixture(scope="module")
def made() -> list[instances.Instance]:
    """Some instances of every pattern."""
    return list(instances.make(seed=4, each=6, held_out=0, cases=_CASES))


def test_every_pattern_has_a_wording() -> None:
    assert {file.stem for file in FOLDER.glob("*.toml")} == set(patterns())


def test_every_message_is_understood_and_every_part_can_be_said(made: list[instances.Instance]) -> None:
    for one in made:
        wording = wording_of(one.asked.pattern)
        assert any(expression.search(one.asked.message) for expression in wording.messages), one.asked
        assert all(wording.usable(part, slots_of(one)) for part in PARTS), one.asked


def test_composed_explanations_are_right_by_the_judge(made: list[instances.Instance]) -> None:
    random = Random(1)
    wrong = Counter(one.asked.pattern for one in made if not judge(one, explanation(one, random)).is_right)
    assert wrong.total() <= len(made) // 200, wrong


def test_composed_explanations_are_word_for_word_the_wordings(made: list[instances.Instance]) -> None:
    random = Random(2)
    rests = [judge(one, explanation(one, random)).rest for one in made]
    assert not any(rests), [rest for rest in rests if rest][:5]


def test_the_judge_sees_a_word_that_nobody_has_written(made: list[instances.Instance]) -> None:
    text = explanation(made[0], Random(1))
    assert judge(made[0], f"{text} It eats it.").rest == "It eats it"


def test_the_judge_sees_a_foreign_name(made: list[instances.Instance]) -> None:
    text = explanation(made[0], Random(1)) + " It calls `never_heard_of`."
    assert judge(made[0], text).foreign == ("never_heard_of",)


def test_the_judge_sees_another_pattern(made: list[instances.Instance]) -> None:
    random = Random(1)
    first = made[0]
    other = next(one for one in made if one.asked.pattern != first.asked.pattern)
    assert judge(first, explanation(other, random)).taken_for
    assert not judge(first, explanation(first, random)).taken_for


def test_the_judge_sees_a_sentence_of_another_pattern(made: list[instances.Instance]) -> None:
    first = next(one for one in made if one.asked.pattern == "CC001")
    text = (
        explanation(first, Random(1))
        + " `zip` walks through both sequences, and an index is one more thing to get wrong."
    )
    verdict = judge(first, text)
    assert not verdict.is_right


def test_explanations_vary(made: list[instances.Instance]) -> None:
    random = Random(1)
    assert len({explanation(made[0], random) for _ in range(40)}) > 30


def test_answers_name_what_is_asked(made: list[instances.Instance]) -> None:
    random = Random(2)
    asked = dict(question(made[0], random) for _ in range(200))
    assert f"ignore[{made[0].asked.pattern}]" in asked["How do I silence it?"]


def test_all_branches_go_on_from_the_prompt(made: list[instances.Instance]) -> None:
    text = tree(made[0], Random(1))
    assert text.prefix == finding(made[0].asked)
    assert conversation(text.prefix + text.branches[0][0]) == conversation(explain(made[0].asked))
