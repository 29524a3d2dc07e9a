"""Mutable attribute shared by all instances

## What it does
Reports a list, dict, set or another mutable collection in a class body that a method changes in place through `self`,
while no method ever gives an instance its own.

Attributes meant for the class are left alone: `ClassVar`, names in capitals, names that speak of caches, registries and
the like, private dicts that start empty, and what some code reaches through the class, as `Cart.items`, `cls.items` or
`self.__class__.items`. So are classes with decorators or keywords, and those whose bases collect their attributes, such
as enums, models and forms; with any other base that is not known the finding is information.

## Why
A class body runs once. Its list is the class's, and every instance finds the same one: what one cart gets, all carts
hold.

## Example
    class Cart:
        items = []

        def add(self, item):
            self.items.append(item)

Better:
    class Cart:
        def __init__(self):
            self.items = []

        def add(self, item):
            self.items.append(item)

## When the fix is safe
Never without a look: `Cart.items` is gone afterwards. An `__init__` is added only to a class that has none and no base;
there is no fix where the `__init__` to extend is that of a top-level class, or where the value reads other names of the
class.

## Asked as
- class variable shared between all instances
- list in the class body, every object has the same list
- changing one object changes the others as well
- attribute defined outside of __init__ is common to all objects
- RUF012 mutable class attributes should be annotated with ClassVar
- self.items.append adds to all instances, new object already has items
- class attribute against instance attribute with a mutable value
- every instance sees the items that were added to another one, accounts, players or pets have the same list
- list written directly under class, not in __init__
- new object is created with the old object's contents
- where to put instance variables, class level list or dict
- one user's shopping basket shows up for another user
- all my instances end up with the same grades, items, friends or tags
- list below the class line is filled by everyone

## References
- The Python Tutorial, 9.3.5 Class and Instance Variables
"""

import ast
import re
from collections.abc import Sequence

from chatbt.analysis.finding import Finding, Severity
from chatbt.analysis.flow import siblings
from chatbt.analysis.names import qualified
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import makes_mutable
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, critic

_FOR_THE_CLASS = re.compile(r"cache|memo|regist|instances|shared|singleton|pool|seen|warned|saved|refs|__\w+__$")
_COLLECTING = re.compile(
    r"Enum|Flag|Model|Schema|Struct|Form|Serializer|Document|TypedDict|NamedTuple|Protocol|Settings|Config|Mixin|"
    r"^type$|Meta|Table|Resource|Component|View|Admin|Manager"
)
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@critic("CC024", group="bug", since="0.1", stability="preview", ruff=("RUF012",))
def shared_mutable_class_attribute(statement: ast.Assign | ast.AnnAssign, scope: Scope) -> Findings:
    if scope.kind != "class" or statement.value is None:
        return
    name = _name(statement)
    kind = makes_mutable(statement.value, scope) if name else None
    if name is None or kind is None or name.isupper() or _FOR_THE_CLASS.search(name.lower()):
        return
    if isinstance(statement, ast.AnnAssign) and _is_class_variable(statement.annotation, scope):
        return
    if len(scope.meanings_of(name)) > 1 or _is_like_a_cache(name, statement.value):
        return
    facts = scope.class_facts()
    if facts.decorators or facts.keywords or name in facts.self_bound or f"cls.{name}" in facts.self_mutated:
        return
    if not {name, f"{name}[]"} & facts.self_mutated or any(_COLLECTING.search(base) for base in facts.bases):
        return
    if _is_reached_by_name(f"{facts.name}.{name}", scope):
        return
    severity = Severity.INFORMATION if set(facts.bases) - {"object"} else None
    kind = kind.rpartition(".")[2]
    yield Finding(
        statement.value,
        f"all instances share this {kind}: what a method changes through `self.{name}` changes for every one",
        severity,
        about=statement,
    )


def _name(statement: ast.Assign | ast.AnnAssign) -> str | None:
    target = statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]
    alone = isinstance(statement, ast.AnnAssign) or len(statement.targets) == 1
    return target.id if alone and isinstance(target, ast.Name) else None


def _is_like_a_cache(name: str, value: ast.expr) -> bool:
    """Whether the collection is as likely shared on purpose: a private dict that starts empty."""
    return name.startswith("_") and isinstance(value, ast.Dict) and not value.keys


def _is_reached_by_name(member: str, scope: Scope) -> bool:
    """Whether some code gets at the attribute as `Class.attribute`."""
    if scope.module.used_elsewhere(member):
        return True
    name, _, attribute = member.partition(".")
    owner = (scope.parent or scope).find(name)
    return any(
        isinstance(around := parent(load), ast.Attribute) and around.attr == attribute for load in owner.all_loads(name)
    )


def _is_class_variable(annotation: ast.expr, scope: Scope) -> bool:
    if isinstance(annotation, ast.Constant):
        return "ClassVar" in str(annotation.value)
    node = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    return (qualified(node, scope) or dotted(node)).rpartition(".")[2] in ("ClassVar", "Final")


