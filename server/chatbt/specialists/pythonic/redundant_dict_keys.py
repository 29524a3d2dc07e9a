"""Redundant keys()

## What it does
Finds `k in d.keys()` and `for k in d.keys()`.

## Why
A dict is searched by its keys, and iterates over its keys, by itself. `keys()` makes a view object to say the same
again, and whoever reads it has to ask what it is there for.

## Example
    registry = {"csv": 1}
    if name in registry.keys():
        load(name)

Better:
    registry = {"csv": 1}
    if name in registry:
        load(name)

## When the fix is safe
When the object is proven to be a dict or another mapping of the standard library. Other classes have a `keys` too:
`value in row` of an `sqlite3.Row` looks at the values.

## References
- The Python Standard Library, Dictionary view objects
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.lookups import is_asked_for_keys
from chatbt.analysis.names import qualified
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import type_of
from chatbt.rewriting.fix import Fix, review, safe
from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.words import replaced
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, pythonic

_ABSTRACT = ("Mapping", "MutableMapping")
_MAPPINGS = frozenset(
    (
        "dict collections.OrderedDict collections.defaultdict collections.Counter collections.ChainMap "
        "typing.Mapping typing.MutableMapping"
    ).split()
) | {f"collections.abc.{name}" for name in _ABSTRACT}
_KNOWN = ("os.environ", "sys.modules")
_SERVICES = ("redis", "conn", "client", "memcache", "winreg")


@pythonic("PY010", since="0.1", methods=("keys",), ruff=("SIM118",), yields_to=("PY009",))
def redundant_dict_keys(call: ast.Call, scope: Scope) -> Findings:
    if call.args or call.keywords or not isinstance(call.func, ast.Attribute):
        return
    use = _use(call)
    receiver = call.func.value
    if use is None or not _may_be_mapping(receiver, scope):
        return
    found = type_of(receiver, scope)
    is_proven = (found is not None and found.name in _MAPPINGS) or qualified(receiver, scope) in _KNOWN
    if not is_proven and (found is not None or _is_service(receiver) or is_asked_for_keys(receiver)):
        return
    yield Finding(call, f"{use} the keys without `keys()` too", about=is_proven)


def _use(call: ast.Call) -> str | None:
    """What is done with the view: a test whether it contains something, or a loop; None for anything else."""
    around = parent(call)
    match around:
        # An operand in the middle of a chain is compared with the next one too.
        case ast.Compare(ops=[*_, ast.In() | ast.NotIn()], comparators=[*_, last]) if last is call:
            return "`in` looks at"
        case ast.For(iter=iterable) | ast.comprehension(iter=iterable, is_async=0) if iterable is call:
            return "the loop goes over"
    return None


def _may_be_mapping(receiver: ast.expr, scope: Scope) -> bool:
    """Not `self`, whose own `__contains__` this may be, `super()`, which is no mapping, a class or a module."""
    match receiver:
        case ast.Name(id=name):
            is_self = scope.receiver is not None and name == scope.receiver[0]
            return not is_self and all(meaning.kind == "value" for meaning in scope.meanings_of(name))
        case ast.Call(func=ast.Name(id="super")):
            return False
        case ast.Attribute(attr=name):
            return not name[:1].isupper() or name.isupper()
        case ast.Await():
            return False
    return True


def _is_service(receiver: ast.expr) -> bool:
    """Whether the name is that of something far away whose keys are asked for by `keys()` alone, such as Redis."""
    name = dotted(receiver).rpartition(".")[2].lower()
    return any(word in name for word in _SERVICES)


@redundant_dict_keys.fix
def drop_keys(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    call = finding.node
    assert isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
    end = rewrite.place(call).end
    dot = rewrite.token(rewrite.place(call.func.value).end, end, r"(?<!\0)\s*\.\s*keys\b")
    if dot is None:
        return None
    make = safe if finding.about else review
    line = rewrite.line(rewrite.place(call).start.line)
    # Behind a comment a line is left, with what closes the brackets.
    rest = line[: len(line) - len(line.lstrip())] if dot.start.column == 0 else ""
    return make("Drop `keys()`", replaced(Range(dot.start, end), rest, rewrite))
