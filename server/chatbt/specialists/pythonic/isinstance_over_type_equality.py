"""isinstance for equal types

## What it does
Reports conditions that compare the type of an object with a class by `==` or `!=`.

## Why
`type(x) == C` turns objects of subclasses away, which can do all that a `C` can. Where just this class is meant, as
with int where True and False are not welcome, `type(x) is C` says so; `==` leaves the reader to wonder.

## Example
    def add(total, value):
        if type(value) == int:
            total += value
        return total

Better:
    def add(total, value):
        if isinstance(value, int):
            total += value
        return total

## When the fix is safe
Never without a look: `isinstance` is true for subclasses too, and bool is one of int. Use `type(x) is C` to keep the
meaning.

## Asked as
- type(x) == str, check the type of a variable
- type() against isinstance, E721 do not compare types, C0123 unidiomatic-typecheck
- if type(a) == int or type(a) == float
- test if an object is a list, string or number, subclass is not recognised
- bool or a subclass fails type equality
- type(obj) is or == SomeClass, inheritance
- right way to find out whether something is a list, int, dict or str
- type(x) is dict is False for a subclass such as OrderedDict or defaultdict
- check the class of an object, also for derived classes
- if type(value) in (int, float)
- type(a) == type(b) flagged by the linter
- is the argument a string or a subclass of it
- type(arg) == str does not do for derived classes

## References
- PEP 8, Programming Recommendations
- The Python Standard Library, isinstance
"""

import ast
from collections.abc import Iterator

from chatbt.analysis.conditions import is_tested
from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import enclosing_function, is_pure, statement_of
from chatbt.analysis.names import is_builtin, qualified
from chatbt.analysis.outer import parent
from chatbt.analysis.places import comments_within
from chatbt.analysis.returns import CLASSES
from chatbt.analysis.scopes import Scope
from chatbt.analysis.shown import is_shown
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.layout import use
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, pythonic

_BUILTIN = frozenset(
    f"builtins.{name}" for name in "bool bytearray bytes complex dict float frozenset int list set str tuple".split()
)
_SUBCLASSES = {
    "builtins.int": "builtins.bool", "builtins.dict": "collections.OrderedDict", "datetime.date": "datetime.datetime",
}  # fmt: skip
"""Classes whose objects are often told apart from those of a subclass."""


@pythonic("PY020", since="0.1", ruff=("E721",), calls=("builtins.type",))
def isinstance_over_type_equality(call: ast.Call, scope: Scope) -> Findings:
    compare = parent(call)
    if len(call.args) != 1 or call.keywords or not isinstance(compare, ast.Compare) or len(compare.ops) != 1:
        return
    if not isinstance(compare.ops[0], ast.Eq | ast.NotEq) or not is_tested(compare):
        return
    value = call.args[0]
    kind = compare.comparators[0] if compare.left is call else compare.left
    name = _class_name(kind, scope)
    if isinstance(statement_of(compare), ast.Assert):
        return  # a test that expects just this class
    if name is None or not is_pure(value, attributes=True) or not is_builtin("isinstance", scope):
        return
    if scope.receiver is not None and isinstance(value, ast.Name) and value.id == scope.receiver[0]:
        return  # every `self` is of a subclass or of this class: which, is the question
    if _is_told_apart(name, compare, scope) or is_shown(compare, scope):
        return
    shown, class_ = ast.unparse(value), ast.unparse(kind)
    message = f"where `{shown}` is of a subclass of `{class_}`, this counts it as something else"
    if name == "builtins.bool":
        message = f"this compares classes to ask whether `{shown}` is a truth value"
    yield Finding(compare, message, about=(value, kind))


def _class_name(node: ast.expr, scope: Scope) -> str | None:
    """What a class is called; None for an expression that is not known to be one."""
    name = qualified(node, scope)
    if name in _BUILTIN or name in CLASSES:
        return name
    if not isinstance(node, ast.Name):
        return None
    meanings = scope.meanings_of(node.id)
    return node.id if meanings and all(one.kind == "class" for one in meanings) else None


def _is_told_apart(name: str, compare: ast.Compare, scope: Scope) -> bool:
    """Whether the same function also asks for a subclass, or for the type of the same object in another way."""
    function = enclosing_function(compare)
    around = function if function is not None else parent(compare)
    others = {_class_name(one, scope) for one in _compared(around, compare)} - {None, name}
    if name in _BUILTIN or name in CLASSES:
        return _SUBCLASSES.get(name) in others
    return bool(others - _BUILTIN)  # one of them may be a subclass of the other


def _compared(around: ast.AST, but: ast.Compare) -> Iterator[ast.expr]:
    """What else is compared with in `around`, and what else `isinstance` asks for."""
    for node in ast.walk(around):
        if isinstance(node, ast.Compare) and node is not but:
            yield from (node.left, *node.comparators)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance":
            for kind in node.args[1:]:
                yield from kind.elts if isinstance(kind, ast.Tuple) else [kind]


@isinstance_over_type_equality.fix
def ask_isinstance(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    compare = finding.node
    value, kind = finding.about
    assert isinstance(compare, ast.Compare)
    if comments_within(rewrite.place(compare), rewrite.walked):
        return None
    test = f"isinstance({rewrite.text(value)}, {rewrite.text(kind)})"
    if isinstance(compare.ops[0], ast.NotEq):
        test = f"not {test}"
    return review(use(test, "Use `isinstance`"), rewrite.replace(compare, test))
