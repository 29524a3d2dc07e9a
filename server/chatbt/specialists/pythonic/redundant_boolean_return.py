"""Boolean that repeats its condition

## What it does
Reports `if x: return True` with `return False` behind it, and `True if x else False`, either way round.

## Why
The condition is the answer already. Spelling both results out takes more lines, and the reader must check that they
are not the wrong way round.

## Example
    def is_full(guests):
        if len(guests) >= 18:
            return True
        return False

Better:
    def is_full(guests):
        return len(guests) >= 18

## When the fix is safe
When the condition is proven to be True or False itself: `not`, `in`, `is`, `isinstance` and the like, or a comparison
of builtin objects. What is merely true or false goes into `bool(...)`. Other objects may answer a comparison with
something else, as arrays do, so there you have a look; the same where `and` and `or` would ask an operand twice.
Where the answer is the opposite of an order, such as `<`, or of several conditions, nothing is said, unless the order
is one of whole numbers or texts.

## Asked as
- if condition: return True else: return False
- return a boolean directly, SIM103, R1703 simplifiable-if-statement, simplifiable-if-expression
- True if x else False, SIM210
- function that returns True or False depending on a comparison, reviewer says redundant
- return the condition itself, superfluous if
- x = True if a > b else False, is_valid = False if ... else True
- if n % 2 == 0: return True else: return False, can that be shorter
- just return the comparison instead of an if with True and False
- flag = True if x > 5 else False
- four lines to give back a boolean
- if total > limit: return True, return False
- mentor, teacher or reviewer says the if is not needed because the comparison is already a bool

## References
- The Python Language Reference, 6.10 Comparisons
- The Python Library Reference, Truth Value Testing
"""

import ast
from typing import NamedTuple

from chatbt.analysis.branches import has_comment, is_elif, is_one_line
from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import ancestors, position, siblings
from chatbt.analysis.names import is_builtin
from chatbt.analysis.outer import parent
from chatbt.analysis.places import source_of
from chatbt.analysis.scopes import Scope
from chatbt.analysis.truth import is_bool, looks_bool
from chatbt.analysis.types import exactly
from chatbt.rewriting.fix import Fix, review, safe
from chatbt.rewriting.layout import condition
from chatbt.rewriting.rewrite import Rewrite, is_enclosed
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, pythonic

_LONGEST = 40
_OPPOSITE: dict[type[ast.cmpop], str] = {
    ast.In: "not in", ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is", ast.Eq: "!=", ast.NotEq: "==",
}  # fmt: skip
_ORDERS: dict[type[ast.cmpop], str] = {ast.Lt: ">=", ast.LtE: ">", ast.Gt: "<=", ast.GtE: "<"}
_ORDERED = ("int", "str", "bytes")
_OPERATOR = r"\bnot\s+in\b|\bis\s+not\b|\bin\b|\bis\b|==|!=|[<>]=?"


class _Answer(NamedTuple):
    """A condition, whether True is the answer if it holds, and the stretch that says so."""

    test: ast.expr
    positive: bool
    stretch: Range
    returned: bool


@pythonic("PY025", since="0.1", ruff=("SIM103", "SIM210", "SIM211"), yields_to=("PY028",))
def redundant_boolean_return(node: ast.If | ast.IfExp, scope: Scope) -> Findings:
    found = _of_expression(node, scope) if isinstance(node, ast.IfExp) else _of_statement(node, scope)
    if found is None or any(isinstance(one, ast.Yield | ast.YieldFrom) for one in ast.walk(found.test)):
        return
    if found.positive and not looks_bool(found.test, scope):
        is_long = isinstance(found.test, ast.BoolOp) and not is_one_line(found.test)
        if is_long or not is_builtin("bool", scope):
            return
    if not found.positive and not _has_opposite(found.test, scope):
        return
    text = source_of(found.test, scope.chunk) if scope.chunk else ""
    about = f"`{text}`" if len(text) <= _LONGEST and is_one_line(found.test) and "`" not in text else "the condition"
    holds = "holds" if found.positive else "does not hold"
    yield Finding(node, f"the result only says whether {about} {holds}", stretch=found.stretch, about=found)


def _has_opposite(test: ast.expr, scope: Scope) -> bool:
    """Whether the opposite of a condition can be said as simply.

    Not that of several conditions or comparisons. That of an order is another order only of objects that are all in
    one; others, such as sets and NaN, may be neither less nor greater.
    """
    match test:
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            is_total = any(exactly(left, scope, kind) and exactly(right, scope, kind) for kind in _ORDERED)
            return type(op) not in _ORDERS or is_total
    return not isinstance(test, ast.Compare | ast.BoolOp)


