"""Dicts that a loop fills key by key."""

import ast

import pytest

from chatbt.analysis.keyed import filled, is_item, item, membership, missing
from chatbt.analysis.names import scope_of
from chatbt.analysis.outer import parent
from tests.analysis.asked import asked


def expression(code: str) -> ast.expr:
    return ast.parse(code, mode="eval").body


def test_an_item_is_told_by_its_variable_and_key() -> None:
    assert is_item(expression("d[x.y]"), "d", expression("x.y"))
    assert not is_item(expression("d[x.y]"), "d", expression("x.z"))
    assert not is_item(expression("e[x.y]"), "d", expression("x.y"))
    assert not is_item(expression("d[f()]"), "d", expression("f()"))
    assert item(expression("d[1:2]")) is None
    assert item(expression("a.d[1]")) is None


def test_a_test_of_membership() -> None:
    found = membership(expression("x in d"))
    assert found is not None
    assert (found[0], found[2]) == ("d", True)
    assert membership(expression("x not in d")) is not None
    assert membership(expression("x in a.d")) is None
    assert membership(expression("x in d in e")) is None


@pytest.mark.parametrize(
    ("code", "is_found"),
    [
        ("if here(x) not in d: d[x] = []\nprint()", True),
        ("if here(x) not in d: d[x] = []", False),
        ("if here(x) in d: d[x] = []\nprint()", False),
        ("if here(x) not in d: d[y] = []\nprint()", False),
        ("if here(x) not in d: d[x] = []\nelse: print()\nprint()", False),
    ],
)
def test_what_is_done_for_a_missing_key(code: str, is_found: bool) -> None:
    node, _ = asked(code.replace("here(x)", "(here(x), x)[1]"))
    statement: ast.AST = node
    while not isinstance(statement, ast.If):
        statement = parent(statement)
    assert isinstance(statement.test, ast.Compare)
    statement.test.left = expression("x")
    assert (missing(statement) is not None) == is_found


@pytest.mark.parametrize(
    ("code", "is_found"),
    [
        ("def f(xs):\n    d = {}\n    for x in xs:\n        d[x] = here(1)\n    return d", True),
        ("def f(xs):\n    d = dict()\n    while xs:\n        d[x] = here(1)\n    return d", True),
        ("def f(xs):\n    d = {1: 2}\n    for x in xs:\n        d[x] = here(1)\n    return d", False),
        ("def f(xs):\n    d = {}\n    for x in xs:\n        d[x] = here(1)\n    return d | xs", False),
        ("def f(xs):\n    d = {}\n    for x in xs:\n        d[x] = here(1)\n    d.update(xs)", False),
        ("def f(xs):\n    d = {}\n    for x in xs:\n        d[x] = here(1)\n    d = xs", False),
        ("def f(xs, d):\n    for x in xs:\n        d[x] = here(1)", False),
        ("def f(xs):\n    d = {}\n    d[x] = here(1)", False),
    ],
)
def test_a_loop_fills_a_dict_that_is_made_before_it(code: str, is_found: bool) -> None:
    node, _ = asked(code)
    statement: ast.AST = node
    while not isinstance(statement, ast.stmt):
        statement = parent(statement)
    assert (filled("d", [statement], scope_of(statement)) is not None) == is_found
