"""Superfluous `else` after a jump

## What it does
Reports an `else` that holds the main path of the code, behind short branches that all end in `return`, `raise`,
`continue` or `break`, and any `else` behind branches that all raise.

## Why
What stands below the `if` is reached only where none of the branches was taken, so the `else` says nothing new. Without
it the special cases come first and leave, and the main path reads on at the left margin. Where the branches weigh about
the same, `if` and `else` side by side show a choice, and nothing is said.

## Example
    def area(shape):
        if shape.is_empty:
            return 0
        else:
            width, height = shape.size
            return width * height

Better:
    def area(shape):
        if shape.is_empty:
            return 0
        width, height = shape.size
        return width * height

## When the fix is safe
Always: every branch is proven to leave. A block that holds a string over several lines is not moved, and a comment on
the line of the `else` becomes a line of its own. A chain that compares the same thing again and again reads as a table
and is left alone.

## Asked as
- no-else-return, unnecessary else after return
- R1705, R1720 no-else-raise, R1724 no-else-continue, R1723 no-else-break, RET505
- else after return, raise, continue or break
- is the else needed when the if returns
- drop else and dedent the rest
- elif after a return, superfluous branch
- is else useless when the branch above already returned
- pylint: Unnecessary "else" after "return", after "raise", after "continue"
- if error: raise ... else: everything else indented
- remove else to reduce indentation
- if x: return 1 else: return 2, pylint does not like the else
- why no else after return, what are the arguments

## References
- The Python Language Reference, 8.1 The if statement
"""

import ast
import re

from chatbt.analysis.branches import chain, is_for_checkers, one_subject
from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import always_leaves
from chatbt.analysis.outer import parent
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.blocks import outdented
from chatbt.rewriting.fix import Edit, Fix, safe
from chatbt.rewriting.layout import else_of
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, pythonic

_JUMPS = {ast.Return: "returns", ast.Raise: "raises", ast.Continue: "continues", ast.Break: "breaks"}
_DIRECTIVE = re.compile(r"#\s*(?:noqa|type:|pragma|pylint|fmt:|pyright|mypy|ruff|chatbt)")
_TABLE = 3
_HEAVIER = 2
_ERROR = 2


@pythonic("PY028", since="0.1", ruff=("RET505", "RET506", "RET507", "RET508"))
def superfluous_else_after_jump(statement: ast.If, scope: Scope) -> Findings:
    if not statement.orelse or not always_leaves(statement.body) or scope.chunk is None:
        return
    around = parent(statement)
    if isinstance(around, ast.If) and around.orelse == [statement]:  # an `elif`, or better one
        return
    arms, rest = chain(statement)
    if not rest or not all(always_leaves(arm.body) for arm in arms) or any(is_for_checkers(arm.test) for arm in arms):
        return
    if len(arms) + bool(rest) >= _TABLE and one_subject([arm.test for arm in arms]) is not None:
        return
    if not _is_main_path(rest, arms):
        return
    keyword = _keyword(arms, Rewrite(scope.chunk))
    if keyword is not None:
        word = "else" if len(arms) == 1 else "elif"
        verb = _JUMPS.get(type(statement.body[-1]), "leaves")
        yield Finding(statement, f"the branch before this `{word}` always {verb}", stretch=keyword, about=arms)


def _is_main_path(rest: list[ast.stmt], arms: list[ast.If]) -> bool:
    """Whether the branches only turn special cases away, so that an `else` less makes the rest clearer.

    An `if` alone in the `else` is better joined to it, as an `elif`.
    """
    if len(rest) == 1 and isinstance(rest[0], ast.If):
        return False
    if all(isinstance(arm.body[-1], ast.Raise) and len(arm.body) <= _ERROR for arm in arms):
        return not isinstance(rest[-1], ast.Raise)
    if len(arms) >= _TABLE or (len(rest) == 1 and not hasattr(rest[0], "body")):
        return False
    return _weight(rest) >= _HEAVIER * sum(_weight(arm.body) for arm in arms)


def _weight(block: list[ast.stmt]) -> int:
    """How many statements are in a block, those in blocks of its own too."""
    return sum(isinstance(node, ast.stmt) for one in block for node in ast.walk(one))


def _keyword(arms: list[ast.If], rewrite: Rewrite) -> Range | None:
    """The place of the first `elif` or `else`."""
    if len(arms) > 1:
        start = rewrite.place(arms[1]).start
        return Range(start, Position(start.line, start.column + len("elif")))
    place = else_of(arms[0], rewrite)
    return Range(place.start, Position(place.start.line, place.start.column + len("else"))) if place else None


@superfluous_else_after_jump.fix
def leave_it_out(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    arms = finding.about
    edits = []
    for arm in arms[1:]:
        start = rewrite.place(arm).start
        edits.append(rewrite.replace_range(start, Position(start.line, start.column + len("el")), ""))
    moved = _without_else(arms[-1], rewrite)
    return None if moved is None else safe("Leave the `else` out", *edits, *moved)


def _without_else(last: ast.If, rewrite: Rewrite) -> list[Edit] | None:
    """The edits that take the `else:` away and move its block out."""
    keyword, first = else_of(last, rewrite), rewrite.place(last.orelse[0]).start
    if keyword is None:
        return None
    line = keyword.start.line
    if first.line == line:
        return [rewrite.replace_range(keyword.start, first, "")]
    behind = Position(line + 1, 0)
    moved = outdented(last.orelse, rewrite.line(line)[: keyword.start.column], rewrite)
    comments = comments_within(Range(keyword.start, behind), rewrite.walked)
    if moved is None or any(_DIRECTIVE.match(one.text) for one in comments):
        return None
    if comments:
        return [rewrite.replace_range(keyword.start, comments[0].start, ""), *moved]
    return [rewrite.replace_range(Position(line, 0), behind, ""), *moved]
