"""Chain of comparisons that is a `match`

## What it does
Reports three or more branches of an `if` that all compare the same variable with constants by `==`.

## Why
Every branch repeats what is compared and how, and the reader has to check that it is the same each time. `match` says
it once, and the cases stand below each other like a table.

## Example
    def run(command):
        if command == "start":
            return start()
        elif command == "stop":
            return stop()
        elif command == "status" or command == "info":
            return status()
        else:
            return usage()

Better:
    def run(command):
        match command:
            case "start":
                return start()
            case "stop":
                return stop()
            case "status" | "info":
                return status()
            case _:
                return usage()

## When the fix is safe
When the variable stands on the left of every `==`: a `case` compares in the same way and order. Where it is looked up
with `in`, or stands on the right, a class of its own may notice the difference. Branches that only choose a constant
are left alone: a dict does that.

## Asked as
- switch case in Python, switch statement
- long if elif elif chain that compares the same variable
- match statement, structural pattern matching, case
- many elif branches, cleaner dispatch on a string or number
- replace elif with match, Python 3.10
- too many branches, R0912, select by command
- many elif branches on the same string, command, event type or status code
- is there case or switch like in C, Java or JavaScript
- dispatch by a value, many comparisons of one variable with constants
- ladder of elif, menu with options
- what do you use instead of switch or case for ten key presses
- a dozen if and elif on one variable

## References
- PEP 634, Structural Pattern Matching
"""

import ast
from typing import NamedTuple

from chatbt.analysis.branches import chain, is_elif, is_one_line
from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import position
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import exactly
from chatbt.rewriting.fix import Edit, Fix, review, safe
from chatbt.rewriting.layout import condition, else_of
from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.withs import indented
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, pythonic

_FEWEST = 3
_LITERALS = (str, bytes, int, float)
_SCALARS = ("str", "bytes", "int", "float", "bool")


class _Case(NamedTuple):
    """What a branch compares the variable with, and whether `==` with the variable on its left does it."""

    arm: ast.If
    subject: ast.Name
    values: list[ast.expr]
    is_plain: bool


@pythonic("PY026", since="0.1", python=(3, 10))
def match_over_if_chain(statement: ast.If, scope: Scope) -> Findings:
    if not statement.orelse or is_elif(statement):
        return
    arms, rest = chain(statement)
    if len(arms) < _FEWEST:
        return
    cases: list[_Case] = []
    for arm in arms:
        found = _case(arm)
        if found is None or (cases and found.subject.id != cases[0].subject.id):
            return
        cases.append(found)
    if _only_chooses([*(arm.body for arm in arms), *([rest] if rest else [])]):
        return
    name = cases[0].subject.id
    stretch = Range(Position(*position(statement)[:2]), Position(*position(statement.test)[2:]))
    yield Finding(statement, f"{len(arms)} branches compare `{name}` with constants", stretch=stretch, about=cases)


def _case(arm: ast.If) -> _Case | None:
    if arm.test.lineno != arm.lineno or not is_one_line(arm.test):
        return None
    is_or = isinstance(arm.test, ast.BoolOp) and isinstance(arm.test.op, ast.Or)
    tests = arm.test.values if is_or and isinstance(arm.test, ast.BoolOp) else [arm.test]
    found = [_compared(one) for one in tests]
    subjects = {one[0].id for one in found if one is not None}
    if len(subjects) != 1 or None in found:
        return None
    known = [one for one in found if one is not None]
    values = [value for _, some, _ in known for value in some]
    return _Case(arm, known[0][0], values, all(is_plain for _, _, is_plain in known))


def _compared(test: ast.expr) -> tuple[ast.Name, list[ast.expr], bool] | None:
    """The variable that a comparison is about, what it is compared with, and whether it is the left side of `==`."""
    match test:
        case ast.Compare(left=ast.Name() as subject, ops=[ast.Eq()], comparators=[value]) if _is_value(value):
            return subject, [value], True
        case ast.Compare(left=value, ops=[ast.Eq()], comparators=[ast.Name() as subject]) if _is_value(value):
            return subject, [value], False
        case ast.Compare(left=ast.Name() as subject, ops=[ast.In()], comparators=[ast.Tuple() | ast.List() as all_]):
            return (subject, all_.elts, False) if all_.elts and all(map(_is_value, all_.elts)) else None
    return None


def _is_value(node: ast.expr) -> bool:
    """Whether a node reads as a value in a pattern: a literal, or a dotted name. A bare name would be bound."""
    match node:
        case ast.Constant(value=value):
            return isinstance(value, _LITERALS) and not isinstance(value, bool)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return not isinstance(value, bool)
        case ast.Attribute(value=value):
            return isinstance(value, ast.Name) or (isinstance(value, ast.Attribute) and _is_value(value))
    return False


def _only_chooses(blocks: list[list[ast.stmt]]) -> bool:
    """Whether every branch only returns a constant, or sets a variable to one."""
    for block in blocks:
        match block:
            case [ast.Return(value=ast.Constant()) | ast.Assign(value=ast.Constant())]:
                pass
            case _:
                return False
    return True


@match_over_if_chain.fix
def match_it(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    head, cases = finding.node, finding.about
    assert isinstance(head, ast.If)
    moved = indented([head], rewrite)
    headers = [_header(case, rewrite) for case in cases]
    last = cases[-1].arm
    if moved is None or None in headers:
        return None
    subject = cases[0].subject
    edits = [rewrite.lines_before(head, f"match {subject.id}:"), *moved, *(one for one in headers if one)]
    if last.orelse:
        keyword = else_of(last, rewrite)
        if keyword is None:
            return None
        edits.append(rewrite.replace_range(keyword.start, keyword.end, "case _:"))
    is_same = all(case.is_plain for case in cases) or exactly(subject, scope, *_SCALARS)
    return (safe if is_same else review)(f"Match `{subject.id}`", *edits)


def _header(case: _Case, rewrite: Rewrite) -> Edit | None:
    where = condition(case.arm, rewrite)
    if where is None or where.start.line != where.end.line:
        return None
    text = " | ".join(rewrite.text(value) for value in case.values)
    return rewrite.replace_range(rewrite.place(case.arm).start, where.end, f"case {text}")
