"""Assert on a tuple

## What it does
Reports `assert (condition, message)`: an assertion of a tuple that is not empty.

## Why
A tuple with anything in it is true, so the assertion never fails, whatever the condition says. The parentheses make
one tuple of what was meant as a condition and a message. Python itself says so with a SyntaxWarning.

## Example
    def check(total):
        assert (total > 0, "total must be positive")

Better:
    def check(total):
        assert total > 0, "total must be positive"

## When the fix is safe
Never without a look: the condition is tested for the first time, and it may turn out to be false.

## Asked as
- assert with parentheses around condition and message never fails
- assertion is always true, perhaps remove parentheses
- assert (x > 0, "message") passes always
- F631 assert on a non-empty tuple, W0199 assert-on-tuple
- my assert does not raise AssertionError although the condition is false
- test passes although it should fail, assert of a tuple
- how to break a long assert over two lines
- assert (x == y, "text") is true whatever x and y are
- assert with brackets does nothing, unit test is green although the values differ
- SyntaxWarning about an assertion and parentheses
- how is assert with a message written
- all assertions seem to succeed, even wrong ones
- assert(a == b, "should be equal") looks like a function call

## References
- The Python Language Reference, 7.3 The assert statement
"""

import ast
from collections.abc import Iterator

from chatbt.analysis.finding import Finding
from chatbt.analysis.outer import parent
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.rewrite import Rewrite, is_enclosed
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, critic


@critic("CC010", group="bug", since="0.1", ruff=("F631",))
def assert_on_tuple(statement: ast.Assert, scope: Scope) -> Findings:
    test = statement.test
    if isinstance(test, ast.Tuple) and any(not isinstance(one, ast.Starred) for one in test.elts):
        yield Finding(test, "a tuple that is not empty is always true: this assertion never fails")


@assert_on_tuple.fix
def unpack_the_tuple(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    test = finding.node
    statement = parent(test)
    if not isinstance(test, ast.Tuple) or not isinstance(statement, ast.Assert):
        return None
    where, whole = rewrite.place(test), rewrite.place(statement)
    head = rewrite.slice(Range(whole.start, where.start))
    if len(test.elts) != 2 or head.strip() != "assert" or where.end != whole.end or not _is_text(test.elts[1]):
        return None
    condition, message = map(rewrite.place, test.elts)
    comma = rewrite.token(condition.end, message.start, ",")
    if comma is None or isinstance(test.elts[0], ast.Starred):
        return None
    last = rewrite.token(message.end, where.end, ",")
    title = "Unpack the tuple into condition and message"
    if where.start.line != where.end.line:
        edits = _kept_in_lines(statement, comma, last, rewrite)
        return review(title, *edits) if rewrite.stands_alone(statement) else None
    first = rewrite.slice(Range(where.start, comma.start))[1:].strip()
    if isinstance(test.elts[0], ast.NamedExpr) and not is_enclosed(first):
        first = f"({first})"
    end = last.start if last else Position(where.end.line, where.end.column - 1)
    second = rewrite.slice(Range(comma.end, end)).strip()
    return review(title, rewrite.replace(test, f"{'' if head[-1].isspace() else ' '}{first}, {second}"))


def _kept_in_lines(statement: ast.Assert, comma: Range, last: Range | None, rewrite: Rewrite) -> Iterator[Edit]:
    """Edits that give the condition and the message parentheses of their own, lines and comments kept."""
    below = Position(comma.end.line + 1, 0)
    behind = rewrite.slice(Range(comma.end, below))
    if behind.strip() and not behind.lstrip().startswith("#"):
        gap = len(behind) - len(behind.lstrip(" "))
        yield Edit(Range(comma.start, Position(comma.end.line, comma.end.column + gap)), "), (")
    else:
        yield Edit(comma, "")
        yield Edit(Range(below, below), f"{rewrite.indent(statement)}), ({rewrite.newline}")
    if last is not None:
        yield Edit(last, "")


def _is_text(node: ast.expr) -> bool:
    """Whether an expression is a string, an f-string, or one of them formatted."""
    match node:
        case ast.BinOp(left=left, op=ast.Mod() | ast.Add()):
            return _is_text(left)
        case ast.Call(func=ast.Attribute(value=value, attr="format")):
            return _is_text(value)
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
