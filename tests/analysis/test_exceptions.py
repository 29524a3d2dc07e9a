"""The tree of exception classes."""

import ast
import importlib

import pytest

from chatbt.analysis import exceptions, names
from chatbt.analysis.exceptions import exception_class, is_certain, is_subclass
from chatbt.analysis.module import Module, View
from chatbt.analysis.scopes import FileFacts, Scope
from chatbt.analysis.walk import walk
from chatbt.source.chunks import parse


def scope_of(code: str) -> Scope:
    return walk(parse(code, "code", ""), FileFacts(), (), View(Module(), 1, 0)).module


def named(expression: str, code: str = "") -> str | None:
    return exception_class(ast.parse(expression, mode="eval").body, scope_of(code))


@pytest.mark.parametrize("name", exceptions._STANDARD)
def test_the_bases_of_a_standard_exception_are_the_real_ones(name: str) -> None:
    for base in exceptions._STANDARD[name]:
        assert issubclass(_load(name), _load(base))


@pytest.mark.parametrize("name", sorted(exceptions._ALIASES.keys() - {"builtins.WindowsError"}))
def test_an_alias_is_the_very_class(name: str) -> None:
    assert _load(name) is _load(exceptions._ALIASES[name])


def _load(name: str) -> type:
    module, _, last = name.rpartition(".")
    found = getattr(importlib.import_module(module), last)
    assert isinstance(found, type)
    return found


def test_a_builtin_is_below_its_bases() -> None:
    scope = scope_of("")
    assert is_subclass("builtins.FileNotFoundError", "builtins.OSError", scope)
    assert is_subclass("builtins.FileNotFoundError", "builtins.BaseException", scope)
    assert not is_subclass("builtins.OSError", "builtins.FileNotFoundError", scope)


def test_a_builtin_that_is_no_exception_is_none() -> None:
    assert named("list") is None


def test_a_class_of_the_file_leads_to_its_bases() -> None:
    scope = scope_of("import json\nclass A(json.JSONDecodeError): pass\nclass B(A): pass\n")
    assert is_subclass(":B", "builtins.ValueError", scope)
    assert not is_subclass(":B", "builtins.KeyError", scope)


def test_classes_that_are_each_others_base_end() -> None:
    assert not is_subclass(":A", "builtins.ValueError", scope_of("class A(B): pass\nclass B(A): pass\n"))


def test_a_base_that_has_another_meaning_where_it_is_asked_for_is_not_followed() -> None:
    module = scope_of("class A(Exception): pass\nclass B(A): pass\ndef f():\n    class A: pass\n")
    assert is_subclass(":B", "builtins.Exception", module)
    assert not is_subclass(":B", ":A", module.children[-1])


def test_a_name_for_a_builtin_is_that_builtin_and_a_name_for_a_call_is_nothing() -> None:
    code = "import lib\nA = IOError\nB = lib.make()\nC = type('C', (A,), {})\n"
    assert [named(name, code) for name in "ABC"] == ["builtins.OSError", None, None]


def test_an_import_has_its_full_name() -> None:
    assert named("r.Timeout", "import requests as r") == "requests.Timeout"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("try: a()\nexcept ValueError: b()", True),
        ("try: a()\nexcept (ValueError, OSError): b()", True),
        ("from lib import LoadError\ntry: a()\nexcept LoadError: b()", True),
        ("class LoadError(Exception): ...\ntry: a()\nexcept LoadError: b()", True),
        ("import json\ntry: a()\nexcept json.JSONDecodeError: b()", True),
        ("def f():\n  try: a()\n  except LoadError: b()\nfrom lib import LoadError", True),
        ("import lib\ntry: a()\nexcept lib.LoadError: b()", False),
        ("from lib import ERRORS\ntry: a()\nexcept ERRORS: b()", False),
        ("try: a()\nexcept LoadError: b()\nfrom lib import LoadError", False),
        ("try:\n  from lib import LoadError\nexcept (ImportError, LoadError): b()", False),
        ("if x:\n  from lib import LoadError\ntry: a()\nexcept LoadError: b()", False),
        (
            "try: from lib import LoadError\nexcept ImportError: LoadError = None\ntry: a()\nexcept LoadError: b()",
            False,
        ),
        ("ValueError = f()\ntry: a()\nexcept ValueError: b()", False),
        ("try: a()\nexcept errors(): b()", False),
    ],
)
def test_evaluating_a_clause_is_certain_where_its_names_are_bound_before(code: str, expected: bool) -> None:
    scope = scope_of(code)
    assert scope.node is not None
    handler = [node for node in ast.walk(scope.node) if isinstance(node, ast.ExceptHandler)][-1]
    assert handler.type is not None
    assert is_certain(handler.type, names.scope_of(handler.type)) is expected
