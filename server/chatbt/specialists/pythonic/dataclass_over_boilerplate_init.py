"""A dataclass instead of an `__init__` that copies its parameters

## What it does
Finds a class whose `__init__` does nothing but keep every parameter under its own name, and which has no other members
than `__repr__`, `__str__` and `__eq__`.

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
are compared field by field. The members of a class at the top of a module are checked one by one, and it has no
fix; one inside a function has.

## References
- The Python Standard Library, dataclasses
- PEP 557, Data Classes
"""

import ast
from collections.abc import Sequence

from chatbt.analysis.finding import Finding
from chatbt.analysis.outer import ClassFacts
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.layout import line_end
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, pythonic

_OF_DATA = frozenset({"__init__", "__repr__", "__str__", "__eq__"})


@pythonic("PY036", since="0.1", stability="preview", ruff=("B903",))
def dataclass_over_boilerplate_init(function: ast.FunctionDef, scope: Scope) -> Findings:
    if function.name != "__init__" or scope.kind != "class" or function.decorator_list:
        return
    names = _copied(function)
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


def _copied(function: ast.FunctionDef) -> list[str]:
    """The names of the parameters, if the body does nothing but keep each under its name; else none."""
    arguments = function.args
    if arguments.posonlyargs or arguments.vararg or arguments.kwonlyargs or arguments.kwarg or not arguments.args:
        return []
    receiver, *parameters = (one.arg for one in arguments.args)
    kept = [_kept(statement, receiver) for statement in function.body]
    if sorted(kept) != sorted(parameters) or not all(_is_constant(one) for one in arguments.defaults):
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


def _is_constant(default: ast.expr) -> bool:
    """Whether a default is no object that the class would be refused for, or that is made anew."""
    match default:
        case ast.Constant() | ast.Name() | ast.Attribute() | ast.UnaryOp(operand=ast.Constant()):
            return True
        case ast.Tuple(elts=elements):
            return all(_is_constant(one) for one in elements)
    return False


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
    function, class_ = finding.node, scope.node
    assert isinstance(function, ast.FunctionDef)
    if not isinstance(class_, ast.ClassDef) or not (rewrite.stands_alone(class_) and rewrite.stands_alone(function)):
        return None
    end = rewrite.place(function).end
    start = rewrite.place(function).start
    if comments_within(Range(start, line_end(end.line, rewrite)), rewrite.walked):
        return None
    decorator = rewrite.imported(scope, "dataclasses", "dataclass")
    fields = _fields(function, scope, rewrite)
    if fields is None or decorator is None:
        return None
    text = (rewrite.newline + rewrite.indent(function)).join(fields)
    return review(
        "Make it a dataclass", rewrite.lines_before(class_, f"@{decorator}(eq=False)"), Edit(Range(start, end), text)
    )


def _fields(function: ast.FunctionDef, scope: Scope, rewrite: Rewrite) -> list[str] | None:
    """The parameters as fields; None if an annotation or a default does not fit on a line."""
    parameters = function.args.args[1:]
    defaults = function.args.defaults
    missing: list[ast.expr | None] = [None] * (len(parameters) - len(defaults))
    fields: list[str] = []
    for parameter, default in zip(parameters, [*missing, *defaults], strict=True):
        if parameter.annotation is not None:
            annotation: str | None = rewrite.text(parameter.annotation)
        else:
            annotation = rewrite.imported(scope, "typing", "Any")
        if annotation is None:
            return None
        value = f" = {rewrite.text(default)}" if default is not None else ""
        fields.append(f"{parameter.arg}: {annotation}{value}")
    return None if any("\n" in one or "\r" in one for one in fields) else fields
