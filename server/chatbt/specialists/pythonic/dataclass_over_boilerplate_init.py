"""A dataclass instead of an `__init__` that copies its parameters

## What it does
Finds a class whose `__init__` does nothing but keep every parameter, each with a type, under its own name, and which
has no other members than `__repr__` and `__str__`.

## Why
Every name is written three times, and a field that is added in two of the places is a bug. A dataclass writes each
once, with its type and default, makes the same `__init__`, and a `__repr__` that shows what an object holds.

## Example
    class Point:
        def __init__(self, x: float, y: float = 0.0):
            self.x = x
            self.y = y

Better:
    from dataclasses import dataclass


    @dataclass(eq=False)
    class Point:
        x: float
        y: float = 0.0

## When the fix is safe
Never without a look: `repr()` changes. `eq=False` keeps objects equal only to themselves, and hashable; without it they
are compared field by field. There is no fix where a comment would be lost, or a field's default would hide a name that
a type needs.

## Asked as
- class with only __init__ that assigns self.x = x
- boilerplate constructor, dataclass, avoid writing self.a = a many times
- plain data holder, struct or record in Python, POJO
- automatic __init__, __repr__ and __eq__
- assign all constructor arguments to attributes automatically
- R0903 too-few-public-methods, B903
- namedtuple or dataclass for a simple object with some fields
- def __init__(self, a, b, c): self.a = a, self.b = b, self.c = c is tedious
- so much typing in constructors, shorter class for data only
- class just holds values, point, person, address
- repr and comparison of a simple class for free
- self.width = width; self.height = height for each class, must I type it
- class with ten parameters in the constructor that are only stored

## References
- The Python Standard Library, dataclasses
- PEP 557, Data Classes
"""

import ast
from collections.abc import Sequence

from chatbt.analysis.finding import Finding
from chatbt.analysis.hashing import is_hashable
from chatbt.analysis.outer import ClassFacts
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.layout import line_end
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, pythonic

_OF_DATA = frozenset({"__init__", "__repr__", "__str__"})


@pythonic("PY036", since="0.1", ruff=("B903",))
def dataclass_over_boilerplate_init(function: ast.FunctionDef, scope: Scope) -> Findings:
    if function.name != "__init__" or scope.kind != "class" or function.decorator_list:
        return
    names = _copied(function, scope)
    if len(names) < 2 or any(one.startswith("__") for one in names):
        return
    facts = scope.class_facts()
    if not _is_plain(facts, names):
        return
    what = " and ".join(f"`{one}`" for one in names) if len(names) < 4 else f"its {len(names)} parameters"
    yield Finding(
        function,
        f"all that `{facts.name}.__init__` does is to keep {what}",
        stretch=Range.of(
            function.lineno, function.col_offset, function.lineno, function.col_offset + len("def __init__")
        ),
    )


def _copied(function: ast.FunctionDef, scope: Scope) -> list[str]:
    """The names of the parameters, if each has a type and the body does nothing but keep them; else none."""
    arguments = function.args
    if any(one.annotation is None for one in arguments.args[1:]):
        return []
    if arguments.posonlyargs or arguments.vararg or arguments.kwonlyargs or arguments.kwarg or not arguments.args:
        return []
    receiver, *parameters = (one.arg for one in arguments.args)
    kept = [_kept(statement, receiver) for statement in function.body]
    if sorted(kept) != sorted(parameters) or not all(is_hashable(one, scope) for one in arguments.defaults):
        return []
    return parameters


def _kept(statement: ast.stmt, receiver: str) -> str:
    """The `x` of `self.x = x`; "" for any other statement."""
    match statement:
        case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=owner), attr=name)], value=ast.Name(id=given)):
            pass
        case ast.AnnAssign(target=ast.Attribute(value=ast.Name(id=owner), attr=name), value=ast.Name(id=given)):
            pass
        case _:
            return ""
    return name if owner == receiver and given == name else ""


def _is_plain(facts: ClassFacts, names: Sequence[str]) -> bool:
    """Whether the class is only there to hold these attributes: no base, no other member, nothing that changes them.

    One that calls itself a base is there for others to build on.
    """
    if set(facts.bases) - {"object"} or facts.keywords or facts.decorators or facts.self_mutated:
        return False
    if facts.name.lower().strip("_").startswith(("base", "abstract")) or facts.name.lower().endswith(("base", "mixin")):
        return False
    return facts.self_bound == set(names) and facts.members <= _OF_DATA


@dataclass_over_boilerplate_init.fix
def declare_fields(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    function = finding.node
    assert isinstance(function, ast.FunctionDef)
    class_ = scope.node if isinstance(scope.node, ast.ClassDef) else None
    if not rewrite.stands_alone(function) or (class_ is not None and not rewrite.stands_alone(class_)):
        return None
    whole = rewrite.place(function)
    if comments_within(Range(whole.start, line_end(whole.end.line, rewrite)), rewrite.walked):
        return None
    name = rewrite.imported(scope, "dataclasses", "dataclass")
    fields = _fields(function, rewrite)
    if not fields or name is None:
        return None
    decorator = f"@{name}(eq=False)"
    edits = [Edit(whole, (rewrite.newline + rewrite.indent(function)).join(fields))]
    if class_ is not None:
        edits.insert(0, rewrite.lines_before(class_, decorator))
    else:
        rewrite.decorators.append(decorator)
    return review("Make it a dataclass", *edits)


def _fields(function: ast.FunctionDef, rewrite: Rewrite) -> list[str]:
    """The parameters as fields; none if one does not fit on a line, or hides a name that it or a later one needs."""
    parameters = function.args.args[1:]
    defaults = function.args.defaults
    missing: list[ast.expr | None] = [None] * (len(parameters) - len(defaults))
    fields: list[str] = []
    hidden: set[str] = set()
    for parameter, default in zip(parameters, [*missing, *defaults], strict=True):
        assert parameter.annotation is not None
        hidden |= {parameter.arg} if default is not None else set()
        parts = [one for one in (parameter.annotation, default) if one is not None]
        used = {node.id for part in parts for node in ast.walk(part) if isinstance(node, ast.Name)}
        if used & hidden or any(part.lineno != part.end_lineno for part in parts):
            return []
        fields.append(f"{parameter.arg}: {' = '.join(map(rewrite.text, parts))}")
    return fields
