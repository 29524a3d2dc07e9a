"""Duplicate dict key

## What it does
Reports a key that a dict display holds a second time: an equal constant, `1`, `1.0` and `True` being equal, or the same
name.

## Why
The last value wins, and the earlier one is gone without an error. Mostly a pair was copied and its key not changed, or
two people added the same key.

## Example
    limits = {"cpu": 2, "mem": 4, "cpu": 8}

Better:
    limits = {"mem": 4, "cpu": 8}

## When the fix is safe
When both pairs are the same literals and no key between them is computed: the later pair goes, and nothing changes.
Where the values differ, the earlier pair goes, which keeps the value but moves the key; look whether another key was
meant.

## Asked as
- same key twice in a dict literal, the first value is lost
- duplicate key in dictionary, only the last one counts, no warning
- one entry of my mapping vanishes, dict has fewer items than I wrote
- F601 multi-value-repeated-key-literal, W0109 duplicate-key
- repeated keys in {"a": 1, "a": 2}, the later one overwrites the earlier one
- True and 1 are the same key
- dictionary written out with the same key in two places, Python does not complain
- value in my config or lookup table is not what I typed, an entry further down wins
- can a dict have two equal keys, why is there no error for a repeated key
- long dict of translations or settings, one key is there twice by copy and paste
- two lines of a dict literal begin with the same word, the first translation or setting is not there
- silent overwriting of a key inside braces

## References
- The Python Language Reference, 6.2.7 Dictionary displays
"""

import ast
from collections.abc import Hashable

from chatbt.analysis.finding import Finding, Related
from chatbt.analysis.places import comments, source_of
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.elements import without
from chatbt.rewriting.fix import Fix, review, safe
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, critic


@critic("CC009", group="bug", since="0.1", ruff=("F601", "F602"))
def duplicate_dict_key(display: ast.Dict, scope: Scope) -> Findings:
    seen: dict[Hashable, int] = {}
    for index, key in enumerate(display.keys):
        if key is None:
            seen.clear()
            continue
        value = _value_of(key)
        if value is None:
            continue
        earlier = seen.get(value)
        seen[value] = index
        if earlier is not None and scope.chunk is not None:
            same = ast.dump(display.values[earlier]) == ast.dump(display.values[index])
            what = "twice with the same value" if same else "twice: the value given first is lost"
            first = display.keys[earlier]
            related = (Related(first, "the first time"),) if first is not None else ()
            message = f"this dict has the key `{source_of(key, scope.chunk)}` {what}"
            yield Finding(key, message, related=related, about=(display, earlier, index))


def _value_of(key: ast.expr) -> Hashable | None:
    """Something that is equal for keys that are certainly equal; None for a key that is not known."""
    match key:
        case ast.Constant(value=str() | bytes() as value):
            return type(value), value
        case ast.Constant(value=value):
            return "constant", value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return "constant", -number
        case ast.Name(id=name):
            return "name", name
        case ast.Tuple(elts=elements):
            parts = tuple(map(_value_of, elements))
            return None if None in parts else ("tuple", *parts)
    return None


def _is_same_literal(first: ast.AST, second: ast.AST) -> bool:
    return _is_literal(first) and ast.dump(first) == ast.dump(second)


def _is_literal(node: ast.AST | None) -> bool:
    match node:
        case ast.Constant() | ast.UnaryOp(operand=ast.Constant()):
            return True
        case ast.Tuple() | ast.List() | ast.Set():
            return all(map(_is_literal, node.elts))
        case ast.Dict():
            return all(map(_is_literal, [*node.keys, *node.values]))
    return False


@duplicate_dict_key.fix
def remove_one_pair(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    display, earlier, later = finding.about
    keys, values = display.keys, display.values
    spread = [key is None for key in keys]
    same = _is_same_literal(keys[earlier], keys[later]) and _is_same_literal(values[earlier], values[later])
    gone = later if same else earlier
    if not same and any(key and _value_of(key) == _value_of(keys[later]) for key in keys[:earlier]):
        return None  # of three, the first goes first
    close = rewrite.place(display).end
    pairs = [
        Range(rewrite.place(value if stars else key).start, rewrite.place(value).end)
        for key, value, stars in zip(keys, values, spread, strict=True)
    ]
    edit = without(gone, pairs, Position(close.line, close.column - 1), rewrite)
    if edit is None or any(spread[gone : gone + 2]):
        return None
    key = rewrite.text(keys[gone])
    if not same:
        return review(f"Remove the earlier `{key}`", edit)
    above = rewrite.place(keys[gone]).start.line - 1
    explained = any(comment.own_line and comment.start.line == above for comment in comments(rewrite.walked))
    computed = not all(_is_literal(one) for one in keys[earlier + 1 : later])
    return (review if explained or computed else safe)(f"Remove the second `{key}`", edit)
