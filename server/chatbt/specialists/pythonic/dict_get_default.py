"""Look-up with a default, written out

## What it does
Finds `if k in d: v = d[k]` with `else: v = default`, and `d[k] if k in d else default`.

## Why
`get` takes a default for just this. It names the key and the target once each, so that the two halves cannot come to
differ, and looks the key up once.

## Example
    config = {"host": "localhost"}
    if "port" in config:
        port = config["port"]
    else:
        port = 8080

Better:
    config = {"host": "localhost"}
    port = config.get("port", 8080)

## When the fix is safe
When the object is proven to be exactly a dict, or is `os.environ`, the key is a constant or a variable, and so is the
default, which is now evaluated in any case.

## Asked as
- if key in dict: value = dict[key] else: default
- get a value from a dictionary with a default if the key is missing
- avoid KeyError when a key does not exist, fall back to another value
- d[k] if k in d else default
- SIM401 use dict.get, dictionary lookup with fallback
- key might not be in the dict, optional setting
- shorter lookup with default value
- entry may be missing in the dict, use a standard value then
- four lines to read an option that may not be there
- config["x"] if "x" in config else "y"
- read from a dictionary without KeyError, optional entry
- value or default when the entry does not exist
- if user in limits: limit = limits[user] else: limit = 10
- missing entry should give zero, an empty string or a standard value

## References
- The Python Standard Library, Mapping Types, dict.get
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import is_pure
from chatbt.analysis.lookups import (
    Membership,
    is_certain_name,
    is_elif,
    is_free,
    is_item,
    is_plain_dict,
    may_be_mapping,
    membership,
)
from chatbt.analysis.names import same
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Fix, review, safe
from chatbt.rewriting.rewrite import Rewrite, is_enclosed
from chatbt.rewriting.words import replaced
from chatbt.specialists.pattern import Findings, pythonic


@pythonic("PY007", since="0.1", ruff=("SIM401",))
def dict_get_default(node: ast.If | ast.IfExp, scope: Scope) -> Findings:
    if not isinstance(node.test, ast.Compare | ast.UnaryOp):
        return
    tested = membership(node.test)
    if tested is None:
        return
    halves = _assigned(node) if isinstance(node, ast.If) else (None, node.body, node.orelse)
    if halves is None or (isinstance(node, ast.If) and is_elif(node)):
        return
    target, found, default = halves
    if tested.negated:
        found, default = default, found
    if not is_item(found, tested) or not may_be_mapping(tested.mapping, scope):
        return
    if not (is_free(default) or is_pure(default, attributes=True)) or isinstance(default, ast.Subscript):
        return
    yield Finding(node, "the key is looked up twice to fall back to a default", about=(tested, target, found, default))


def _assigned(node: ast.If) -> tuple[ast.expr, ast.expr, ast.expr] | None:
    """What both branches assign to the same target: the target and the two values."""
    match node.body, node.orelse:
        case [ast.Assign(targets=[one], value=first)], [ast.Assign(targets=[other], value=second)]:
            return (one, first, second) if same(one, other) and is_pure(one, attributes=True) else None
    return None


@dict_get_default.fix
def use_get(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    node = finding.node
    tested, target, found, default = finding.about
    assert isinstance(tested, Membership) and isinstance(node, ast.If | ast.IfExp)
    is_none = isinstance(default, ast.Constant) and default.value is None
    value = rewrite.text(default)
    if isinstance(default, ast.Tuple) and not is_enclosed(value):
        value = f"({value})"
    text = f"{rewrite.text(tested.mapping)}.get({rewrite.text(found.slice)}{'' if is_none else f', {value}'})"
    where = rewrite.place(node)
    if isinstance(node, ast.If):
        if not rewrite.stands_alone(node):
            return None
        text = f"{rewrite.text(target)} = {text}"
    if comments_within(where, rewrite.walked):
        return None
    is_proven = (
        is_plain_dict(tested, scope)
        and (is_free(default) or is_certain_name(default, scope))
        and (target is None or isinstance(target, ast.Name))
    )
    return (safe if is_proven else review)("Use `get`", replaced(where, text, rewrite))
