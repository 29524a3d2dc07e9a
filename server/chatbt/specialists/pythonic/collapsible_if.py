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

## Asked as
- nested if statements, if a: if b:
- SIM102 use a single if instead of nested ifs, R1702, PLR5501 collapsible-else-if
- combine two ifs with and, merge conditions
- else: if instead of elif
- if inside an if with nothing else
- two levels of indentation for one condition
- if inside if with nothing else, can I use and
- one condition directly under another one
- nested condition without else, put them together
- else followed by an indented if
- if user: if user.active: join the two
- first if only holds the second if

## References
- The Python Language Reference, 6.11 Boolean operations
- The Python Language Reference, 8.1 The if statement
"""

import ast
from collections.abc import Iterator

from chatbt.analysis.branches import has_comment, is_elif, is_for_checkers, is_one_line
from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import position
from chatbt.analysis.outer import parent
from chatbt.analysis.places import comments, comments_within
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.blocks import outdented
from chatbt.rewriting.fix import Edit, Fix, safe
from chatbt.rewriting.layout import LINE_LENGTH, condition, else_of
from chatbt.rewriting.rewrite import Rewrite, is_enclosed
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, pythonic

_LOOSE = (ast.IfExp, ast.Lambda, ast.NamedExpr)


@pythonic("PY027", since="0.1", ruff=("SIM102", "PLR5501"))
def collapsible_if(statement: ast.If, scope: Scope) -> Findings:
    block = statement.orelse or statement.body
    inner = block[0]
    if len(block) != 1 or not isinstance(inner, ast.If) or is_elif(inner):
        return
    if statement.orelse:
        if _is_balanced(statement) or _has_comment_behind_else(statement, inner, scope):
            return
        run = [statement, inner]
        message = "the `else` holds nothing but another `if`"
    else:
        run = _run(statement, scope)
        if len(run) < 2 or not _fits(run):
            return
        count = {2: "two", 3: "three"}.get(len(run), str(len(run)))
        message = f"the {count} conditions guard the same block, as one would"
    start, end = position(inner)[:2], position(run[-1].test)[2:]
    yield Finding(inner, message, stretch=Range(Position(*start), Position(*end)), about=run)


def _run(head: ast.If, scope: Scope) -> list[ast.If]:
    """The `if`s that are one condition, from the outermost on; only the first if `head` is not the outermost."""
    around = parent(head)
    run = [head]
    if isinstance(around, ast.If) and _joins(around, head, scope):
        return run
    inner = head.body[0]
    while isinstance(inner, ast.If) and _joins(run[-1], inner, scope):
        run.append(inner)
        inner = inner.body[0]
    return run


def _joins(outer: ast.If, inner: ast.If, scope: Scope) -> bool:
    """Whether `inner` is all that `outer` guards, and nothing is said between their conditions."""
    if outer.body != [inner] or outer.orelse or inner.orelse or is_for_checkers(outer.test):
        return False
    is_short = all(is_one_line(one.test) and one.lineno == one.test.lineno for one in (outer, inner))
    return is_short and not has_comment(outer, inner.test, scope)


def _fits(run: list[ast.If]) -> bool:
    """Whether the conditions are short enough for a line together."""
    width = sum(
        (one.test.end_col_offset or 0) - one.test.col_offset + 2 * _is_loose(one.test) + len(" and ") for one in run
    )
    return run[0].test.col_offset + width + len(":") - len(" and ") <= LINE_LENGTH


def _is_loose(test: ast.expr) -> bool:
    """Whether an operand of `and` needs parentheses."""
    return isinstance(test, _LOOSE) or (isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or))


def _is_balanced(statement: ast.If) -> bool:
    """Whether the two blocks beside each other are alike on purpose."""
    return len(statement.body) == 1 and isinstance(statement.body[0], ast.If)


def _has_comment_behind_else(statement: ast.If, inner: ast.If, scope: Scope) -> bool:
    """Whether a comment stands between the `else` and the condition of the `if` in it."""
    if scope.chunk is None:
        return True
    rewrite = Rewrite(scope.chunk)
    keyword = else_of(statement, rewrite)
    return keyword is None or bool(comments_within(Range(keyword.start, rewrite.place(inner.test).end), scope.chunk))


@collapsible_if.fix
def collapse(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    run = finding.about
    return _elif(run[0], run[1], rewrite) if run[0].orelse else _joined(run, rewrite)


def _joined(run: list[ast.If], rewrite: Rewrite) -> Fix | None:
    wheres = [condition(one, rewrite) for one in run]
    parts = []
    for one, where in zip(run, wheres, strict=True):
        if where is None or where.start.line != where.end.line or not (one is run[0] or rewrite.stands_alone(one)):
            return None
        parts.append(_operand(one.test, where, rewrite))
    first, last, block = wheres[0], wheres[-1], run[-1].body
    assert first is not None and last is not None
    edits = [rewrite.replace_range(first.start, last.end, " and ".join(parts))]
    if block[0].lineno != last.end.line:
        moved = outdented(block, rewrite.indent(run[1]), rewrite)
        if moved is None:
            return None
        edits += [*moved, *_comments_below(run, rewrite)]
    return safe("Join the conditions by `and`", *edits)


def _comments_below(run: list[ast.If], rewrite: Rewrite) -> Iterator[Edit]:
    """The edits that move comments below the block, as deep as one of the `if`s between, to where the block goes."""
    indent, deepest = rewrite.indent(run[1]), rewrite.indent(run[-1])
    for one in comments(rewrite.walked):
        number, column = one.start.line, one.start.column
        if number > (run[0].end_lineno or 0) and len(indent) < column <= len(deepest):
            between = range((run[0].end_lineno or 0) + 1, number)
            if all(rewrite.line(other).strip()[:1] in ("", "#") for other in between):
                yield rewrite.replace_range(Position(number, len(indent)), one.start, "")


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
