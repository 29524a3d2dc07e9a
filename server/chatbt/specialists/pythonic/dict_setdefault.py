"""Default set by hand

## What it does
Finds `if k not in d: d[k] = v` as a statement by itself.

## Why
`setdefault` says in one line, with the key written once, that a value already there is kept.

## Example
    options = {"verbose": True}
    if "retries" not in options:
        options["retries"] = 3

Better:
    options = {"verbose": True}
    options.setdefault("retries", 3)

## When the fix is safe
When the object is proven to be exactly a dict of the standard library, or is `os.environ`, the key is a constant or a
variable, and the value a constant, which is now evaluated in any case. What has to be made for the purpose is left
alone, and so are groups and counts in a loop.

## Asked as
- if key not in d: d[key] = value
- set a default in a dictionary if the key is not there yet
- insert only when it is missing, keep an existing value
- initialise a dictionary entry before use, add key if absent
- do not overwrite an existing key
- putIfAbsent in Python, one line instead of if not in
- put a start value into a dictionary only the first time
- if name not in table: table[name] = something, and then go on using table[name]
- add an entry unless there is one already
- first one wins, keep the old value if the key is known
- if "x" not in options: options["x"] = 5
- only insert when the key is not present

## References
- The Python Standard Library, Mapping Types, dict.setdefault
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import enclosing_loops, is_pure, siblings
from chatbt.analysis.lookups import Membership, is_elif, is_free, is_item, is_plain_dict, may_be_mapping, membership
from chatbt.analysis.names import qualified
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import proven
from chatbt.rewriting.fix import Fix, review, safe
from chatbt.rewriting.rewrite import Rewrite, is_enclosed
from chatbt.specialists.pattern import Findings, pythonic


@pythonic("PY008", since="0.1")
def dict_setdefault(node: ast.If, scope: Scope) -> Findings:
    if node.orelse or len(node.body) != 1 or not isinstance(node.test, ast.Compare | ast.UnaryOp):
        return
    tested = membership(node.test)
    if tested is None or not tested.negated or is_elif(node):
        return
    match node.body:
        case [ast.Assign(targets=[ast.Subscript() as target], value=value)] if is_item(target, tested):
            pass
        case _:
            return
    if not (is_free(value) or is_pure(value, attributes=True)) or isinstance(value, ast.Subscript):
        return
    if not may_be_mapping(tested.mapping, scope) or _collects(node, tested, value):
        return
    yield Finding(node, "the key is looked up to set a value only where there is none", about=(tested, target, value))


def _collects(node: ast.If, tested: Membership, value: ast.expr) -> bool:
    """Whether the value is the start of a group or a count that the loop goes on with."""
    if not enclosing_loops(node):
        return False
    is_start = not isinstance(value, ast.Constant) or value.value in (0, "", None, False)
    behind = [part for one in siblings(node)[1][:2] for part in ast.walk(one)]
    return is_start and any(isinstance(one, ast.expr) and is_item(one, tested) for one in behind)


def _goes_on_with(node: ast.If, tested: Membership) -> ast.expr | None:
    """The item where the next statement calls a method of it first of all: `d[k].append(x)`."""
    match siblings(node)[1][:1]:
        case [ast.Expr(value=ast.Call(func=ast.Attribute(value=item)))] if is_item(item, tested):
            return item
    return None


@dict_setdefault.fix
def use_setdefault(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    node = finding.node
    tested, target, value = finding.about
    assert isinstance(node, ast.If) and isinstance(tested, Membership) and isinstance(target, ast.Subscript)
    inside = comments_within(rewrite.place(node), rewrite.walked)
    if not rewrite.stands_alone(node) or not all(one.own_line for one in inside):
        return None
    above = [rewrite.lines_before(node, *(one.text for one in inside))] if inside else []
    text = rewrite.text(value)
    if isinstance(value, ast.Tuple) and not is_enclosed(text):
        text = f"({text})"
    call = f"{rewrite.text(tested.mapping)}.setdefault({rewrite.text(target.slice)}, {text})"
    item = _goes_on_with(node, tested)
    if item is not None:
        line_above = rewrite.line(rewrite.place(node).start.line - 1).strip()
        gone = rewrite.remove(node, joined=bool(inside) or line_above.startswith("#"))
        return review("Use `setdefault`", *above, gone, rewrite.replace(item, call))
    is_string = qualified(tested.mapping, scope) != "os.environ" or proven(value, scope, "str")
    # The last expression of a notebook's cell is shown.
    is_silent = not scope.file.notebook
    is_proven = isinstance(value, ast.Constant) and is_string and is_plain_dict(tested, scope, subclasses=True)
    return (safe if is_proven and is_silent else review)("Use `setdefault`", *above, rewrite.replace(node, call))
