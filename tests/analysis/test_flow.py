"""Where control goes: blocks, loops, exits, and what is read after a place."""

import ast
from textwrap import dedent, indent

import pytest

from chatbt.analysis.flow import (
    always_leaves,
    enclosing_function,
    enclosing_loops,
    is_unreachable,
    read_after,
    siblings,
)
from chatbt.analysis.names import scope_of
from chatbt.analysis.ways import ways_after
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


LEAVING = {
    "a return": "return 1",
    "something behind a jump": "break\nprint()",
    "both branches": "if a:\n  return\nelif b:\n  raise E\nelse:\n  continue",
    "an endless loop": "while True:\n  g()",
    "an endless loop whose only break is an inner loop's": "while 1:\n  for a in b:\n    break",
    "an endless loop whose break is out of reach": "while True:\n  return\n  break",
    "a loop's else, when no break skips it": "for a in b:\n  g()\nelse:\n  return",
    "a try and its handlers": "try:\n  return g()\nexcept E:\n  raise F",
    "a try's else": "try:\n  g()\nexcept E:\n  break\nelse:\n  return",
    "a try with only a finally": "try:\n  return g()\nfinally:\n  h()",
    "a finally": "try:\n  g()\nfinally:\n  return",
    "an except group": "try:\n  return g()\nexcept* E:\n  raise",
    "a match with a last resort": "match a:\n  case 1:\n    return\n  case _:\n    raise E",
    "a match with a name as its last resort": "match a:\n  case 1 | b:\n    return",
    "a jump that no context manager can stop": "with a:\n  return",
}
GOING_ON = {
    "nothing": "",
    "a call": "exit()",
    "an if without else": "if a:\n  return",
    "one branch": "if a:\n  return\nelse:\n  g()",
    "a loop that may not start": "for a in b:\n  return",
    "a while that may not start": "while a:\n  return",
    "an endless loop with a break": "while True:\n  if a:\n    break",
    "an endless loop with a break in an inner loop's else": "while True:\n  for a in b:\n    g()\n  else:\n    break",
    "an endless loop whose break stands in a handler": "while True:\n  try:\n    g()\n  except E:\n    break",
    "a loop's else that a break skips": "for a in b:\n  if a:\n    break\nelse:\n  return",
    "a handler that goes on": "try:\n  return g()\nexcept E:\n  pass",
    "a try whose else goes on": "try:\n  g()\nexcept E:\n  return\nelse:\n  h()",
    "a match without a last resort": "match a:\n  case 1:\n    return",
    "a match with a guarded last resort": "match a:\n  case _ if b:\n    return",
    "a context manager that may swallow": "with a:\n  return g()",
    "a context manager that may swallow a raise": "with a:\n  raise E",
    "an inner function's return": "def g():\n  return",
}


@pytest.mark.parametrize("code", LEAVING.values(), ids=LEAVING.keys())
def test_control_never_reaches_the_end_of(code: str) -> None:
    assert always_leaves(ast.parse(code).body)


@pytest.mark.parametrize("code", GOING_ON.values(), ids=GOING_ON.keys())
def test_control_may_reach_the_end_of(code: str) -> None:
    assert not always_leaves(ast.parse(code).body)


def test_who_trusts_context_managers_takes_their_body_s_word() -> None:
    body = ast.parse("with a:\n  if b:\n    return g()\n  raise E").body
    assert always_leaves(body, trusting=True)
    assert not always_leaves(body)


AFTER = {
    "the next round": ("mark()", "next"),
    "a break": ("mark()\nbreak", "break"),
    "a break on one path": ("if a:\n  mark()\n  if b:\n    break", "break next"),
    "the branch it is in": ("if a:\n  mark()\nelse:\n  return", "next"),
    "the return that holds it": ("return mark()", "return"),
    "what the header's statement does": ("if mark():\n  return\nelse:\n  break", "break return"),
    "an inner loop's break": ("for a in b:\n  mark()\n  break\nreturn", "return"),
    "an inner loop that goes round to a return": ("for a in b:\n  if c:\n    return\n  mark()\nbreak", "break return"),
    "an endless inner loop": ("while True:\n  if a:\n    break\n  mark()\n  return", "return"),
    "the try's else": ("try:\n  mark()\nexcept E:\n  pass\nelse:\n  break", "break"),
    "a handler of the raise behind it": ("try:\n  mark()\n  raise E\nexcept E:\n  continue", "continue raise"),
    "a finally": ("try:\n  mark()\nfinally:\n  return", "return"),
    "a finally behind a handler": ("try:\n  g()\nexcept E:\n  mark()\n  raise\nfinally:\n  h()", "raise"),
    "a with": ("with a:\n  mark()\n  return g()", "return"),
    "a case": ("match a:\n  case 1:\n    mark()\n    continue", "continue"),
}


@pytest.mark.parametrize(("code", "ways"), AFTER.values(), ids=AFTER.keys())
def test_after_a_place_in_a_loop_control_goes_by(code: str, ways: str) -> None:
    first = statements(code)[0]
    loop = first.__dict__["parent"]
    marks = [node for node in ast.walk(loop) if isinstance(node, ast.Name) and node.id == "mark"]
    statement: ast.AST = marks[0]
    while not isinstance(statement, ast.stmt):
        statement = statement.__dict__["parent"]
    assert ways_after(statement, loop) == set(ways.split())


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


def is_read_after(code: str) -> bool:
    """Whether `v` may be read once the call of `mark` has run."""
    node = name_in(code, "mark")
    return read_after("v", node, scope_of(node))


def test_a_variable_is_read_after_a_place_when_a_read_follows_or_a_loop_leads_back_to_one() -> None:
    assert is_read_after("def f():\n  v = 1\n  mark()\n  print(v)")
    assert is_read_after("def f():\n  while a:\n    print(v)\n    v = mark()")
    assert not is_read_after("def f():\n  v = 1\n  print(v)\n  mark()")


def test_a_variable_is_read_after_a_place_when_an_inner_function_reads_it_however_deep() -> None:
    assert is_read_after("def f():\n  v = 1\n  def g():\n    return lambda: v\n  mark()\n  return g")
    assert is_read_after("def f():\n  v = 1\n  class A:\n    def g(self):\n      return v\n  mark()\n  return A")
    assert is_read_after("def f():\n  v = 1\n  a = [lambda: v for b in c]\n  mark()\n  return a")
    assert not is_read_after("def f():\n  v = 1\n  def g(v):\n    return lambda: v\n  mark()\n  return g")
