"""Endless loop with its condition inside

## What it does
Reports `while True:` whose body starts with reading a value and leaving the loop if there was none.

## Why
An endless loop makes the reader look for the way out. `:=` lets the condition stand where conditions of loops are
looked for: read as long as there is something.

## Example
    def size(file):
        total = 0
        while True:
            chunk = file.read(8192)
            if not chunk:
                break
            total += len(chunk)
        return total

Better:
    def size(file):
        total = 0
        while chunk := file.read(8192):
            total += len(chunk)
        return total

## When the fix is safe
When the question is whether the value is true, or None: then it is asked at the same moments as before, after
`continue` too. An `==` becomes `!=`, which only for builtin objects is sure to be its opposite.

## Asked as
- while True: line = f.readline(); if not line: break
- read chunks until there are none, loop and a half
- while (chunk := f.read(1024)), read a file in blocks
- do while loop in Python, input loop until empty or quit
- endless loop with break when nothing is left, sock.recv
- read repeatedly without while True
- ask the user for input until nothing is entered
- read blocks of a file or socket until it is empty, loop condition with an assignment
- get rid of while True and break
- keep on asking until the user presses enter
- while True, data = queue.get() or recv(), if not data, break
- hash a big file piece by piece
- while True: chunk = f.read(4096), if not chunk: break
- loop until read or input gives back nothing

## References
- PEP 572, Assignment Expressions
"""

import ast
from typing import NamedTuple

from chatbt.analysis.branches import has_comment, is_one_line
from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import contains, position
from chatbt.analysis.scopes import Scope
from chatbt.analysis.truth import is_bool
from chatbt.rewriting.fix import Fix, review, safe
from chatbt.rewriting.layout import LINE_LENGTH
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, pythonic

_LOOSE = (ast.NamedExpr, ast.Yield, ast.YieldFrom, ast.Tuple)
_SHORTEST = 3


_OPPOSITE: dict[type[ast.cmpop], str] = {ast.Is: "is not", ast.IsNot: "is", ast.Eq: "!=", ast.NotEq: "=="}


class _Read(NamedTuple):
    """The assignment at the start of the loop, and the `if` that leaves it."""

    assignment: ast.Assign
    leaving: ast.If
    name: str


@pythonic("PY024", since="0.1")
def walrus_read_loop(loop: ast.While, scope: Scope) -> Findings:
    if not isinstance(loop.test, ast.Constant) or not loop.test.value or loop.orelse or len(loop.body) < _SHORTEST:
        return
    match loop.body[:2]:
        case [
            ast.Assign(targets=[ast.Name(id=name)]) as assignment,
            ast.If(test=test, body=[ast.Break()], orelse=[]) as leaving,
        ] if _asks_about(test, name):
            found = _Read(assignment, leaving, name)
        case _:
            return
    if not _fits(loop, found) or has_comment(loop, leaving, scope, line_end=True) or scope.chunk is None:
        return
    if all(contains(leaving, load) for load in scope.find(name).all_loads(name)):
        return
    rewrite = Rewrite(scope.chunk)
    if rewrite.stands_alone(assignment) and rewrite.stands_alone(leaving):
        stretch = Range(Position(*position(loop)[:2]), Position(*position(loop.test)[2:]))
        yield Finding(
            loop, f"what the loop really asks is the question about `{name}` below", stretch=stretch, about=found
        )


def _asks_about(test: ast.expr, name: str) -> bool:
    """Whether a condition is `x`, `not x`, or a comparison of `x` with a constant that has an opposite."""
    match test:
        case ast.Name() as tested:
            pass
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name() as tested):
            pass
        case ast.Compare(left=ast.Name() as tested, ops=[op], comparators=[ast.Constant()]) if type(op) in _OPPOSITE:
            pass
        case _:
            return False
    return tested.id == name


def _fits(loop: ast.While, found: _Read) -> bool:
    """Whether the value can stand in the condition, on one line with the test."""
    value, test = found.assignment.value, found.leaving.test
    if isinstance(value, _LOOSE) or not is_one_line(found.assignment) or not is_one_line(test):
        return False
    width = sum((one.end_col_offset or 0) - one.col_offset for one in (value, test))
    return loop.col_offset + len("while ( := ) not:") + width <= LINE_LENGTH


@walrus_read_loop.fix
def ask_in_the_condition(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    loop, found = finding.node, finding.about
    assert isinstance(loop, ast.While) and isinstance(found, _Read)
    text, is_same = f"{found.name} := {rewrite.text(found.assignment.value)}", True
    match found.leaving.test:
        case ast.Name():
            text = f"not ({text})"
        case ast.Compare(ops=[op], comparators=[other]) as test:
            text = f"({text}) {_OPPOSITE[type(op)]} {rewrite.text(other)}"
            is_same = is_bool(test, scope)
    first, behind = rewrite.place(found.assignment).start.line, rewrite.place(found.leaving).end.line + 1
    while not rewrite.line(behind).strip():
        behind += 1
    gone = rewrite.replace_range(Position(first, 0), Position(behind, 0), "")
    return (safe if is_same else review)("Ask in the condition", rewrite.replace(loop.test, text), gone)
