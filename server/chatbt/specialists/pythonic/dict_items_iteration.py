"""Loop over keys that looks up the values

## What it does
Finds `for key in d` (and `d.keys()`) whose body reads `d[key]`, where `d` is known to be a dict, or the function uses
it as one: it calls `items`, `get`, `keys` or `values` of it.

## Why
The dict has the value at hand when it hands over the key; the body looks it up again, and has no name for it. With
`items()` both come together.

## Example
    def show():
        prices = {"tea": 3}
        for drink in prices:
            print(drink, prices[drink])

Better:
    def show():
        prices = {"tea": 3}
        for drink, price in prices.items():
            print(drink, price)

## When the fix is safe
When the object is proven to be exactly a dict of the standard library, and nothing can set another value while the loop
runs: the body does not, and calls nothing that could, or nobody else has got hold of the dict.

## Asked as
- for key in d: value = d[key], iterate over keys and values together
- loop over a dictionary and get both key and value
- C0206 consider-using-dict-items, PLC0206
- how to iterate through a dict with its values, unpack key and value
- dictionary lookup in every iteration of a loop over the same dict
- print all entries of a dict
- I write d[k] all the time inside for k in d, can I have the value directly
- for city in visitors: print(city, visitors[city])
- both the name and the number of each entry of a dictionary in a for loop
- loop through a dictionary, keys and values at once
- need both country and capital, name and score, while looping over a dict
- scores[name] inside for name in scores

## References
- The Python Tutorial, 5.6 Looping Techniques
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.indexing import header, is_debugged, is_left_alone, is_self, may_be_missing, uses_of
from chatbt.analysis.liveness import lives_after
from chatbt.analysis.lookups import is_asked_for_keys, is_used_as_dict
from chatbt.analysis.loops import loads_in
from chatbt.analysis.names import resolve, same
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.sharing import stays
from chatbt.analysis.types import exactly, type_of
from chatbt.rewriting.fix import Fix, review, safe
from chatbt.rewriting.looping import Naming, element, nested
from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.words import replaced
from chatbt.specialists.pattern import Findings, pythonic

_DICTS = "dict collections.OrderedDict collections.defaultdict collections.Counter".split()
_ABSTRACT = ("Mapping", "MutableMapping")
_MAPPINGS = frozenset(_DICTS).union(
    f"{module}.{name}" for module in ("typing", "collections.abc") for name in _ABSTRACT
)


@pythonic("PY009", since="0.1", ruff=("PLC0206",))
def dict_items_iteration(loop: ast.For, scope: Scope) -> Findings:
    if not isinstance(loop.target, ast.Name):
        return
    mapping = _mapping(loop.iter)
    if mapping is None or not scope.loops:
        return
    uses = uses_of(loop, scope)
    if uses is None or not uses.items:
        return
    mine = [item for item in uses.items if same(item.value, mapping)]
    if not mine or not is_left_alone(mapping, loop, scope) or not _is_dict(mapping, scope):
        return
    if not all(isinstance(item.ctx, ast.Load) for item in mine):
        return
    if any(may_be_missing(item, loop) for item in mine):
        return
    looked_up = {id(item.slice) for item in mine}
    others = [load for load in (*uses.others, *(item.slice for item in uses.items)) if id(load) not in looked_up]
    if any(is_debugged(one, scope) for one in (*mine, *others)):
        return
    key, text = loop.target.id, dotted(mapping)
    needs_key = bool(others) or lives_after(key, loop, scope)
    yield Finding(
        loop,
        f"`{text}[{key}]` looks up what `{text}` hands over together with `{key}`",
        stretch=header(loop, scope),
        about=(mapping, mine, needs_key),
    )


def _mapping(iterable: ast.expr) -> ast.Name | ast.Attribute | None:
    """The `d` of `d` or `d.keys()`."""
    match iterable:
        case ast.Call(
            func=ast.Attribute(value=ast.Name() | ast.Attribute() as mapping, attr="keys"), args=[], keywords=[]
        ):
            return mapping
        case ast.Name() | ast.Attribute():
            return iterable
    return None


def _is_dict(mapping: ast.Name | ast.Attribute, scope: Scope) -> bool:
    """Whether the object is known to be a mapping, or used as one here, and not the one whose method this is."""
    if is_self(mapping, scope) or is_asked_for_keys(mapping):
        return False
    found = type_of(mapping, scope)
    if found is not None:
        return found.name in _MAPPINGS
    if isinstance(mapping, ast.Name) and (_is_a_graph(mapping.id) or resolve(mapping.id, scope) is not None):
        return False  # graphs and registries that are imported have keys and items, but seldom an `items()`
    # Something that is indexed by its own elements may also be a permutation, or rows of a table.
    return is_used_as_dict(mapping)


def _is_a_graph(name: str) -> bool:
    return (len(name) == 1 and name.isupper()) or "graph" in name.lower()


@dict_items_iteration.fix
def use_items(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    loop = finding.node
    mapping, items, needs_key = finding.about
    assert isinstance(loop, ast.For) and isinstance(loop.target, ast.Name)
    if any(_walked_in_the_same_way(item, items) for item in items):
        return None  # the loop inside would be found in its turn, and the edit seem to have changed nothing
    key, text = loop.target.id, rewrite.text(mapping)
    naming = Naming(dotted(mapping).rpartition(".")[2], ("value", f"{key}_value"))
    name, edits = element(naming, items, loop, scope, rewrite)
    edits.append(rewrite.replace(loop.target, f"{key}, {nested(name)}" if needs_key else name))
    method = "items" if needs_key else "values"
    edits.append(replaced(rewrite.place(loop.iter), f"{text}.{method}()", rewrite))
    is_proven = (
        isinstance(mapping, ast.Name)
        and exactly(mapping, scope, *_DICTS)
        and not scope.dynamic
        and _is_only_read(mapping, loop, scope)
        and stays(mapping, loop, scope)
    )
    return (safe if is_proven else review)(f"Use `{method}()`", *edits)


def _walked_in_the_same_way(item: ast.Subscript, items: list[ast.Subscript]) -> bool:
    """Whether a loop inside goes over `d[key]`, or its keys, and looks up `d[key][name]`."""
    method = parent(item)
    keys = parent(method) if isinstance(method, ast.Attribute) and method.attr == "keys" else item
    inner = parent(keys)
    if not (isinstance(inner, ast.For) and inner.iter is keys and isinstance(inner.target, ast.Name)):
        return False
    outer = [around for one in items if isinstance(around := parent(one), ast.Subscript) and around.value is one]
    return any(isinstance(one.slice, ast.Name) and one.slice.id == inner.target.id for one in outer)


def _is_only_read(mapping: ast.Name, loop: ast.For, scope: Scope) -> bool:
    """Whether the body does nothing with the dict but to look up values and keys and to measure it."""
    for load in loads_in(loop, mapping.id, scope.find(mapping.id)):
        around = parent(load)
        if around is loop or (isinstance(around, ast.Attribute) and around.attr in ("keys", "get")):
            continue
        is_item = isinstance(around, ast.Subscript) and around.value is load and isinstance(around.ctx, ast.Load)
        is_measured = isinstance(around, ast.Call) and dotted(around) == "len"
        if not (is_item or is_measured or isinstance(around, ast.Compare)):
            return False
    return True
