"""Properties that keep their value, told from those that do more."""

import ast
from textwrap import dedent

import pytest

from chatbt.analysis.memos import memo, starts


def function(code: str) -> ast.stmt:
    return ast.parse(dedent(code)).body[0]


@pytest.mark.parametrize(("test", "by_hasattr"), [("self._x is None", False), ("not hasattr(self, '_x')", True)])
def test_a_property_that_keeps_its_value(test: str, by_hasattr: bool) -> None:
    found = memo(
        function(f"""
            @property
            def x(self):
                '''Doc.'''
                if {test}:
                    self._x = 1
                return self._x
        """)
    )
    assert found is not None
    assert (found.attribute, found.by_hasattr) == ("_x", by_hasattr)
    assert isinstance(found.value, ast.Constant)


@pytest.mark.parametrize(
    "body",
    [
        "if self._y is None: self._x = 1\n    return self._x",
        "if self._x is None: self._x = 1\n    return self._y",
        "if self._x is None: other._x = 1\n    return self._x",
        "if self._x is not None: self._x = 1\n    return self._x",
        "if self._x is None: self._x = 1\n    else: print()\n    return self._x",
        "if self._x is None: self._x = self._y = 1\n    return self._x",
        "if hasattr(self, '_x'): self._x = 1\n    return self._x",
        "if not self._x: self._x = 1\n    return self._x",
        "print()\n    if self._x is None: self._x = 1\n    return self._x",
    ],
)
def test_a_property_that_does_something_else(body: str) -> None:
    assert memo(function(f"@property\ndef x(self):\n    {body}\n")) is None


def test_only_a_property_keeps_a_value() -> None:
    body = "def x(self):\n    if self._x is None: self._x = 1\n    return self._x\n"
    assert memo(function(body)) is None
    assert memo(function("@property\n@other\n" + body)) is None
    assert memo(None) is None


def test_what_starts_as_none() -> None:
    code = "def __init__(self):\n    self.a = None\n    if 1:\n        self.b = None\n    x.c = None\n    self.d = 1\n"
    assert list(starts(function(code))) == ["a"]
    assert not starts(function(code.replace("__init__", "reset")))
