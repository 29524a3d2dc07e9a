"""Taking elements out of displays."""

import ast

import pytest

from chatbt.rewriting.apply import apply
from chatbt.rewriting.elements import without
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Document, Position
from chatbt.workspace.checker import Checker
from chatbt.workspace.profile import Profile


def removed(code: str, index: int) -> str:
    """The code without one element of its first list."""
    document = Document.from_text("example.py", code)
    ((_, state),) = Checker(document, Profile(frozenset())).chunks()
    rewrite = Rewrite(state.walked)
    (display,) = [node for node in ast.walk(state.walked.parsed.body[0]) if isinstance(node, ast.List)]
    end = rewrite.place(display).end
    closing = Position(end.line, end.column - 1)
    edit = without(index, [rewrite.place(one) for one in display.elts], closing, rewrite)
    assert edit is not None
    return apply(document, [edit]).text


CASES = {
    "the first": ("x = [a, b, c]", 0, "x = [b, c]"),
    "one between": ("x = [a,  b,  c]", 1, "x = [a,  c]"),
    "the last": ("x = [a, b, (c)]", 2, "x = [a, b]"),
    "the last, with a comma behind it": ("x = [a, ((c)),]", 1, "x = [a,]"),
    "a line of its own": ("x = [\n    ä,  # one\n    b,\n    c\n]", 1, "x = [\n    ä,  # one\n    c\n]"),
    "a line of its own, the last": ("x = [\n    a,\n    (b\n    ) # two\n]", 1, "x = [\n    a,\n]"),
    "the last of a line": ("x = [\n    a, b,\n    c]", 1, "x = [\n    a,\n    c]"),
    "the last before the bracket": ("x = [a,\n     b]", 1, "x = [a]"),
}


@pytest.mark.parametrize(("before", "index", "after"), CASES.values(), ids=CASES.keys())
def test_an_element_goes_with_its_comma(before: str, index: int, after: str) -> None:
    assert removed(before, index) == after
