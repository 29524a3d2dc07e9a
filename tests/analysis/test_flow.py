"""Where control goes: blocks, loops, exits, and what is read after a place."""

import ast
from textwrap import dedent, indent

from chatbt.analysis.flow import (
    enclosing_function,
    enclosing_loops,
    is_unreachable,
    siblings,
)
from chatbt.source.document import Document
from chatbt.workspace.checker import Checker
from chatbt.workspace.profile import Profile


def walked(code: str) -> ast.Module:
    """The walked tree of the code's only chunk."""
    checker = Checker(Document.from_text("example.py", dedent(code)), Profile(frozenset()))
    ((_, state),) = checker.chunks()
    assert state.fault is None
    tree = state.walked.module.node
    assert isinstance(tree, ast.Module)
    return tree


def name_in(code: str, name: str) -> ast.Name:
    """The last use of `name` in the code."""
    return [node for node in ast.walk(walked(code)) if isinstance(node, ast.Name) and node.id == name][-1]


def statements(code: str) -> list[ast.stmt]:
    """The statements of `code` as they stand in a loop of a function."""
    function = walked("def f():\n  while x:\n" + indent(dedent(code), "    ")).body[0]
    assert isinstance(function, ast.FunctionDef)
    loop = function.body[0]
    assert isinstance(loop, ast.While)
    return loop.body


def test_siblings_are_those_of_the_same_block() -> None:
    first, branch, last = statements("a = 1\nif a:\n  b = 1\n  c = 1\nelse:\n  d = 1\ne = 1")
    assert isinstance(branch, ast.If)
    assert siblings(branch) == ([first], [last])
    assert siblings(branch.body[0]) == ([], [branch.body[1]])
    assert siblings(branch.orelse[0]) == ([], [])


def test_code_behind_a_jump_is_unreachable_however_deep_it_stands() -> None:
    assert is_unreachable(name_in("def f():\n  return\n  if a:\n    x", "x"))
    assert not is_unreachable(name_in("def f():\n  if a:\n    return\n  if b:\n    x", "x"))


def test_a_default_belongs_to_the_function_and_loop_around_its_function() -> None:
    code = """
    def f():
        for a in b:
            def g(c=x):
                return y
    """
    outer, inner = enclosing_function(name_in(code, "x")), enclosing_function(name_in(code, "y"))
    assert (getattr(outer, "name", ""), getattr(inner, "name", "")) == ("f", "g")
    assert len(enclosing_loops(name_in(code, "x"))) == 1
    assert enclosing_loops(name_in(code, "y")) == []


def test_only_what_a_loop_repeats_is_in_it() -> None:
    assert len(enclosing_loops(name_in("while x: pass", "x"))) == 1
    assert enclosing_loops(name_in("for a in x: pass", "x")) == []
    assert enclosing_loops(name_in("for a in b: pass\nelse: x", "x")) == []