@shared_mutable_class_attribute.fix
def make_it_in_init(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    statement = finding.about
    if scope.module.used_elsewhere(_name(statement) or ""):
        return None
    run = _run(statement)
    moved = [one for one in run if isinstance(one, ast.Assign | ast.AnnAssign) and _is_found(one, scope)]
    if not all(_can_move(one, scope, rewrite) for one in moved):
        return None
    names = " and ".join(f"`{_name(one)}`" for one in moved)
    title = f"Make {names} in `__init__`, for each instance"
    inits = [one for one in scope.bindings.get("__init__", []) if isinstance(one, ast.FunctionDef)]
    if len(scope.meanings_of("__init__")) > len(inits) or len(inits) > 1:
        return None
    if inits:
        edits = _into(inits[0], moved, rewrite)
        return review(title, *edits, *(rewrite.remove(one) for one in moved)) if edits else None
    if scope.find("__init__") is scope or set(scope.class_facts().bases) - {"object"}:
        return None
    return review(title, *_new_init(run, moved, rewrite))


def _run(statement: ast.stmt) -> list[ast.stmt]:
    """The members around `statement` with no definition between."""
    before, after = siblings(statement)
    run = [statement]
    for one in reversed(before):
        if isinstance(one, _Definition):
            break
        run.insert(0, one)
    for one in after:
        if isinstance(one, _Definition):
            break
        run.append(one)
    return run


def _is_found(statement: ast.Assign | ast.AnnAssign, scope: Scope) -> bool:
    return any(True for _ in shared_mutable_class_attribute.detect(statement, scope))


def _can_move(statement: ast.Assign | ast.AnnAssign, scope: Scope, rewrite: Rewrite) -> bool:
    """Whether the statement can stand in a method, and nothing in the class body reads what it binds."""
    if not rewrite.stands_alone(statement) or statement.value is None or _name(statement) in scope.loads:
        return False
    nodes = list(ast.walk(statement.value))
    long_string = any(isinstance(one, ast.Constant | ast.JoinedStr) and _is_long(one) for one in nodes)
    return not long_string and not any(
        isinstance(one, ast.Name) and scope.find(one.id) is scope for one in nodes
    )  # fmt: skip


def _is_long(node: ast.expr) -> bool:
    return node.end_lineno != node.lineno


def _into(init: ast.FunctionDef, moved: Sequence[ast.stmt], rewrite: Rewrite) -> list[Edit]:
    """The edit that makes the attributes in an `__init__`: behind its call of the base's, else first of all."""
    parameters = [*init.args.posonlyargs, *init.args.args]
    if not parameters or not rewrite.stands_alone(init.body[0]):
        return []
    lines = _lines(moved, parameters[0].arg, "", rewrite)
    docstring = isinstance(init.body[0], ast.Expr) and isinstance(init.body[0].value, ast.Constant)
    above = next((one for one in init.body if _calls_base(one)), init.body[0] if docstring else None)
    if above is None:
        return [rewrite.lines_before(init.body[0], *lines)]
    return [rewrite.lines_behind(above, *lines)] if rewrite.stands_alone(above) else []


def _calls_base(statement: ast.stmt) -> bool:
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "__init__"


def _new_init(run: Sequence[ast.stmt], moved: Sequence[ast.stmt], rewrite: Rewrite) -> list[Edit]:
    """The edits that put an `__init__` behind the run of members, in the place of the last one if it moves."""
    last = run[-1]
    if not rewrite.stands_alone(last):
        return []
    indent = rewrite.indent(last)
    lines = ["def __init__(self):", *_lines(moved, "self", _unit(last, indent, rewrite), rewrite)]
    edits = [rewrite.remove(one) for one in moved if one is not last]
    if last not in moved:
        return [*edits, rewrite.lines_behind(last, "", *lines)]
    start, end = rewrite.place(last)
    blank = len(run) > len(moved) and rewrite.line(start.line - 1).strip()
    head = rewrite.newline if blank else ""
    text = head + rewrite.newline.join(indent + line for line in lines)
    stop = Position(end.line, len(rewrite.line(end.line).encode("utf-8", "surrogatepass")))
    return [*edits, Edit(Range(Position(start.line, 0), stop), text)]


def _unit(member: ast.stmt, indent: str, rewrite: Rewrite) -> str:
    """By how much a block of this class is indented."""
    around = parent(member)
    outer = rewrite.indent(around) if isinstance(around, ast.ClassDef) and rewrite.stands_alone(around) else ""
    return indent.removeprefix(outer) or "    "


def _lines(moved: Sequence[ast.stmt], receiver: str, unit: str, rewrite: Rewrite) -> list[str]:
    """The statements as they read in a method, relative to the indentation that they get."""
    lines: list[str] = []
    for one in moved:
        first, *rest = rewrite.reindented(one, unit)
        lines += [f"{unit}{receiver}.{first.removeprefix(unit)}", *rest]
    return lines
