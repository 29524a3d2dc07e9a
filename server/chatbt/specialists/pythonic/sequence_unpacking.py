"""Unpacking of a sequence

## What it does
Reports statements that follow one another and assign the first item, the second item, and so on, of the same variable,
where that is known or most likely to hold no more.

## Why
`x, y = point` names the items at once and says how many there are. Numbers in brackets have to be counted, and one that
is wrong is not noticed.

## Example
    def area(text):
        size = text.strip(), len(text)
        shape = size[0]
        length = size[1]
        return shape * length

Better:
    def area(text):
        size = text.strip(), len(text)
        shape, length = size
        return shape * length

## When the fix is safe
When the variable is bound once, to a tuple of as many items or to what `os.path.split`, `str.partition` and the like
return. Of anything else nobody knows that it has just as many: unpacking then raises ValueError.

## Asked as
- x = point[0]; y = point[1], assign elements of a tuple to variables
- unpack a tuple or list into several variables
- function returns several values, take them apart, multiple assignment
- parts = line.split(","), name = parts[0], age = parts[1]
- destructuring, get first and second item into names
- result[0], result[1] on separate lines
- take a tuple, pair or coordinates apart into separate names
- first = pair[0], second = pair[1], third = pair[2]
- row[0], row[1], row[2] each to its own variable
- a function gives back two values, how do I get both
- split a text and put both halves into variables
- split() gives me two parts, host = parts[0]; port = parts[1]
- both halves of a tuple get a line of their own

## References
- The Python Tutorial, 5.3 Tuples and Sequences
- The Python Language Reference, 7.2 Assignment statements
"""

import ast
from typing import NamedTuple

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import position, siblings
from chatbt.analysis.names import is_dynamic, qualified, scope_of
from chatbt.analysis.outer import assigned_value, parent
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import annotated_type, exactly
from chatbt.rewriting.fix import Edit, Fix, review, safe
from chatbt.rewriting.layout import use
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, pythonic

_PAIRS = frozenset("os.path.split os.path.splitext os.path.splitdrive math.frexp math.modf".split())
_RUNS_OF_PAIRS = frozenset(("builtins.enumerate", "itertools.pairwise"))
_PARTITIONS = ("partition", "rpartition")


class _Items(NamedTuple):
    """The variables that take the items of the sequence, and the last of the statements."""

    sequence: str
    names: list[str]
    last: ast.stmt


@pythonic("PY015", since="0.1")
def sequence_unpacking(statement: ast.Assign, scope: Scope) -> Findings:
    first = _item(statement)
    if first is None or first[1] != 0:
        return
    sequence, names = first[0].id, [first[2]]
    last: ast.stmt = statement
    for one in siblings(statement)[1]:
        found = _item(one)
        if found is None or found[0].id != sequence or found[1] != len(names):
            break
        names.append(found[2])
        last = one
    if len(names) < 2 or len({sequence, *names}) <= len(names) or scope.kind == "class" or is_dynamic(scope):
        return
    is_certain = _length(sequence, scope) == len(names)
    if not is_certain and not _is_likely(sequence, len(names), scope):
        return
    message = f"{len(names)} statements take the items of `{sequence}` one by one"
    stretch = Range.of(*position(statement)[:2], *position(last)[2:])
    yield Finding(statement, message, about=(_Items(sequence, names, last), is_certain), stretch=stretch)


def _item(statement: ast.stmt) -> tuple[ast.Name, int, str] | None:
    """(sequence, index, variable) of `variable = sequence[index]`."""
    match statement:
        case ast.Assign(
            targets=[ast.Name(id=name)],
            value=ast.Subscript(value=ast.Name() as sequence, slice=ast.Constant(value=index)),
        ) if type(index) is int:
            return sequence, index, name
    return None


def _length(sequence: str, scope: Scope) -> int | None:
    """How many items the variable is proven to hold."""
    binding = _only_binding(sequence, scope)
    match assigned_value(binding) if binding else None:
        case ast.Tuple(elts=items) if not any(isinstance(one, ast.Starred) for one in items):
            return len(items)
        case ast.Call(func=ast.Attribute(value=text, attr=method)) if method in _PARTITIONS:
            return 3 if exactly(text, scope, "str", "bytes") else None
        case ast.Call(func=function) if qualified(function, scope) in _PAIRS:
            return 2
    match _iterated(binding):
        case ast.Call(func=function, args=args, keywords=[]) if not any(isinstance(one, ast.Starred) for one in args):
            name = qualified(function, scope)
            if name == "builtins.zip":
                return len(args)
            if name in _RUNS_OF_PAIRS or _is_items(function, scope):
                return 2
    return None


def _is_items(function: ast.expr, scope: Scope) -> bool:
    return isinstance(function, ast.Attribute) and function.attr == "items" and exactly(function.value, scope, "dict")


def _is_likely(sequence: str, count: int, scope: Scope) -> bool:
    """Whether the variable is most likely to hold so many items: by its annotation, or as no other one is asked for."""
    binding = _only_binding(sequence, scope)
    match binding:
        case ast.arg(annotation=ast.Subscript(slice=ast.Tuple(elts=kinds)) as annotation):
            is_open = any(isinstance(one, ast.Constant) and one.value is ... for one in kinds)
            return annotated_type(annotation, scope_of(annotation)) == "tuple" and not is_open and len(kinds) == count
        case ast.arg(annotation=None):
            return len(list(scope.all_loads(sequence))) == count
    iterable = _iterated(binding)
    if iterable is None:
        return False
    is_items = (
        isinstance(iterable, ast.Call) and isinstance(iterable.func, ast.Attribute) and iterable.func.attr == "items"
    )
    return (is_items and count == 2) or len(list(scope.all_loads(sequence))) == count


def _only_binding(name: str, scope: Scope) -> ast.AST | None:
    """What binds a variable of this function, if nothing else does."""
    bindings = scope.bindings.get(name, [])
    if scope.kind != "function" or len(bindings) != 1 or name in scope.globals | scope.nonlocals:
        return None
    return bindings[0]


def _iterated(binding: ast.AST | None) -> ast.expr | None:
    """What a loop whose variable `binding` is runs over."""
    around = parent(binding) if binding is not None else None
    return around.iter if isinstance(around, ast.For) and around.target is binding else None


@sequence_unpacking.fix
def unpack(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    items, is_certain = finding.about
    assert isinstance(items, _Items)
    stretch = Range(rewrite.place(finding.node).start, rewrite.place(items.last).end)
    if comments_within(stretch, rewrite.walked):
        return None
    text = f"{', '.join(items.names)} = {items.sequence}"
    return (safe if is_certain else review)(use(text, "Unpack it"), Edit(stretch, text))