def _of_expression(node: ast.IfExp, scope: Scope) -> _Answer | None:
    if not (_is_bool_constant(node.body) and _is_bool_constant(node.orelse)) or has_comment(node, node, scope):
        return None
    first, second = node.body.__dict__["value"], node.orelse.__dict__["value"]
    if first is second or any(isinstance(one, ast.JoinedStr) for one in ancestors(node)):
        return None
    return _Answer(node.test, first, _between(node, node), returned=False)


def _of_statement(node: ast.If, scope: Scope) -> _Answer | None:
    first = _returned(node.body)
    if first is None or is_elif(node):
        return None
    before, behind = siblings(node)
    block = node.orelse or behind[:1]
    second = _returned(block)
    if second is None or first is second or has_comment(node, block[0], scope, line_end=True):
        return None
    # The last of several questions, each with its answer, reads best like the others.
    if before and isinstance(before[-1], ast.If) and _returned(before[-1].body[-1:]) is not None:
        return None
    return _Answer(node.test, first, _between(node, block[0]), returned=True)


def _returned(block: list[ast.stmt]) -> bool | None:
    match block:
        case [ast.Return(value=ast.Constant(value=bool(value)))]:
            return value
    return None


def _is_bool_constant(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, bool)


def _between(first: ast.AST, last: ast.AST) -> Range:
    return Range(Position(*position(first)[:2]), Position(*position(last)[2:]))


@redundant_boolean_return.fix
def use_the_condition(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    found = finding.about
    assert isinstance(found, _Answer)
    text, is_same = _affirmed(found.test, scope, rewrite) if found.positive else _denied(found.test, scope, rewrite)
    if text is None:
        return None
    make = safe if is_same else review
    whole = rewrite.replace_range(found.stretch.start, found.stretch.end, f"return {text}" if found.returned else text)
    return make("Return the condition itself" if found.returned else "Use the condition itself", whole)


def _affirmed(test: ast.expr, scope: Scope, rewrite: Rewrite) -> tuple[str | None, bool]:
    """The expression that says whether `test` holds, and whether it is proven to."""
    if looks_bool(test, scope):
        return _alone(test, rewrite), is_bool(test, scope)
    if not is_builtin("bool", scope):
        return None, False  # `not` was before it
    return f"bool{_in_brackets(test, rewrite)}", _is_asked_once(test, scope)


def _denied(test: ast.expr, scope: Scope, rewrite: Rewrite) -> tuple[str | None, bool]:
    """The expression that says whether `test` does not hold, and whether it is proven to."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _affirmed(operand, scope, rewrite)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            opposite = _OPPOSITE.get(type(op)) or _ORDERS[type(op)]
            written = rewrite.token(rewrite.place(left).end, rewrite.place(right).start, _OPERATOR)
            if written is None:
                return None, False
            whole = rewrite.place(test)
            first, second = Range(whole.start, written.start), Range(written.end, whole.end)
            text = f"{rewrite.slice(first)}{opposite}{rewrite.slice(second)}"
            return (text if is_one_line(test) else f"({text})"), is_bool(test, scope)
    return f"not {_piece(test, rewrite)}", True


def _alone(test: ast.expr, rewrite: Rewrite) -> str:
    """The source of a condition as it can stand behind `return`."""
    is_whole = is_one_line(test) and not isinstance(test, ast.NamedExpr)
    return rewrite.text(test) if is_whole else _piece(test, rewrite)


def _piece(test: ast.expr, rewrite: Rewrite) -> str:
    """The source of a condition as one piece: in brackets, if it is not one by itself."""
    text = rewrite.operand(test)
    return _in_brackets(test, rewrite) if text != rewrite.text(test) and not is_one_line(test) else text


def _in_brackets(test: ast.expr, rewrite: Rewrite) -> str:
    """The source of a condition in the brackets that an `if` has it in over several lines, or in new ones."""
    around = parent(test)
    if isinstance(around, ast.If) and not is_one_line(test):
        where = condition(around, rewrite)
        text = rewrite.slice(where) if where else ""
        if is_enclosed(text):
            return text
    return f"({rewrite.text(test)})"


def _is_asked_once(test: ast.expr, scope: Scope) -> bool:
    """Whether no operand is asked for its truth a second time when what `and` and `or` make of them is."""
    if not isinstance(test, ast.BoolOp):
        return True
    return all(is_bool(one, scope) for one in test.values[:-1]) and _is_asked_once(test.values[-1], scope)
