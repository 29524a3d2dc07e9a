"""Nested `if`s that are one condition

## What it does
Reports an `if` whose body is nothing but another `if`, neither with an `else`, and an `else` that holds nothing but
an `if`.

## Why
Two `if`s around one block ask for a reason: the reader looks for what else happens when only the first one holds.
Joined by `and` they are one question, and an `elif` says that one of several cases applies; either way the code is one
level less deep.

## Example
    if user:
        if user.active:
            greet(user)

Better:
    if user and user.active:
        greet(user)

## When the fix is safe
Always: `and` asks the second question only if the answer to the first is yes, and an `elif` runs when the `else` does.
Where the joined line would get too long, a comment stands between the two, or the first condition is one that type
checkers look for, such as `TYPE_CHECKING` or the platform, nothing is reported.

## References
- The Python Language Reference, 6.11 Boolean operations
- The Python Language Reference, 8.1 The if statement
"""

import ast

from chatbt.analysis.branches import chain, has_comment, is_elif, is_for_checkers, is_one_line
from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import always_leaves, position
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.blocks import outdented
from chatbt.rewriting.fix import Fix, safe
from chatbt.rewriting.layout import LINE_LENGTH, condition, else_of
from chatbt.rewriting.rewrite import Rewrite, is_enclosed
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, pythonic

_LOOSE = (ast.IfExp, ast.Lambda, ast.NamedExpr)


@pythonic("PY027", since="0.1", ruff=("SIM102", "PLR5501"))
def collapsible_if(statement: ast.If, scope: Scope) -> Findings:
    joins = not statement.orelse
    block = statement.body if joins else statement.orelse
    inner = block[0]
    if len(block) != 1 or not isinstance(inner, ast.If) or is_elif(inner):
        return
    if joins:
        if inner.orelse or not _fits(statement, inner) or is_for_checkers(statement.test):
            return
        if has_comment(statement, inner.test, scope):
            return
        message = "the two conditions guard the same block, as one would"
    else:
        if _has_owner(statement) or _has_comment_behind_else(statement, inner, scope):
            return
        message = "the `else` holds nothing but another `if`"
    start, end = position(inner)[:2], position(inner.test)[2:]
    yield Finding(inner, message, stretch=Range(Position(*start), Position(*end)), about=statement)


def _fits(outer: ast.If, inner: ast.If) -> bool:
    """Whether both conditions are on one line each, and short enough for a line together."""
    if not all(is_one_line(one.test) and one.lineno == one.test.lineno for one in (outer, inner)):
        return False
    width = sum(
        (one.test.end_col_offset or 0) - one.test.col_offset + 2 * _is_loose(one.test) for one in (outer, inner)
    )
    return outer.test.col_offset + width + len(" and :") <= LINE_LENGTH


def _is_loose(test: ast.expr) -> bool:
    """Whether an operand of `and` needs parentheses."""
    return isinstance(test, _LOOSE) or (isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or))


def _has_owner(statement: ast.If) -> bool:
    """Whether the `else` is better left out, or the two blocks beside each other are alike on purpose."""
    if len(statement.body) == 1 and isinstance(statement.body[0], ast.If):
        return True
    head: ast.AST = statement
    while is_elif(head):
        head = head.__dict__["parent"]
    assert isinstance(head, ast.If)
    return all(always_leaves(arm.body) for arm in chain(head)[0])


def _has_comment_behind_else(statement: ast.If, inner: ast.If, scope: Scope) -> bool:
    """Whether a comment stands between the `else` and the condition of the `if` in it."""
    if scope.chunk is None:
        return True
    rewrite = Rewrite(scope.chunk)
    keyword = else_of(statement, rewrite)
    return keyword is None or bool(comments_within(Range(keyword.start, rewrite.place(inner.test).end), scope.chunk))


@collapsible_if.fix
def collapse(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    outer, inner = finding.about, finding.node
    assert isinstance(outer, ast.If) and isinstance(inner, ast.If)
    return _joined(outer, inner, rewrite) if not outer.orelse else _elif(outer, inner, rewrite)


def _joined(outer: ast.If, inner: ast.If, rewrite: Rewrite) -> Fix | None:
    first, second = condition(outer, rewrite), condition(inner, rewrite)
    if first is None or second is None or not rewrite.stands_alone(inner):
        return None
    if first.start.line != first.end.line or second.start.line != second.end.line:
        return None
    text = f"{_operand(outer.test, first, rewrite)} and {_operand(inner.test, second, rewrite)}"
    edits = [rewrite.replace_range(first.start, second.end, text)]
    if inner.body[0].lineno != second.end.line:
        moved = outdented(inner.body, rewrite.indent(inner), rewrite)
        if moved is None:
            return None
        edits += moved
    return safe("Join the conditions by `and`", *edits)


def _operand(test: ast.expr, where: Range, rewrite: Rewrite) -> str:
    text = rewrite.slice(where)
    return f"({text})" if _is_loose(test) and not is_enclosed(text) else text


def _elif(outer: ast.If, inner: ast.If, rewrite: Rewrite) -> Fix | None:
    start = rewrite.place(inner).start
    keyword = else_of(outer, rewrite)
    if keyword is None:
        return None
    indent = rewrite.line(keyword.start.line)[: keyword.start.column]
    moved = outdented([inner], indent, rewrite, leave=Range(keyword.start, start))
    if moved is None:
        return None
    return safe("Make it an `elif`", rewrite.replace_range(keyword.start, start, "el"), *moved)
