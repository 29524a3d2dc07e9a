"""Membership test in a copy

## What it does
Reports `x in list(d.keys())` and its like: a list, tuple, set or sorted list that is made of a collection only to look
up one element.

## Why
The copy takes time and memory for every element, and a list made of a dict or set is then searched from its start,
where the dict or set itself finds the element in one step.

## Example
    def refresh_known(user: str):
        cache = {"ann": 1}
        if user in list(cache.keys()):
            refresh(user)

Better:
    def refresh_known(user: str):
        cache = {"ann": 1}
        if user in cache:
            refresh(user)

## When the fix is safe
When the copied object is exactly a builtin collection and what is looked up is hashable: a list compares an unhashable
object with its elements, a dict or set raises TypeError. A copy by `sorted`, and a set of a list, may raise by
themselves and are left to you.

## References
- The Python Language Reference, 6.10.2 Membership test operations
"""

import ast
from typing import NamedTuple

from chatbt.analysis.finding import Finding
from chatbt.analysis.hashing import is_hashable
from chatbt.analysis.names import qualified
from chatbt.analysis.outer import dotted
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import exactly, proven, type_of
from chatbt.rewriting.fix import Fix, review, safe
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, critic

_COPIES = {f"builtins.{name}": name for name in "list tuple set frozenset sorted".split()}
_DICTS = "dict collections.OrderedDict collections.defaultdict collections.Counter".split()
_SETS = ["set", "frozenset"]
_SEQUENCES = ["list", "tuple", "range"]
_VIEWS = {"keys", "values", "items"}


class _Copy(NamedTuple):
    """A copy (of a copy, perhaps): the makers, what is copied, the object to search itself, what is looked up."""

    makers: tuple[str, ...]
    copied: ast.expr
    searched: ast.expr
    element: ast.expr


@critic("CC032", group="performance", since="0.1")
def materialised_membership_test(compare: ast.Compare, scope: Scope) -> Findings:
    # An operand in the middle of a chain is compared with the next one too.
    copy = compare.comparators[-1]
    if not isinstance(compare.ops[-1], ast.In | ast.NotIn) or not isinstance(copy, ast.Call):
        return
    makers: list[str] = []
    copied: ast.expr = copy
    while (maker := _maker(copied, scope)) and isinstance(copied, ast.Call) and _can_be_searched(copied.args[0], scope):
        makers.append(maker)
        copied = copied.args[0]
    if not makers:
        return
    element = [compare.left, *compare.comparators][-2]
    about = _Copy(tuple(makers), copied, _searched(copied), element)
    yield Finding(copy, f"`{dotted(copy)}(...)` copies every element to look up one", about=about)


def _maker(node: ast.expr, scope: Scope) -> str | None:
    """What makes a copy of its only argument, when the expression is such a call."""
    match node:
        case ast.Call(func=function, args=[_], keywords=[]):
            return _COPIES.get(qualified(function, scope) or "")
    return None


def _view(node: ast.expr) -> str | None:
    """The method when the expression is `x.keys()`, `x.values()` or `x.items()`."""
    match node:
        case ast.Call(func=ast.Attribute(attr=method), args=[], keywords=[]) if method in _VIEWS:
            return method
    return None


def _can_be_searched(copied: ast.expr, scope: Scope) -> bool:
    """Whether the copied object finds what its copy does: a view of a mapping, or a proven builtin collection."""
    if _view(copied) is not None:
        mapping = _mapping(copied)
        if isinstance(mapping, ast.Name) and scope.receiver is not None and mapping.id == scope.receiver[0]:
            return False  # `in self` may be what is defined right here
        found = type_of(mapping, scope)
        return found is None or found.name in _DICTS
    return proven(copied, scope, *_DICTS, *_SETS, *_SEQUENCES)


def _mapping(view: ast.expr) -> ast.expr:
    assert isinstance(view, ast.Call) and isinstance(view.func, ast.Attribute)
    return view.func.value


def _searched(copied: ast.expr) -> ast.expr:
    return _mapping(copied) if _view(copied) == "keys" else copied


@materialised_membership_test.fix
def search_it_itself(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    copy = finding.about
    assert isinstance(copy, _Copy)
    text = rewrite.operand(copy.searched)
    make = safe if _is_the_same(copy, scope) else review
    return make("Look it up without the copy", rewrite.replace(finding.node, text))


def _is_the_same(copy: _Copy, scope: Scope) -> bool:
    """Whether the test's result, and whether it raises, are proven to be the same without the copy."""
    view = _view(copy.copied)
    if "sorted" in copy.makers:
        return False
    is_list = all(one in ("list", "tuple") for one in copy.makers)
    if view in ("values", "items"):
        is_dict = exactly(_mapping(copy.copied), scope, *_DICTS)
        return is_dict and is_list and (view == "values" or _is_hashable_pair(copy.element, scope))
    if exactly(copy.searched, scope, *_DICTS, *_SETS):
        return is_hashable(copy.element, scope)
    return is_list and exactly(copy.searched, scope, *_SEQUENCES)


def _is_hashable_pair(element: ast.expr, scope: Scope) -> bool:
    return isinstance(element, ast.Tuple) and len(element.elts) == 2 and is_hashable(element, scope)
