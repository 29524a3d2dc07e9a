"""Value that is bound only to be asked about

## What it does
Reports a variable that is set to the result of a call right before an `if` that tests it, where nothing else but that
`if` uses it.

## Why
With `:=` the value gets its name in the condition itself, so the reader sees at once that it belongs to this `if`
alone.

## Example
    import re

    def show(line):
        match = re.search(r"id=(\\d+)", line)
        if match:
            print(match.group(1))

Better:
    import re

    def show(line):
        if match := re.search(r"id=(\\d+)", line):
            print(match.group(1))

## When the fix is safe
Always: the call is made and the variable set at the same moment as before. Where the condition would go over several
lines or get too long, or where a comment stands between the two, nothing is reported.

## Asked as
- assign and test in one line, := walrus operator, assignment expression
- m = re.match(...) and then if m:
- assignment inside an if condition like in C
- value = f() followed by if value:
- when to use the colon equals operator
- variable is only needed in the if
- avoid calling the function twice, once to test and once to use
- call a function, keep the result and test it in the same if
- one line for m = pattern.search(text) and another for if m
- can I assign within a condition as in C or JavaScript
- what does := do
- if (n := len(a)) > 10
- match = pattern.match(s) and on the next line if match:
- result is computed on one line and checked on the next

## References
- PEP 572, Assignment Expressions
"""

import ast
from typing import NamedTuple

from chatbt.analysis.branches import has_comment, is_elif, is_one_line
from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import ancestors, contains, siblings
from chatbt.analysis.loops import is_own
from chatbt.analysis.names import is_dynamic
from chatbt.analysis.outer import parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.single import names_in
from chatbt.rewriting.fix import Fix, safe
from chatbt.rewriting.layout import LINE_LENGTH
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, pythonic


class _Bound(NamedTuple):
    """The `if` behind an assignment, and the name as it is tested there."""

    statement: ast.If
    tested: ast.Name


@pythonic("PY023", since="0.1", yields_to=("PY024",))
def walrus_in_condition(statement: ast.If, scope: Scope) -> Findings:
    tested = _tested(statement.test)
    if tested is None or is_elif(statement):
        return
    before = siblings(statement)[0]
    match before[-1:]:
        case [ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() | ast.Await() as value) as assignment]:
            pass
        case _:
            return
    if name != tested.id or not is_own(name, scope) or is_dynamic(scope) or scope.captures(name):
        return
    if scope.used_elsewhere(name) or not _fits(assignment, tested, statement) or name in names_in(value):
        return
    if _is_for_this_only(name, tested, statement, scope) and _stands_alone(assignment, statement, scope):
        yield Finding(assignment, f"`{name}` is set only for the `if` below", about=_Bound(statement, tested))


def _tested(test: ast.expr) -> ast.Name | None:
    """The name in `m` and `m is not None`: where the value is missing, the block has no use for it."""
    match test:
        case ast.Name():
            return test
        case ast.Compare(left=ast.Name() as name, ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return name
    return None


def _fits(assignment: ast.Assign, tested: ast.Name, statement: ast.If) -> bool:
    """Whether the assignment stands right above the `if`, and both are short enough for a line together."""
    if not is_one_line(assignment) or not is_one_line(statement.test) or statement.lineno != assignment.lineno + 1:
        return False
    width = (assignment.end_col_offset or 0) - assignment.col_offset + len(" := ()") - len(" = ")
    return (statement.test.end_col_offset or 0) - len(tested.id) + width < LINE_LENGTH


def _is_for_this_only(name: str, tested: ast.Name, statement: ast.If, scope: Scope) -> bool:
    """Whether the value is read in the block of the `if`, and nothing reads it elsewhere.

    Another pair of an assignment and an `if` may use the same variable for a value of its own.
    """
    if any(isinstance(parent(one), ast.AugAssign | ast.Delete) for one in scope.bindings_of(name)):
        return False
    others = [load for load in scope.all_loads(name) if load is not tested]
    inside = any(contains(one, load) for load in others for one in statement.body)
    return inside and all(_has_own_value(load, name) for load in others)


def _has_own_value(load: ast.Name, name: str) -> bool:
    """Whether the statement above an `if` around the read sets the variable that it tests."""
    for around in ancestors(load):
        if isinstance(around, ast.If) and not is_elif(around) and _asks_for(name, around.test):
            match siblings(around)[0][-1:]:
                case [ast.Assign(targets=[ast.Name(id=target)])] if target == name:
                    return True
    return False


def _asks_for(name: str, test: ast.expr) -> bool:
    """Whether a condition reads the variable itself, and not only what it binds there is made of it."""
    return name in names_in(test) and not any(isinstance(one, ast.NamedExpr) for one in ast.walk(test))


def _stands_alone(assignment: ast.Assign, statement: ast.If, scope: Scope) -> bool:
    """Whether the assignment has its line to itself, without a comment."""
    if scope.chunk is None or has_comment(assignment, statement.test, scope):
        return False
    return Rewrite(scope.chunk).stands_alone(assignment)


@walrus_in_condition.fix
def bind_it_there(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    assignment, bound = finding.node, finding.about
    assert isinstance(assignment, ast.Assign) and isinstance(bound, _Bound)
    text = f"{bound.tested.id} := {rewrite.text(assignment.value)}"
    text = text if bound.statement.test is bound.tested else f"({text})"
    return safe("Bind it in the condition", rewrite.remove(assignment), rewrite.replace(bound.tested, text))
