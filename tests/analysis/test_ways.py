"""How control leaves statements, and what comes after a place in a loop."""

import ast
from textwrap import dedent, indent

import pytest

from chatbt.analysis.flow import always_leaves
from chatbt.analysis.outer import parent
from chatbt.analysis.ways import ways_after
from chatbt.source.document import Document
from chatbt.workspace.checker import Checker
from chatbt.workspace.profile import Profile


def loop_around(code: str) -> ast.While:
    """A loop of a function with `code` as its body, walked."""
    text = "def f():\n  while x:\n" + indent(dedent(code), "    ")
    ((_, state),) = Checker(Document.from_text("example.py", text), Profile(frozenset())).chunks()
    assert state.fault is None
    return next(node for node in ast.walk(state.walked.parsed.body[0]) if isinstance(node, ast.While))


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
    loop = loop_around(code)
    statement: ast.AST = next(node for node in ast.walk(loop) if isinstance(node, ast.Name) and node.id == "mark")
    while not isinstance(statement, ast.stmt):
        statement = parent(statement)
    assert ways_after(statement, loop) == set(ways.split())
