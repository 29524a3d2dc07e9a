"""Changes in place, as the syntax shows them."""

import ast

import pytest

from chatbt.analysis.mutation import changed_item, is_mutated
from chatbt.analysis.names import scope_of
from chatbt.analysis.walk import Walked
from chatbt.source.document import Document
from chatbt.workspace.checker import Checker
from chatbt.workspace.profile import Profile


def first_read(code: str) -> ast.Name:
    """The first place where `xs` stands in the code."""
    checker = Checker(Document.from_text("example.py", code), Profile(frozenset()))
    ((_, state),) = checker.chunks()
    found: Walked = state.walked
    assert found.module.node is not None
    names = [one for one in ast.walk(found.module.node) if isinstance(one, ast.Name) and one.id == "xs"]
    assert scope_of(names[0]) is found.module
    return min(names, key=lambda one: (one.lineno, one.col_offset))


@pytest.mark.parametrize("code", ["xs.append(1)", "xs[0] = 1", "del xs[0]", "xs += [1]", "xs[0] += 1"])
def test_an_object_is_changed_by(code: str) -> None:
    assert is_mutated(first_read(code))


@pytest.mark.parametrize("code", ["xs.index(1)", "xs.append", "a[xs] = 1", "a = xs[0]", "xs[0].append(1)", "xs = []"])
def test_an_object_is_not_changed_by(code: str) -> None:
    assert not is_mutated(first_read(code))


@pytest.mark.parametrize(
    "code",
    [
        "xs[0].append(1)",
        "xs[0][1] = 2",
        "xs[0][1][2] = 3",
        "xs[0] += [1]",
        "del xs[0][1]",
        "for x in xs:\n    x.append(1)",
        "for i, x in enumerate(xs):\n    if i:\n        x[i] = 1",
        "for x in xs[1:]:\n    x.append(1)",
    ],
)
def test_an_item_is_changed_by(code: str) -> None:
    assert changed_item(first_read(code)) is not None


@pytest.mark.parametrize(
    "code", ["xs[0] = []", "xs.append([])", "xs[0].index(1)", "for x in xs:\n    a[x] = 1", "for x in f(xs): x.pop()"]
)
def test_no_item_is_changed_by(code: str) -> None:
    assert changed_item(first_read(code)) is None
