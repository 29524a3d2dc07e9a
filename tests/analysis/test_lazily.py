"""Comprehensions that a generator could replace."""

import ast

import pytest

from chatbt.analysis.lazily import cannot_fail, is_plain, never_stops
from tests.analysis.asked import asked


def comprehension(text: str) -> ast.ListComp:
    found, _ = asked(f"def f(x, y):\n    xs = list(x)\n    here({text})\n")
    assert isinstance(found, ast.ListComp)
    return found


@pytest.mark.parametrize(
    "text", ["[a for a in xs]", "[a is None for a in xs if a is not y]", "[isinstance(a, str) for a in range(3)]",
             "[1 for a in xs for b in 'ab' if not a is b]", "[not a == 1 for a in range(3)]"]
)  # fmt: skip
def test_these_cannot_fail(text: str) -> None:
    assert cannot_fail(comprehension(text))


@pytest.mark.parametrize(
    "text",
    ["[a for a in x]", "[a.b for a in xs]", "[a for a in xs if a]", "[a for a, b in xs]", "[a == y for a in xs]",
     "[c for a in xs]", "[f(a) for a in xs]"],
)  # fmt: skip
def test_these_may_fail(text: str) -> None:
    assert not cannot_fail(comprehension(text))


@pytest.mark.parametrize("text", ["[a.b + a[1] for a in x]", "[f'{len(a)}' for a in x for b in a if not b]"])
def test_these_stop_nothing(text: str) -> None:
    assert never_stops(comprehension(text))


@pytest.mark.parametrize("text", ["[next(a) for a in x]", "[a.b() for a in x]", "[a for a in x if y(a)]"])
def test_a_call_may_stop_a_generator(text: str) -> None:
    assert not never_stops(comprehension(text))


def test_a_comprehension_that_binds_a_variable_outside_is_not_plain() -> None:
    assert is_plain(comprehension("[a for a in x]"))
    assert not is_plain(comprehension("[(b := a) for a in x]"))
