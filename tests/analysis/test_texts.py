"""What strings are built of."""

import ast

import pytest

from chatbt.analysis.texts import pieces
from tests.analysis.asked import asked


def built(code: str) -> list[str] | None:
    """The pieces of the expression marked in `code`; expressions as source in angle brackets."""
    found = pieces(*asked(code))
    if found is None:
        return None
    return [one if isinstance(one, str) else f"<{ast.unparse(_inner(one))}>" for one in found]


def _inner(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.FormattedValue) else node


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("'a'", ["a"]),
        ("f'a {b} c'", ["a ", "<b>", " c"]),
        ("'a ' + b + ' c'", ["a ", "<b>", " c"]),
        ("'a %s%% %(n)s' % b", ["a ", "<b>", "", "%", " ", "<b>", ""]),
        ("'%s %d' % (a, b)", ["", "<a>", " ", "0", ""]),
        ("'%(n)s' % {'n': a}", ["", "<a>", ""]),
        ("'{} {1} {n}'.format(a, b, n=c)", ["", "<a>", " ", "<b>", " ", "<c>"]),
        ("'{:5d}{{'.format(a)", ["", "0", "{"]),
        ("' '.join(['a', b])", ["a", " ", "<b>"]),
    ],
)
def test_each_way_to_build_a_string_gives_its_pieces_in_order(expression: str, found: list[str]) -> None:
    assert built(f"here({expression})") == found


@pytest.mark.parametrize(
    "expression", ["a", "a + b", "a % b", "a.format(b)", "' '.join(a)", "1 + 2", "b'a'", "'{'.format(a)"]
)
def test_what_is_not_known_to_be_built_here_has_no_pieces(expression: str) -> None:
    assert built(f"here({expression})") is None


def test_a_variable_that_is_bound_once_stands_for_its_value() -> None:
    assert built("def f(b):\n    a = 'x' + b\n    here(a)\n") == ["x", "<b>"]


def test_a_variable_that_is_bound_twice_does_not() -> None:
    assert built("def f(b):\n    a = 'x' + b\n    a += b\n    here(a)\n") is None


def test_a_variable_that_holds_itself_ends() -> None:
    assert built("a = 'x' + a\nhere(a)\n") is not None
