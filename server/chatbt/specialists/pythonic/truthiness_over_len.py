"""Truth of a collection

## What it does
Reports conditions that compare the length of a collection with zero, or use it as a truth value: `len(xs) == 0`,
`len(xs) > 0`, `if len(xs)`.

## Why
An empty collection is false and any other is true: the condition can say "if there are items" and need not count them.
It is what readers of Python expect, and some collections have to work to know their length.

## Example
    def report(items: list):
        if len(items) == 0:
            print("empty")

Better:
    def report(items: list):
        if not items:
            print("empty")

## When the fix is safe
When the collection is proven to be of a builtin type. Otherwise it may be None, whose length raises TypeError, or have
a truth value of its own, as arrays do not.

## Asked as
- if len(x) == 0, check if a list is empty
- C1801 C1802 use-implicit-booleaness-not-len, len-as-condition
- if len(items) > 0, if not items, is a list, string or dict empty
- truth value of an empty list, how to test for emptiness
- len(x) != 0, len(x) >= 1, do I need len in a condition
- nonempty sequence in an if
- test whether there is anything in a list, string, dict or set
- if len(results) > 0 or if results, which one is better
- do I write == 0 or not
- linter does not like len() in an if
- pythonic way to see that nothing is in a collection
- what is wrong with if len(errors) == 0
- is a string or list empty without asking for its length

## References
- PEP 8, Programming Recommendations
- The Python Standard Library, Truth Value Testing
"""

import ast
import re

from chatbt.analysis.conditions import is_tested
from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import is_pure, statement_of
from chatbt.analysis.names import resolve, same
from chatbt.analysis.outer import parent
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.analysis.shown import is_shown
from chatbt.analysis.types import proven, type_of
from chatbt.rewriting.fix import Fix, review, safe
from chatbt.rewriting.layout import use
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, pythonic

_SIZED = (
    "list dict set tuple frozenset str bytes bytearray range collections.deque collections.defaultdict "
    "collections.Counter collections.OrderedDict"
).split()
# Where one of these is known by its usual name, what has a length may be an array. Elements and nodes of documents
# are true, or warn, whatever they hold.
_ARRAY_LIBRARIES = "np numpy pd pandas torch tf tensorflow jnp jax xr xarray pl polars scipy cp cupy".split()
_LIKE_AN_ARRAY = re.compile(
    r"(?:^|_)(?:arrs?|arrays?|dfs?|frames?|series|tensors?|mask|matrix|mat|vec|vector|ndarray|elem|element|node)\d*$"
)
_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_IS_EMPTY = {("==", 0): True, ("<", 1): True, ("<=", 0): True, ("!=", 0): False, (">", 0): False, (">=", 1): False}


@pythonic("PY018", since="0.1", ruff=("PLC1802",), calls=("builtins.len",))
def truthiness_over_len(call: ast.Call, scope: Scope) -> Findings:
    if len(call.args) != 1 or call.keywords:
        return
    collection = call.args[0]
    test, is_empty = _test(call)
    if test is None or not is_tested(test) or isinstance(statement_of(call), ast.Assert):
        return
    if not _may_be_builtin(collection, scope) or _is_compared_with_none(collection, test) or is_shown(test, scope):
        return
    shown = ast.unparse(collection)
    what = "is empty" if is_empty else "has elements"
    yield Finding(test, f"the length of `{shown}` only tells whether it {what}", about=(collection, is_empty))


def _test(call: ast.Call) -> tuple[ast.expr | None, bool]:
    """The test that a length is, or is compared with zero in, and whether it holds for what is empty."""
    match parent(call):
        case ast.Compare(left=left, ops=[op], comparators=[ast.Constant(value=int(number))]) as compare if left is call:
            sign = _SIGNS.get(type(op), "")
        case ast.Compare(left=ast.Constant(value=int(number)), ops=[op]) as compare:
            sign = _SIGNS.get(type(op), "")
            sign = _TURNED.get(sign, sign)
        case _:
            return call, False
    is_empty = _IS_EMPTY.get((sign, number)) if not isinstance(number, bool) else None
    around = parent(compare)
    if is_empty is None or (isinstance(around, ast.UnaryOp) and isinstance(around.op, ast.Not)):
        return None, False
    return compare, is_empty


def _is_compared_with_none(collection: ast.expr, test: ast.expr) -> bool:
    """Whether the condition also asks if the collection is None: then its truth would say both."""
    around = parent(test)
    return isinstance(around, ast.BoolOp) and any(
        isinstance(one, ast.Compare) and isinstance(one.ops[0], ast.Is | ast.IsNot) and same(one.left, collection)
        for one in around.values
    )


def _may_be_builtin(collection: ast.expr, scope: Scope) -> bool:
    """Whether it is proven to be a builtin collection, or nothing speaks against it."""
    if proven(collection, scope, *_SIZED):
        return True
    if type_of(collection, scope) is not None or not is_pure(collection, attributes=True):
        return False
    if scope.receiver is not None and isinstance(collection, ast.Name) and collection.id == scope.receiver[0]:
        return False  # its truth may be what is defined right here
    name = collection.attr if isinstance(collection, ast.Attribute) else getattr(collection, "id", "")
    if _LIKE_AN_ARRAY.search(name.lower()) or (len(name) == 1 and name.isupper()):
        return False
    return not any(scope.module.meanings_of(one) or resolve(one, scope) for one in _ARRAY_LIBRARIES)


@truthiness_over_len.fix
def ask_the_collection(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    collection, is_empty = finding.about
    if comments_within(rewrite.place(finding.node), rewrite.walked):
        return None
    text = rewrite.operand(collection)
    make = safe if proven(collection, scope, *_SIZED) else review
    new = f"not {text}" if is_empty else text
    return make(use(new, "Use its truth"), rewrite.replace(finding.node, new))
