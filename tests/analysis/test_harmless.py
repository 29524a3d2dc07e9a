"""Expressions that bring no foreign text along."""

import ast

import pytest

from chatbt.analysis.harmless import is_harmless
from chatbt.analysis.scopes import Scope
from tests.analysis.asked import asked


def _quotes(call: ast.Call, scope: Scope) -> bool:
    return ast.unparse(call.func) == "quote"


def harmless(code: str) -> bool:
    return is_harmless(*asked(code), _quotes)


@pytest.mark.parametrize(
    "expression",
    [
        "'a'", "1", "TABLE", "settings.TABLE", "len(a)", "int(a)", "'?' * len(a)", "['?'] * n", "'a' if b else 'c'",
        "','.join('?' for _ in a)", "quote(a)", "str(quote(a))", "f'{a:d}{b:.2f}'", "a - b", "a + 1", "TABLES[a]",
        "'a'.upper()",
    ],
)  # fmt: skip
def test_constants_numbers_and_quoted_values_are_harmless(expression: str) -> None:
    assert harmless(f"def f(a, b, n):\n    here({expression})\n")


@pytest.mark.parametrize(
    "expression",
    ["a", "a.b", "a[0]", "str(a)", "f'{a}'", "a * 2", "'a' + b", "'x' if a else b", "','.join(a)", "g(1)", "a.upper()"],
)
def test_what_a_caller_gives_is_not(expression: str) -> None:
    assert not harmless(f"def f(a, b, n):\n    here({expression})\n")


def test_a_variable_is_harmless_if_all_that_binds_it_is() -> None:
    assert harmless("def f(a):\n    b = 'x'\n    b += 'y'\n    for c in ('a', 'b'):\n        here(b + c)\n")
    assert not harmless("def f(a):\n    b = 'x'\n    b += a\n    here(b)\n")


def test_a_variable_that_is_made_of_itself_is_what_its_other_bindings_are() -> None:
    assert harmless("def f(a):\n    b = quote(a)\n    b = f'to_char({b})'\n    here(b)\n")
    assert not harmless("def f(a):\n    b = a\n    b = f'to_char({b})'\n    here(b)\n")


def test_a_constant_of_another_chunk_is_harmless() -> None:
    assert harmless("mark = '?'\n\n\ndef f():\n    here(mark)\n")
    assert not harmless("mark = input()\n\n\ndef f():\n    here(mark)\n")
