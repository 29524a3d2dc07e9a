"""A guard clause in the place of a nested block

## What it does
Finds a function or a loop that ends in one long or deep `if` without `else`, which holds most of its work.

## Why
The work stands one level deeper than it must, and who wants to know what happens otherwise has to read on to the end to
see: nothing. A guard says that first, leaves, and what follows is the usual case at the usual depth.

## Example
    def handle(order):
        if order.paid:
            for item in order.items:
                if item.physical:
                    ship(item)
            notify(order)
            archive(order)

Better:
    def handle(order):
        if not order.paid:
            return
        for item in order.items:
            if item.physical:
                ship(item)
        notify(order)
        archive(order)

## When the fix is safe
Wherever the condition can be turned round exactly. `!=` in the place of `==` is exact only for types of which that is
known; a type of its own may define the two as it likes. Strings over several lines keep their text. A condition whose
opposite is hard to read, such as `not (a and b)`, is left alone.

## Asked as
- deeply nested if, arrow code, early return, guard clause
- whole function body is inside an if
- too many levels of indentation, flatten the code
- invert the condition and return or continue early
- R1702 too-many-nested-blocks, pyramid of doom
- validate arguments first, then the main work
- bail out at the top, return early or else
- my function is indented five levels, everything is in one big if
- how do I make this code flat, less nesting, less indentation
- if valid: (fifty lines), nothing in the else
- code moves further and further to the right, arrow shape, staircase
- leave the function at the top when there is nothing to do
- pyramid of ifs in my function, how to untangle it
- code in the else or at the deepest level is hard to read, exit early

## References
- Martin Fowler, Refactoring: Replace Nested Conditional with Guard Clauses
- PEP 20, The Zen of Python: flat is better than nested
"""

import ast
from itertools import takewhile

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import walk_block
from chatbt.analysis.names import scope_of
from chatbt.analysis.nesting import nested_at_end
from chatbt.analysis.places import comments
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import exactly
from chatbt.rewriting.blocks import begins_line, lines_in_strings
from chatbt.rewriting.fix import Edit, Fix, review, safe
from chatbt.rewriting.layout import line_end, step
from chatbt.rewriting.negation import negated, uses_equality
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, pythonic

_COMPARABLE = ("str", "int", "bool", "bytes", "float", "NoneType")


@pythonic("PY035", since="0.1")
def guard_clause(
    block: ast.FunctionDef | ast.AsyncFunctionDef | ast.For | ast.AsyncFor | ast.While, scope: Scope
) -> Findings:
    if not isinstance(block.body[-1], ast.If):
        return
    nested = list(takewhile(lambda one: _reads_well(one.test), nested_at_end(block.body)))
    if not nested:
        return
    what = "function" if isinstance(block, ast.FunctionDef | ast.AsyncFunctionDef) else "loop"
    test = nested[0].test
    yield Finding(
        nested[0],
        f"the work of this {what} stands inside an `if`, and nothing happens otherwise",
        stretch=Range.of(nested[0].lineno, nested[0].col_offset, test.end_lineno or 0, test.end_col_offset or 0),
        about=(block, nested),
    )


def _reads_well(test: ast.expr) -> bool:
    """Whether the opposite is a plain question: `not (a and b)` and `not a > b` are harder to read than the nesting."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return True
    if isinstance(test, ast.Compare):
        return len(test.ops) == 1 and not isinstance(test.ops[0], ast.Lt | ast.LtE | ast.Gt | ast.GtE)
    return not isinstance(test, ast.BoolOp | ast.IfExp)


@guard_clause.fix
def leave_early(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    block, nested = finding.about
    leave = _leave(block)
    base = rewrite.indent(nested[0])
    ends = [rewrite.place(one).start.line - 1 for one in nested[1:]] + [_last_line(nested[-1], rewrite)]
    within = lines_in_strings(nested[:1], rewrite)
    edits: list[Edit] = []
    for one, end in zip(nested, ends, strict=True):
        header = _header(one, rewrite)
        test = negated(one.test, rewrite, rewrite.slice(header)) if header else None
        if header is None or test is None:
            return None
        below, inner = line_end(header.end.line, rewrite), rewrite.indent(one.body[0])
        guard = f"{rewrite.newline}{base}{step(one, one.body[0], rewrite)}{leave}"
        edits.append(Edit(Range(Position(header.start.line, 0), header.end), f"{base}if {test}"))
        edits.append(Edit(Range(below, below), guard))
        edits += [
            Edit(Range(Position(number, len(base)), Position(number, len(inner))), "")
            for number in range(below.line + 1, end + 1)
            if number not in within and rewrite.line(number).startswith(inner)
        ]
    make = safe if all(_is_exact(one.test) for one in nested) else review
    return make(f"Leave early: `{leave}` where nothing is to do", *edits)


def _leave(block: ast.AST) -> str:
    """The statement that does what the end of the block does."""
    if not isinstance(block, ast.FunctionDef | ast.AsyncFunctionDef):
        return "continue"
    values = any(isinstance(one, ast.Return) and one.value is not None for one in walk_block(block.body))
    return "return None" if values else "return"


def _header(one: ast.If, rewrite: Rewrite) -> Range | None:
    """The condition with the parentheses around it; None if the statement shares its lines with others."""
    if not rewrite.stands_alone(one) or not begins_line(one.body[0], rewrite):
        return None
    colon = rewrite.token(rewrite.place(one.test).end, rewrite.place(one.body[0]).start, ":")
    start = rewrite.place(one).start
    return Range(Position(start.line, start.column + len("if")), colon.start) if colon else None


def _last_line(one: ast.If, rewrite: Rewrite) -> int:
    """The last line of a block, the comments below it that are as deep as it is included."""
    last = one.end_lineno or one.lineno
    depth = one.body[0].col_offset
    own = {comment.start.line: comment.start.column for comment in comments(rewrite.walked) if comment.own_line}
    for number in range(last + 1, max(own, default=0) + 1):
        if rewrite.line(number).strip() and own.get(number, -1) < depth:
            break
        if number in own:
            last = number
    return last


def _is_exact(test: ast.expr) -> bool:
    if not uses_equality(test):
        return True
    assert isinstance(test, ast.Compare)
    return all(exactly(one, scope_of(one), *_COMPARABLE) for one in (test.left, *test.comparators))
